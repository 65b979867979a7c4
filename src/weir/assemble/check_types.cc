#include "weir/assemble/check_types.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <string_view>

namespace weir {
namespace {

// Of files that have sound and no picture.
constexpr std::array<std::string_view, 12> kSounds = {".aac",  ".aiff", ".flac", ".m4a",
                                                      ".mp2",  ".mp3",  ".oga",  ".ogg",
                                                      ".opus", ".wav",  ".weba", ".wma"};

bool is_sound(const std::string& path) {
  std::string ending = std::filesystem::path(path).extension().string();
  for (char& c : ending) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return std::find(kSounds.begin(), kSounds.end(), ending) != kSounds.end();
}

// The first step that its frames come to.
std::string first_step(const PipelineSpec& spec, const SourceSpec& source) {
  return source.steps.empty() ? spec.steps.front().first : source.steps.front();
}

Error mismatch(const PipelineSpec& spec, const std::string& name, const SourceSpec& source,
               const std::string& path, const std::vector<std::string>& place) {
  return Error(ErrorCode::kInvalidArgument,
               "'" + first_step(spec, source) + "' looks at pictures, and '" + name +
                   "' gives sound: " + std::filesystem::path(path).filename().string(),
               spec.place(place), "give it a video or pictures; no step looks at sound yet");
}

// Sources that come later, and those of a program, are not known here.
Status check_truth(const PipelineSpec& spec) {
  const auto is_scene = [](const auto& source) { return source.second.scene.has_value(); };
  if (std::any_of(spec.sources.begin(), spec.sources.end(), is_scene)) return {};
  for (const auto& [name, step] : spec.steps) {
    if (!step.truth || spec.sources.empty()) continue;
    return Error(ErrorCode::kInvalidArgument,
                 "'" + name + "' gives what a source knows, and none of them knows anything",
                 spec.place({"steps", name, "truth"}), "a scene does: 'scene: {people: 8}'");
  }
  return {};
}

}  // namespace

Status check_types(const PipelineSpec& spec) {
  WEIR_TRY(check_truth(spec));
  for (const auto& [name, source] : spec.sources) {
    if (is_sound(source.video.path)) {
      return mismatch(spec, name, source, source.video.path, {"sources", name, "video"});
    }
    for (std::size_t i = 0; i < source.pictures.size(); ++i) {
      const std::string& path = source.pictures[i].path;
      if (!is_sound(path)) continue;
      return mismatch(spec, name, source, path, {"sources", name, "pictures", std::to_string(i)});
    }
  }
  return {};
}

}  // namespace weir
