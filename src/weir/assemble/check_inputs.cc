#include "weir/assemble/check_inputs.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "weir/sink/sink_path.h"
#include "weir/source/picture_files.h"
#include "weir/source/sequence_files.h"

namespace weir {
namespace {

namespace fs = std::filesystem;

// The same for two names of one folder.
fs::path whole_folder(const fs::path& folder) {
  std::error_code code;
  const fs::path normal = fs::absolute(folder.empty() ? "." : folder, code).lexically_normal();
  fs::path whole = fs::weakly_canonical(normal, code);
  return code ? normal : whole;
}

// A link at its end stays what it is.
std::string whole_path(const fs::path& path) {
  return (whole_folder(path.parent_path()) / path.filename()).string();
}

// What is wrong with a source is told by whoever opens it.
std::vector<PictureFile> pictures_of(const SourceSpec& source) {
  if (!source.sequence.empty()) {
    return expand_sequence(source.sequence.path, source.first).value_or(std::vector<PictureFile>());
  }
  std::vector<std::string> names;
  for (const config::FilePath& name : source.pictures) names.push_back(name.path);
  return expand_pictures(names);
}

}  // namespace

void InputFiles::add(const std::string& path) {
  const fs::path file(path);
  // Most lie in the folder of the one before, and there may be a hundred thousand of them.
  if (files_.empty() || file.parent_path() != folder_) {
    folder_ = file.parent_path();
    whole_folder_ = whole_folder(folder_);
  }
  files_.push_back({path, (whole_folder_ / file.filename()).string()});
}

InputFiles InputFiles::of(const PipelineSpec& spec) {
  InputFiles inputs;
  for (const auto& [name, source] : spec.sources) {
    if (!source.video.empty()) inputs.add(source.video.path);
    for (const PictureFile& picture : pictures_of(source)) {
      if (!picture.error) inputs.add(picture.path);
    }
  }
  return inputs;
}

const InputFiles::File* InputFiles::same_as(const std::string& path) const {
  // One file, whichever names it has; a pipe or a device is no file that could be lost.
  std::error_code code;
  if (!fs::is_regular_file(path, code)) return nullptr;
  const auto found = std::find_if(files_.begin(), files_.end(), [&](const File& file) {
    return fs::equivalent(path, file.path, code) && !code;
  });
  return found == files_.end() ? nullptr : &*found;
}

Status InputFiles::check_kept_by(const SinkSpec& sink, std::string_view source) const {
  WEIR_ASSIGN(const SinkFormat format, sink.format());
  WEIR_ASSIGN(PathTemplate path, sink_path(sink));
  if (!source.empty()) path = path.with("source", source);
  const File* lost = nullptr;
  if (path.has_names()) {
    // Such files are put in the place of what had their name, so the name is all that counts.
    const std::string folder = path.folder();
    const std::string whole = whole_path(folder.empty() ? "./" : folder);
    const auto found = std::find_if(files_.begin(), files_.end(), [&](const File& file) {
      return file.whole.starts_with(whole) &&
             path.could_be(folder + file.whole.substr(whole.size()));
    });
    if (found != files_.end()) lost = &*found;
  } else {
    lost = same_as(path.text());
  }
  if (lost == nullptr) return {};
  return Error(
      ErrorCode::kInvalidArgument,
      "'" + std::string(name(format)) + "' would write over " + lost->path + ", which is read",
      sink.path(format), "write into another folder");
}

Status InputFiles::check_kept_by(const std::string& path) const {
  if (same_as(path) == nullptr) return {};
  return Error(ErrorCode::kInvalidArgument, "it is read, and would be written over", path,
               "name another file to write");
}

Status check_inputs_are_kept(const PipelineSpec& spec) {
  const InputFiles inputs = InputFiles::of(spec);
  for (std::size_t i = 0; i < spec.sinks.size(); ++i) {
    const SinkSpec& sink = spec.sinks[i];
    WEIR_ASSIGN(const SinkFormat format, sink.format());
    for (const auto& [source, unused] : spec.sources) {
      Status kept = inputs.check_kept_by(sink, source);
      if (kept) continue;
      Error error = std::move(kept).error();
      error.where = spec.place({"sinks", std::to_string(i), std::string(name(format))});
      return error;
    }
  }
  return {};
}

}  // namespace weir
