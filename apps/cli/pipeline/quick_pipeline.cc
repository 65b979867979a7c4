#include "apps/cli/pipeline/quick_pipeline.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <utility>

#include "apps/cli/find_model.h"
#include "apps/cli/infer/model_argument.h"
#include "weir/base/json_text.h"
#include "weir/source/picture_files.h"
#include "weir/source/sequence_files.h"

namespace weir::cli {
namespace {

namespace fs = std::filesystem;
using config::Node;
using Entries = std::vector<Node::Entry>;

constexpr const char* kObjects = "objects";
constexpr const char* kTracks = "tracks";

void add(Entries& map, const std::string& key, Node value) {
  map.push_back({key, std::move(value), {}});
}
void add(Entries& map, const std::string& key, const std::string& value) {
  add(map, key, Node::string(value));
}

// A name that the map does not have yet.
std::string free_key(const Entries& map, const std::string& wanted) {
  std::string name = wanted;
  const auto taken = [&](const Node::Entry& entry) { return entry.key == name; };
  for (int i = 2; std::any_of(map.begin(), map.end(), taken); ++i) {
    name = wanted + "-" + std::to_string(i);
  }
  return name;
}

// What stands for a model in the file; the key under which it stands.
Result<std::string> add_model(Entries& models, const std::string& model) {
  if (is_spec_file(model)) {
    return Error(ErrorCode::kInvalidArgument, "a spec cannot stand on the command line here", model,
                 "write a pipeline with `include`, or name the model's file");
  }
  std::error_code unknown;
  Entries spec;
  add(spec, fs::exists(model, unknown) ? "file" : "use", model);
  const std::string name = free_key(models, step_name(model));
  add(models, name, Node::map(std::move(spec)));
  return name;
}

// Which kind of source a word means: the key of its path. What is there goes before what its name
// may be a pattern of.
std::string kind_of(const std::string& path) {
  std::error_code unknown;
  if (fs::is_directory(path, unknown)) return "pictures";
  if (fs::exists(path, unknown)) return is_picture_name(path) ? "pictures" : "video";
  if (check_sequence_name(path)) return "sequence";
  const bool pattern = path.find_first_of("*?[") != std::string::npos;
  return pattern || is_picture_name(path) ? "pictures" : "video";
}

// A name of a source: letters of any script, digits, '-' and '_' of the file's.
std::string source_name(const std::string& path) {
  std::string all = fs::path(path).stem().string();
  if (all.empty()) all = fs::path(path).parent_path().filename().string();
  std::string name;
  for (std::string_view rest = all; !rest.empty();) {
    const std::size_t length = utf8_length(rest);
    const auto first = static_cast<unsigned char>(rest.front());
    const bool plain = length > 1 || std::isalnum(first) != 0 || first == '-' || first == '_';
    name += length > 0 && plain ? rest.substr(0, length) : std::string_view("_");
    rest.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return name.empty() ? "source" : name;
}

Node names(const std::vector<std::string>& all) {
  std::vector<Node> list;
  for (const std::string& name : all) list.push_back(Node::string(name));
  return Node::list(std::move(list));
}

Result<Node> steps_of(const QuickOptions& options, Entries& models) {
  Entries steps;
  Entries objects;
  WEIR_ASSIGN(const std::string detector, add_model(models, options.detect));
  add(objects, "model", detector);
  if (options.score >= 0) add(objects, "score", Node::number(options.score));
  if (!options.keep.empty()) {
    add(objects, "keep", Node::map({{"labels", names(options.keep), {}}}));
  }
  add(steps, kObjects, Node::map(std::move(objects)));
  std::string on = kObjects;
  if (!options.track.empty()) {
    add(steps, kTracks,
        Node::map({{"track", Node::string(options.track), {}}, {"on", Node::string(on), {}}}));
    on = kTracks;
  }
  for (const std::string& model : options.then) {
    WEIR_ASSIGN(const std::string name, add_model(models, model));
    add(steps, free_key(steps, name),
        Node::map({{"model", Node::string(name), {}}, {"on", Node::string(on), {}}}));
  }
  return Node::map(std::move(steps));
}

// A video of single pictures would be none, and a picture of each frame too many: where there are
// both, each has its own sink.
Node sinks_of(const QuickOptions& options, const std::vector<std::string>& videos,
              const std::vector<std::string>& pictures) {
  std::vector<Node> sinks;
  const auto sink = [&](const char* format, const std::string& path,
                        const std::vector<std::string>& sources = {}) {
    Entries entries;
    add(entries, format, path);
    if (!sources.empty()) add(entries, "sources", names(sources));
    sinks.push_back(Node::map(std::move(entries)));
  };
  if (options.save.empty()) {
    sink("jsonl", "-");
    return Node::list(std::move(sinks));
  }
  const fs::path folder = options.save;
  const bool both = !videos.empty() && !pictures.empty();
  const std::vector<std::string> all;
  sink("jsonl", (folder / "results.jsonl").string());
  if (!videos.empty()) sink("video", (folder / "{source}.mp4").string(), both ? videos : all);
  if (!pictures.empty()) sink("pictures", (folder / "{stem}.jpg").string(), both ? pictures : all);
  return Node::list(std::move(sinks));
}

}  // namespace

std::vector<Option> QuickOptions::table() {
  return {{.flags = "--detect",
           .target = &detect,
           .help = "Without a file: a model for all of the media that are named",
           .value = "MODEL"},
          {.flags = "--track",
           .target = &track,
           .help = "Follow what --detect finds",
           .value = "bytetrack|sort"},
          {.flags = "--then",
           .target = &then,
           .help = "A model that looks at each finding; may be given again",
           .value = "MODEL"},
          {.flags = "--keep",
           .target = &keep,
           .help = "Only this label of --detect; may be given again",
           .value = "LABEL"},
          {.flags = "--score",
           .target = &score,
           .help = "How sure --detect must be, from 0 to 1",
           .value = "SCORE"},
          {.flags = "--save",
           .target = &save,
           .help = "Write results, and media with what was found drawn in; default: JSON to stdout",
           .value = "FOLDER"}};
}

bool QuickOptions::any() const {
  return !detect.empty() || !track.empty() || !then.empty() || !keep.empty() || score >= 0 ||
         !save.empty();
}

bool is_pipeline_file(const std::string& word) {
  return is_spec_file(word);
}

Result<Node> quick_pipeline(const QuickOptions& options, const std::vector<std::string>& media) {
  if (options.detect.empty()) {
    return Error(ErrorCode::kInvalidArgument, "no pipeline, and no model for the media",
                 media.empty() ? "" : media.front(),
                 "name a pipeline's file (.yaml), or a model with --detect");
  }
  Entries models;
  Entries sources;
  WEIR_ASSIGN(Node steps, steps_of(options, models));
  std::vector<std::string> videos;
  std::vector<std::string> pictures;
  for (const std::string& path : media) {
    const std::string kind = kind_of(path);
    const std::string name = free_key(sources, source_name(path));
    (kind == "video" ? videos : pictures).push_back(name);
    add(sources, name, Node::map({{kind, Node::string(path), {}}}));
  }
  Entries root;
  add(root, "models", Node::map(std::move(models)));
  add(root, "steps", std::move(steps));
  add(root, "sources", Node::map(std::move(sources)));
  add(root, "sinks", sinks_of(options, videos, pictures));
  return Node::map(std::move(root));
}

}  // namespace weir::cli
