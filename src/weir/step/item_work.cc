#include "weir/step/item_work.h"

#include <utility>

namespace weir {

using flow::Slot;
using flow::StageResult;

bool keeps_tensors(const StepPlan& plan, const TaskWork& work) {
  return work.task.keep_tensors.contains(static_cast<std::size_t>(plan.step));
}

ItemSource item_of(const StepPlan& plan, const Slot& slot) {
  TaskWork& work = *slot.payload<TaskWork>();
  StepWork& step = work.at(plan.step);
  ItemSource source;
  if (work.task.image() != nullptr) source.picture = &work.task.image()->view();
  if (work.task.tensor() != nullptr) source.tensor = &work.task.tensor()->view();
  if (keeps_tensors(plan, work)) {
    if (!plan.on_items()) step.kept.resize(1);
    source.keep = &step.kept[slot.item()];
  }
  if (!plan.on_items()) return source;
  source.on = work.finding(step.candidates[step.asked[slot.item()]]);
  return source;
}

const ModelVersion& version_of(const StepPlan& plan, const Slot& slot) {
  return *slot.payload<TaskWork>()->versions[plan.version];
}

ItemResult& result_of(const StepPlan& plan, const Slot& slot) {
  StepWork& step = slot.payload<TaskWork>()->at(plan.step);
  if (plan.on_items()) return step.results[slot.item()];
  step.expect_results(1);
  return step.results[0];
}

void give_found(const StepPlan& plan, const Slot& slot) {
  TaskWork& work = *slot.payload<TaskWork>();
  StepWork& step = work.at(plan.step);
  if (plan.on_items()) {
    step.answered[slot.item()] = 1;
    return;
  }
  step.findings.swap(step.results[0].findings);
  for (Finding& finding : step.findings) finding.step = plan.step;
  keep_own(plan, work);
  step.origins.assign(step.findings.size(), FindingRef());
}

void keep_own(const StepPlan& plan, TaskWork& work) {
  if (plan.keep.lets_all_through()) return;
  std::vector<Finding>& findings = work.at(plan.step).findings;
  thread_local std::vector<FindingRef> refs;  // of the worker, and used again
  refs.clear();
  for (std::size_t i = 0; i < findings.size(); ++i) {
    refs.push_back({plan.step, static_cast<int32_t>(i)});
  }
  plan.keep.apply(work, refs);
  // In their order, so that each moves to the front.
  std::size_t next = 0;
  for (const FindingRef ref : refs) {
    const auto from = static_cast<std::size_t>(ref.index);
    if (from != next) findings[next] = std::move(findings[from]);
    ++next;
  }
  findings.resize(next);
}

StageResult ended(const StepPlan& plan, Status status) {
  if (status.has_value()) return StageResult::done();
  return StageResult::fail(std::move(status).error().at("steps." + plan.name));
}

}  // namespace weir
