// A source and a sink of your own around a pipeline: own_source_and_sink FILE.
//
// Workers fetch from the source, one at a time, when there is room; results go to the sink in the
// order of the stream. Nothing is posted, and nothing piles up.
#include <cstdio>
#include <map>
#include <string>

#include "flat_picture.h"
#include "weir/assemble/pipeline.h"
#include "weir/sink/sink.h"

namespace {

// Thirty frames: ten red, ten green, ten blue.
class Rainbow final : public weir::Source {
 public:
  std::optional<weir::SourceInput> next() override {
    if (frame_ == 30) return std::nullopt;
    const int colour = frame_ / 10;
    weir::SourceInput input;
    input.input = flat_picture(colour == 0 ? 250 : 0, colour == 1 ? 250 : 0, colour == 2 ? 250 : 0);
    input.time_ms = frame_ * 40.0;
    input.number = frame_++;
    return input;
  }

 private:
  int frame_ = 0;
};

// How often each label was found.
class Tally final : public weir::Sink {
 public:
  weir::Status write(const weir::Task& task) override {
    if (task.error) return *task.error;
    for (const weir::Finding& finding : task.findings) {
      ++counts_[std::string(task.label_name(finding, *finding.best))];
    }
    return {};
  }
  weir::Status finish() override {
    for (const auto& [label, count] : counts_) std::printf("%s %d\n", label.c_str(), count);
    return {};
  }

 private:
  std::map<std::string, int> counts_;
};

weir::Status run(const char* file) {
  Rainbow source;  // before the pipeline, whose workers read from it
  Tally sink;
  WEIR_ASSIGN(auto runtime, weir::Runtime::create({}));
  WEIR_ASSIGN(weir::PipelineSpec spec, weir::read_pipeline_file(file));
  WEIR_ASSIGN(const auto pipe, weir::Pipeline::make(*runtime, std::move(spec)));
  weir::Status written;
  weir::Pipeline::StreamSpec stream;
  stream.name = "rainbow";
  stream.source = &source;
  stream.on_done = [&](const weir::Task& task, weir::flow::StreamId) {
    if (written) written = sink.write(task);
  };
  WEIR_TRY(pipe->open_stream(std::move(stream)));
  pipe->flow().drain();  // until the source has ended and all of it was written
  WEIR_TRY(std::move(written));
  return sink.finish();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return std::puts("usage: own_source_and_sink PIPELINE.yaml"), 2;
  const weir::Status status = run(argv[1]);
  if (!status) std::puts(status.error().to_string().c_str());
  return status ? 0 : weir::exit_code(status.error().code);
}
