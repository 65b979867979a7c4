#include <algorithm>
#include <utility>

#include "weir/sink/formats.h"
#include "weir/sink/sink_path.h"

namespace weir {
namespace {

// Passes on the findings of some steps only.
class StepFilter final : public Sink {
 public:
  StepFilter(std::vector<std::string> steps, std::unique_ptr<Sink> next)
      : steps_(std::move(steps)), next_(std::move(next)) {}

  Status write(const Task& task) override {
    Task part = task;
    std::erase_if(part.findings, [&](const Finding& finding) {
      return std::find(steps_.begin(), steps_.end(), task.step_name(finding)) == steps_.end();
    });
    return next_->write(part);
  }
  Status finish_stream(std::string_view stream) override { return next_->finish_stream(stream); }
  Status finish() override { return next_->finish(); }
  const WrittenFiles* files() const override { return next_->files(); }

 private:
  std::vector<std::string> steps_;
  std::unique_ptr<Sink> next_;
};

Result<std::unique_ptr<Sink>> open_format(SinkFormat format, const SinkSpec& spec,
                                          std::stop_token give_up) {
  switch (format) {
    case SinkFormat::kJsonl:
      return open_jsonl_sink(spec, std::move(give_up));
    case SinkFormat::kCsv:
      return open_csv_sink(spec, std::move(give_up));
    case SinkFormat::kMot:
      return open_mot_sink(spec, std::move(give_up));
    case SinkFormat::kCoco:
      return open_coco_sink(spec);
    case SinkFormat::kYolo:
      return open_yolo_sink(spec);
    case SinkFormat::kPictures:
      return open_picture_sink(spec);
    case SinkFormat::kCrops:
      return open_crop_sink(spec);
    case SinkFormat::kVideo:
      return open_video_sink(spec);
  }
  return Error(ErrorCode::kInternal, "an unknown format");
}

}  // namespace

Result<std::unique_ptr<Sink>> open_sink(const SinkSpec& spec, std::stop_token give_up) {
  WEIR_ASSIGN(const SinkFormat format, spec.format());
  if (auto path = sink_path(spec); !path) return std::move(path).error();
  WEIR_ASSIGN(std::unique_ptr<Sink> sink, open_format(format, spec, std::move(give_up)));
  if (spec.steps.empty()) return sink;
  return std::unique_ptr<Sink>(std::make_unique<StepFilter>(spec.steps, std::move(sink)));
}

}  // namespace weir
