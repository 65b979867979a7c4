#include "weir/sink/text_sink.h"

#include <utility>

#include "weir/sink/sink_path.h"
#include "weir/sink/stream_files.h"

namespace weir {
namespace {

class TextSink final : public Sink {
 public:
  TextSink(SinkSpec spec, const TextFormat& format, StreamFiles files)
      : spec_(std::move(spec)), format_(format), files_(std::move(files)) {}

  Status write(const Task& task) override {
    text_.clear();
    format_.append(text_, task, spec_);
    // A stream without any line has a file as well.
    return files_.append(task.stream, text_);
  }
  Status finish_stream(std::string_view stream) override { return files_.finish_stream(stream); }
  Status finish() override { return files_.finish(); }

 private:
  SinkSpec spec_;
  TextFormat format_;
  StreamFiles files_;
  std::string text_;
};

}  // namespace

Result<std::unique_ptr<Sink>> open_text_sink(const SinkSpec& spec, const TextFormat& format,
                                             std::stop_token give_up) {
  WEIR_ASSIGN(StreamFiles files,
              StreamFiles::open(spec.path(format.format), format.head,
                                takes_one_stream(format.format), std::move(give_up)));
  return std::unique_ptr<Sink>(std::make_unique<TextSink>(spec, format, std::move(files)));
}

}  // namespace weir
