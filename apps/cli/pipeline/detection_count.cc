#include "apps/cli/pipeline/detection_count.h"

namespace weir::cli {

DetectionCount::DetectionCount(const PipelineSpec& spec) {
  for (std::size_t i = 0; i < spec.steps.size(); ++i) {
    const StepSpec& step = spec.steps[i].second;
    if (!step.model.empty() && step.on.empty()) whole_frame_.push_back({i, step.every});
  }
}

void DetectionCount::see(const Task& task) {
  if (task.outcome != Outcome::kDone) return;
  Stream& stream = streams_[task.stream];
  if (stream.steps.empty()) {
    for (const Step& step : whole_frame_) {
      stream.steps.emplace_back(step.every, /*once=*/false, /*forget_after=*/INT64_MAX);
    }
  }
  bool looked = false;
  for (std::size_t i = 0; i < whole_frame_.size(); ++i) {
    if (!task.todo.contains(whole_frame_[i].number)) continue;
    looked = stream.steps[i].is_due(/*track=*/-1, task.seq, task.time_ms) || looked;
  }
  if (looked) ++stream.detections;
}

uint64_t DetectionCount::of(const std::string& stream) const {
  const auto found = streams_.find(stream);
  return found == streams_.end() ? 0 : found->second.detections;
}

}  // namespace weir::cli
