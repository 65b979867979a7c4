#include "weir/sink/sink_path.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace weir {
namespace {

namespace fs = std::filesystem;

struct PathRule {
  std::string_view files;  // in messages: "videos"
  std::vector<std::string_view> names;
  std::vector<std::string_view> endings;  // the first is what a message proposes
  bool only_these = false;                // else also those that promise nothing else
  std::string_view in_folder = {};        // what the files of a folder are called; empty: no folder
};

// In the order of SinkFormat.
const PathRule& rule_of(SinkFormat format) {
  static const std::vector<std::string_view> picture = {"stem", "source", "seq"};
  static const std::array<PathRule, 8> rules = {{
      {"JSON Lines", {"source"}, {".jsonl", ".ndjson", ".json", ".txt"}},
      {"CSV files", {"source"}, {".csv", ".txt"}},
      {"MOT files", {"source"}, {".txt", ".csv"}},
      {"COCO files", {"source"}, {".json"}},
      {"YOLO labels", picture, {".txt"}, false, "{stem}.txt"},
      {"pictures", picture, {".jpg", ".png", ".jpeg"}, true, "{stem}.jpg"},
      {"pictures",
       {"stem", "source", "seq", "id", "step", "label", "track"},
       {".jpg", ".png", ".jpeg"},
       true,
       "{source}_{seq}_{id}_{label}.jpg"},
      {"videos", {"source"}, {".mp4", ".m4v"}, true},
  }};
  return rules[static_cast<std::size_t>(format)];
}

// Endings that promise something: who gives one to a sink that writes something else is mistaken.
bool promises(std::string_view ending) {
  static const std::vector<std::string_view> known = {
      ".jsonl", ".ndjson", ".json", ".csv", ".tsv", ".txt",  ".xml", ".yaml", ".yml",
      ".html",  ".md",     ".mp4",  ".m4v", ".avi", ".mov",  ".mkv", ".webm", ".mpg",
      ".jpg",   ".jpeg",   ".png",  ".bmp", ".gif", ".webp", ".tif", ".tiff", ".svg",
      ".pdf",   ".npy",    ".gz",   ".zip", ".mp3", ".wav"};
  return std::find(known.begin(), known.end(), ending) != known.end();
}

bool is_among(const std::vector<std::string_view>& endings, std::string_view ending) {
  return std::find(endings.begin(), endings.end(), ending) != endings.end();
}

// "{a.b}" and "v1.2" are no endings.
bool is_word(std::string_view ending) {
  return !ending.empty() &&
         ending.find_first_not_of("abcdefghijklmnopqrstuvwxyz", 1) == std::string_view::npos;
}

// Of an ending that is not the format's own.
bool is_wrong(const PathRule& rule, std::string_view ending) {
  if (promises(ending)) return true;
  return rule.only_these && (rule.in_folder.empty() || is_word(ending));
}

Error wrong_ending(const PathRule& rule, const std::string& path, const std::string& ending) {
  std::string hint = "end the path in " + std::string(rule.endings.front());
  if (rule.files == "pictures") hint += " or .png";
  if (!rule.in_folder.empty()) hint += ", or name a folder";
  return Error(ErrorCode::kUnsupported,
               std::string(rule.files) + " are not written as '" + ending + "'", path,
               std::move(hint));
}

}  // namespace

Result<PathTemplate> sink_path(const SinkSpec& spec) {
  WEIR_ASSIGN(const SinkFormat format, spec.format());
  const PathRule& rule = rule_of(format);
  const std::string& path = spec.path(format);
  const std::string ending = path.ends_with('/') ? "" : fs::path(path).extension().string();
  const bool own = is_among(rule.endings, ending);
  if (!own && is_wrong(rule, ending)) return wrong_ending(rule, path, ending);
  const bool folder = !own && !rule.in_folder.empty();
  return PathTemplate::parse(folder ? (fs::path(path) / rule.in_folder).string() : path,
                             rule.names);
}

bool takes_one_stream(SinkFormat format) {
  return format == SinkFormat::kMot || format == SinkFormat::kVideo;
}

}  // namespace weir
