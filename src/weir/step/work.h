// A task on its way through the steps of a pipeline: what travels as the payload of the flow.
//
//   pipe.post(stream, pool.payload(std::move(task), frame));          // work_pool.h
//   …
//   Task done = collect(*payload.as<TaskWork>(), order);              // collect.h
//
// Each step writes its own StepWork and reads those of the steps that it waits for, so that steps
// may run at the same time without a lock. The object is used again for later tasks: clear() keeps
// its memory, so that in the steady state only what a user is given is allocated.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "weir/data/task.h"
#include "weir/model/lane.h"
#include "weir/model/live_model.h"
#include "weir/step/parts_pool.h"

namespace weir {

// A finding of a step: the step, and its place in StepWork::findings. Empty: the whole frame.
struct FindingRef {
  int32_t step = -1;
  int32_t index = -1;
  bool empty() const { return step < 0; }
  bool operator==(const FindingRef&) const = default;
};

// An item between the parts of a run, where those are stages of their own.
struct ItemParts {
  PartsPool::InputLease input;
  ItemPlan plan;
  PartsPool::RunShare run;
  std::size_t place = 0;  // in the run
};

class Unanswered;

struct StepWork {
  // Of a step that remembers, by the split that chose what is asked; null: it has not run.
  Unanswered* unanswered = nullptr;
  // What it may look at, and which of it, by place, it does: the others are answered from memory.
  std::vector<FindingRef> candidates;
  std::vector<uint32_t> asked;
  std::vector<ItemResult> results;  // one for each asked; what is behind those is of earlier tasks
  std::vector<uint8_t> answered;    // one for each asked: whether its result is complete
  std::vector<ItemParts> parts;     // one for each asked
  // The same, where Task::keep_tensors has the step: what the model gave for each.
  std::vector<std::vector<KeptTensor>> kept;
  // What it gives, and what each was found on.
  std::vector<Finding> findings;
  std::vector<FindingRef> origins;
  bool reused = false;  // all of it is from an earlier task
  // Of collect(): by finding, who took its place, and its number in the task.
  std::vector<FindingRef> taken_by;
  std::vector<int32_t> ids;

  // Room for so many results, empty.
  void expect_results(std::size_t count) {
    if (results.size() < count) results.resize(count);
    for (std::size_t i = 0; i < count; ++i) {
      results[i].findings.clear();
      results[i].status = {};
    }
    answered.assign(count, 0);
  }
  void clear() {
    unanswered = nullptr;
    candidates.clear();
    asked.clear();
    parts.clear();
    kept.clear();
    findings.clear();
    origins.clear();
    reused = false;
  }
};

struct TaskWork {
  TaskWork(Task of, std::size_t step_count, int64_t number)
      : task(std::move(of)), frame(number), steps(step_count) {}

  // Lets go of everything but memory.
  void clear() {
    for (StepWork& step : steps) step.clear();
    versions.clear();
    task = {};
  }

  Task task;
  int64_t frame = 0;  // its number in the source, which counts what was dropped too
  // Of each model of the pipeline, the version that answers for this task from its beginning to its
  // end, whatever is updated in between.
  std::vector<std::shared_ptr<const ModelVersion>> versions = {};
  std::vector<StepWork> steps;  // goes first: its leases are of the versions

  StepWork& at(int32_t step) { return steps[static_cast<std::size_t>(step)]; }
  const StepWork& at(int32_t step) const { return steps[static_cast<std::size_t>(step)]; }
  // Null: the whole frame.
  const Finding* finding(FindingRef ref) const {
    return ref.empty() ? nullptr : &at(ref.step).findings[static_cast<std::size_t>(ref.index)];
  }
  // Of the finding, or of what it was found on; Finding::kNone if nothing of it is tracked.
  int64_t track_of(FindingRef ref) const {
    while (!ref.empty()) {
      const StepWork& step = at(ref.step);
      const auto index = static_cast<std::size_t>(ref.index);
      if (step.findings[index].track != Finding::kNone) return step.findings[index].track;
      ref = step.origins[index];
    }
    return Finding::kNone;
  }
};

}  // namespace weir
