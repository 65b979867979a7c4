#include "weir/step/model_step.h"

#include <algorithm>
#include <utility>

#include "weir/step/cadence.h"
#include "weir/step/item_work.h"
#include "weir/step/lane_pool.h"
#include "weir/step/memory.h"
#include "weir/step/part_stages.h"

namespace weir {
namespace {

using flow::Slot;
using flow::StageBody;
using flow::StageResult;
using flow::StopToken;

using Plan = std::shared_ptr<const StepPlan>;

// Runs an item from beginning to end on one lane.
class WholeBody final : public StageBody {
 public:
  explicit WholeBody(Plan plan) : plan_(std::move(plan)) {}

  StageResult run(Slot& slot, StopToken) override {
    const ModelVersion& version = version_of(*plan_, slot);
    const ItemSource item = item_of(*plan_, slot);
    ItemResult& result = result_of(*plan_, slot);
    {
      const LanePool::Lease lane = plan_->seat.of<LanePool>(version).take();
      lane->run({&item, 1}, {&result, 1});
      version.count(1, lane->times().infer_ms);
    }
    if (result.status) give_found(*plan_, slot);
    return ended(*plan_, std::move(result.status));
  }

 private:
  const Plan plan_;
};

struct SplitState final : flow::StreamState {
  explicit SplitState(const StepPlan& plan)
      : cadence(plan.every, plan.per == PerSpec::kTrack, plan.forget_after) {}
  Cadence cadence;
  Unanswered unanswered;  // told by the join
};

// Chooses what to look at.
class SplitBody final : public StageBody {
 public:
  explicit SplitBody(Plan plan) : plan_(std::move(plan)) {}

  std::unique_ptr<flow::StreamState> open_stream() override {
    return std::make_unique<SplitState>(*plan_);
  }

  StageResult run(Slot& slot, StopToken) override {
    TaskWork& work = *slot.payload<TaskWork>();
    StepWork& step = work.at(plan_->step);
    gather(work, step.candidates);
    if (plan_->remembers()) {
      auto& state = static_cast<SplitState&>(*slot.stream_state());
      state.unanswered.take_back_all(state.cadence);
      choose(work, state.cadence);
      step.unanswered = &state.unanswered;
    } else {
      for (uint32_t i = 0; i < step.candidates.size(); ++i) step.asked.push_back(i);
    }
    step.expect_results(step.asked.size());
    if (keeps_tensors(*plan_, work)) step.kept.resize(step.asked.size());
    if (plan_->in_parts) step.parts.resize(step.asked.size());
    return StageResult::fan_out(static_cast<uint32_t>(step.asked.size()));
  }

 private:
  void gather(const TaskWork& work, std::vector<FindingRef>& candidates) const {
    if (!plan_->on_findings()) return candidates.push_back({});
    for (const int32_t on : plan_->on) {
      const std::size_t count = work.at(on).findings.size();
      for (std::size_t i = 0; i < count; ++i) candidates.push_back({on, static_cast<int32_t>(i)});
    }
    plan_->keep.apply(work, candidates);
  }

  void choose(TaskWork& work, Cadence& cadence) const {
    StepWork& step = work.at(plan_->step);
    const Task& task = work.task;
    const bool per_track = plan_->per == PerSpec::kTrack;
    step.reused = !per_track && !cadence.is_due(Finding::kNone, task.seq, task.time_ms);
    for (uint32_t i = 0; i < step.candidates.size(); ++i) {
      const int64_t track = per_track ? work.track_of(step.candidates[i]) : Finding::kNone;
      const bool due =
          per_track ? track == Finding::kNone || cadence.is_due(track, task.seq, task.time_ms)
                    : !step.reused;
      if (due) step.asked.push_back(i);
    }
    cadence.end_task(task.seq);
  }

  const Plan plan_;
};

struct JoinState final : flow::StreamState {
  explicit JoinState(const StepPlan& plan) : memory(plan) {}
  Memory memory;
};

// Gathers what was found, in the order of what was looked at.
class JoinBody final : public StageBody {
 public:
  explicit JoinBody(Plan plan) : plan_(std::move(plan)) {}

  std::unique_ptr<flow::StreamState> open_stream() override {
    return std::make_unique<JoinState>(*plan_);
  }

  // Where the step remembers, also for a task that failed or was dropped.
  StageResult run(Slot& slot, StopToken) override {
    TaskWork& work = *slot.payload<TaskWork>();
    if (plan_->remembers() && !is_answered(work)) {
      ask_again(work);
      return StageResult::done();
    }
    if (!plan_->on_findings()) keep_results(work);
    if (plan_->remembers()) {
      static_cast<JoinState&>(*slot.stream_state()).memory.answer(work);
    } else {
      give_all_results(*plan_, work);
    }
    return StageResult::done();
  }

 private:
  // Whether the split ran, and each item that it chose to its end.
  bool is_answered(const TaskWork& work) const {
    const StepWork& step = work.at(plan_->step);
    return step.unanswered != nullptr && std::ranges::find(step.answered, 0) == step.answered.end();
  }
  // Memory stays as it was.
  void ask_again(const TaskWork& work) const {
    const StepWork& step = work.at(plan_->step);
    if (step.unanswered == nullptr) return;
    for (const uint32_t asked : step.asked) {
      const int64_t track =
          plan_->per == PerSpec::kTrack ? work.track_of(step.candidates[asked]) : Finding::kNone;
      step.unanswered->add(track, work.task.seq);
    }
  }
  // Of the whole frame there is one result at most.
  void keep_results(TaskWork& work) const {
    StepWork& step = work.at(plan_->step);
    if (step.asked.empty()) return;
    step.findings.swap(step.results[0].findings);
    for (Finding& finding : step.findings) finding.step = plan_->step;
    keep_own(*plan_, work);
    step.results[0].findings.swap(step.findings);
    step.findings.clear();
  }

  const Plan plan_;
};

// One stage that does it all, or three.
std::vector<flow::StageSpec> run_stages(const Plan& plan) {
  if (plan->in_parts) return part_stages(plan);
  flow::StageSpec stage = infer_stage(*plan);
  stage.body = std::make_shared<WholeBody>(plan);
  return {std::move(stage)};
}

flow::StageSpec split_stage(const Plan& plan, flow::StageKind kind) {
  flow::StageSpec split;
  split.name = plan->name + ".split";
  split.step = plan->step;
  split.kind = kind;
  split.after = plan->after;
  split.fans_out = true;
  split.body = std::make_shared<SplitBody>(plan);
  return split;
}

flow::StageSpec join_stage(const Plan& plan, flow::StageKind kind) {
  flow::StageSpec join;
  join.name = plan->name + ".join";
  join.step = plan->step;
  join.kind = kind;
  join.joins = plan->name + ".split";
  join.join_policy = flow::JoinPolicy::kFailTask;
  join.always = plan->remembers();
  join.executor = plan->interpret_executor;
  join.body = std::make_shared<JoinBody>(plan);
  return join;
}

std::vector<flow::StageSpec> with_priority(const StepPlan& plan,
                                           std::vector<flow::StageSpec> stages) {
  for (flow::StageSpec& stage : stages) stage.priority = plan.priority;
  return stages;
}

}  // namespace

std::vector<flow::StageSpec> model_stages(const std::shared_ptr<const StepPlan>& plan) {
  std::vector<flow::StageSpec> run = run_stages(plan);
  if (!plan->on_items()) {
    run.front().after = plan->after;
    return with_priority(*plan, std::move(run));
  }
  const flow::StageKind kind =
      plan->remembers() ? flow::StageKind::kSerial : flow::StageKind::kStateless;
  std::vector<flow::StageSpec> stages;
  stages.push_back(split_stage(plan, kind));
  for (flow::StageSpec& stage : run) {
    stage.items_of = stages.front().name;
    stages.push_back(std::move(stage));
  }
  stages.push_back(join_stage(plan, kind));
  return with_priority(*plan, std::move(stages));
}

}  // namespace weir
