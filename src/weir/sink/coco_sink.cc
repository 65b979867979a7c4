// COCO: a JSON file of all streams, or, where the path has {source}, one of each.
#include <map>
#include <memory>
#include <utility>

#include "weir/sink/coco_file.h"
#include "weir/sink/formats.h"
#include "weir/sink/sink_path.h"

namespace weir {
namespace {

class CocoSink final : public Sink {
 public:
  explicit CocoSink(PathTemplate path) : path_(std::move(path)) {}

  // So that a path that cannot be written is known before anything runs.
  Status open_the_one() {
    if (path_.has("source")) return {};
    auto opened = file_of_stream("");
    return opened ? Status() : Status(std::move(opened).error());
  }

  Status write(const Task& task) override {
    WEIR_ASSIGN(CocoFile * file, file_of_stream(path_.has("source") ? task.stream : ""));
    return file->write(task);
  }

  Status finish_stream(std::string_view stream) override {
    const auto found = files_.find(stream);
    if (!path_.has("source") || found == files_.end()) return {};
    WEIR_TRY(found->second.finish());
    files_.erase(found);
    return {};
  }

  Status finish() override {
    Status first;
    for (auto& [stream, file] : files_) {
      Status finished = file.finish();
      if (first && !finished) first = std::move(finished);
    }
    return first;
  }

 private:
  Result<CocoFile*> file_of_stream(const std::string& stream) {
    const auto found = files_.find(stream);
    if (found != files_.end()) return &found->second;
    const std::string path = path_.expand({{"source", stream}});
    for (const auto& [other, file] : files_) {
      if (file.path() != path) continue;
      return Error(ErrorCode::kInvalidArgument,
                   "the streams '" + other + "' and '" + stream + "' have one file", path,
                   "their names are the same but for signs that a path cannot have");
    }
    WEIR_ASSIGN(CocoFile file, CocoFile::open(path));
    return &files_.emplace(stream, std::move(file)).first->second;
  }

  const PathTemplate path_;
  std::map<std::string, CocoFile, std::less<>> files_;  // by stream; "": that of all
};

}  // namespace

Result<std::unique_ptr<Sink>> open_coco_sink(const SinkSpec& spec) {
  WEIR_ASSIGN(PathTemplate path, sink_path(spec));
  auto sink = std::make_unique<CocoSink>(std::move(path));
  WEIR_TRY(sink->open_the_one());
  return std::unique_ptr<Sink>(std::move(sink));
}

}  // namespace weir
