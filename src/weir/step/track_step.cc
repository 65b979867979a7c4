#include "weir/step/track_step.h"

#include <algorithm>
#include <utility>
#include <variant>
#include <vector>

#include "weir/ops/track/byte_tracker.h"
#include "weir/ops/track/sort_tracker.h"
#include "weir/step/work.h"

namespace weir {
namespace {

using flow::Slot;
using flow::StageResult;

ByteTrackParams byte_track_of(const TrackSpec& spec) {
  ByteTrackParams params;
  params.high = static_cast<float>(spec.high);
  params.low = static_cast<float>(spec.low);
  params.start = static_cast<float>(spec.start);
  params.match = static_cast<float>(spec.match);
  params.lost_frames = spec.lost_frames;
  params.per_label = spec.per_label;
  return params;
}

SortParams sort_of(const TrackSpec& spec) {
  SortParams params;
  params.score = static_cast<float>(spec.score);
  params.iou = static_cast<float>(spec.iou);
  params.min_hits = spec.min_hits;
  params.max_age = spec.lost_frames;
  params.per_label = spec.per_label;
  return params;
}

std::variant<ByteTracker, SortTracker> make_tracker(const TrackSpec& spec) {
  if (spec.by == TrackSpec::By::kSort) return SortTracker(sort_of(spec));
  return ByteTracker(byte_track_of(spec));
}

struct TrackState final : flow::StreamState {
  explicit TrackState(const TrackSpec& spec) : tracker(make_tracker(spec)) {}

  std::span<const Track> update(std::span<const Detection> seen, int64_t frames) {
    return std::visit([&](auto& by) { return by.update(seen, frames); }, tracker);
  }

  std::variant<ByteTracker, SortTracker> tracker;
  int64_t last_frame = -1;
  int64_t last_seq = -1;
  // What was given last, for tasks that bring nothing new.
  std::vector<Finding> findings;
  std::vector<FindingRef> origins;
  // Of one call.
  std::vector<FindingRef> candidates;
  std::vector<Detection> detections;
};

class TrackBody final : public flow::StageBody {
 public:
  explicit TrackBody(std::shared_ptr<const StepPlan> plan) : plan_(std::move(plan)) {}

  std::unique_ptr<flow::StreamState> open_stream() override {
    return std::make_unique<TrackState>(plan_->track);
  }

  StageResult run(Slot& slot, flow::StopToken) override {
    TaskWork& work = *slot.payload<TaskWork>();
    TrackState& state = static_cast<TrackState&>(*slot.stream_state());
    if (brings_nothing_new(work) && state.last_seq >= 0) {
      give_again(work, state);
    } else {
      follow(work, state);
    }
    return StageResult::done();
  }

 private:
  bool brings_nothing_new(const TaskWork& work) const {
    return std::all_of(plan_->on.begin(), plan_->on.end(),
                       [&](int32_t on) { return work.at(on).reused; });
  }

  int32_t label_of(FindingRef ref, const Finding& finding) const {
    if (!finding.best) return -1;
    const int32_t id = finding.best->label_id;
    if (plan_->label_map.empty() || id < 0) return id;
    const auto place = std::find(plan_->on.begin(), plan_->on.end(), ref.step) - plan_->on.begin();
    const std::vector<int32_t>& map = plan_->label_map[static_cast<std::size_t>(place)];
    return static_cast<std::size_t>(id) < map.size() ? map[static_cast<std::size_t>(id)] : -1;
  }

  void gather(const TaskWork& work, TrackState& state) const {
    state.candidates.clear();
    state.detections.clear();
    for (const int32_t on : plan_->on) {
      const std::vector<Finding>& findings = work.at(on).findings;
      for (std::size_t i = 0; i < findings.size(); ++i) {
        if (findings[i].box) state.candidates.push_back({on, static_cast<int32_t>(i)});
      }
    }
    plan_->keep.apply(work, state.candidates);
    for (const FindingRef ref : state.candidates) {
      const Finding& finding = *work.finding(ref);
      // What has no score was not doubted.
      const float score = finding.best ? finding.best->score : 1;
      state.detections.push_back({*finding.box, score, label_of(ref, finding)});
    }
  }

  void follow(TaskWork& work, TrackState& state) const {
    gather(work, state);
    const int64_t frames =
        state.last_frame < 0 ? 1 : std::max<int64_t>(1, work.frame - state.last_frame);
    state.last_frame = work.frame;
    state.last_seq = work.task.seq;
    StepWork& step = work.at(plan_->step);
    for (const Track& track : state.update(state.detections, frames)) {
      const FindingRef origin = state.candidates[static_cast<std::size_t>(track.detection)];
      Finding finding = *work.finding(origin);
      finding.step = plan_->step;
      finding.track = track.id;
      if (finding.best) finding.best->label_id = label_of(origin, finding);
      for (ClassScore& other : finding.others) {
        if (!plan_->label_map.empty()) other.label_id = -1;
      }
      step.findings.push_back(std::move(finding));
      step.origins.push_back(origin);
    }
    state.findings = step.findings;
    state.origins = step.origins;
  }

  void give_again(TaskWork& work, const TrackState& state) const {
    StepWork& step = work.at(plan_->step);
    step.reused = true;
    step.findings = state.findings;
    step.origins = state.origins;
    for (std::size_t i = 0; i < step.findings.size(); ++i) {
      Finding& finding = step.findings[i];
      if (finding.reused_from == Finding::kNone) finding.reused_from = state.last_seq;
      FindingRef& origin = step.origins[i];
      const auto count = static_cast<int32_t>(work.at(origin.step).findings.size());
      if (origin.index >= count) origin = {};
    }
  }

  const std::shared_ptr<const StepPlan> plan_;
};

}  // namespace

flow::StageSpec track_stage(std::shared_ptr<const StepPlan> plan) {
  flow::StageSpec stage;
  stage.name = plan->name;
  stage.step = plan->step;
  stage.kind = flow::StageKind::kSerial;
  stage.after = plan->after;
  stage.priority = plan->priority;
  stage.body = std::make_shared<TrackBody>(std::move(plan));
  return stage;
}

}  // namespace weir
