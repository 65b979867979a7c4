// Whom to wake: after every call, each executor that has work and a sleeper has somebody awake who
// is about to look.
#include <algorithm>

#include "weir/flow/core.h"

namespace weir::flow {

// A batch may close now because a lane is free, or because waiting is not wanted.
bool Core::at_once(const Executor& executor) const {
  return executor.in_flight < executor.lanes || options_.mode == Mode::kLatency ||
         open_streams_ <= 1;
}

// Sets the stage's bit in the ready mask as it should be.
void Core::refresh(const Stage& stage) {
  bool on = running_[stage.id] < limit_[stage.id];
  if (on && ready_[stage.id].head == nullptr) {
    on = stage.batched && batchers_[stage.id].size() != 0 &&
         batchers_[stage.id].closable(now_, at_once(executors_[stage.executor]));
  }
  const uint64_t bit = uint64_t{1} << (stage.rank % 64);
  uint64_t& word = ready_mask_[stage.rank / 64];
  word = on ? word | bit : word & ~bit;
}

// Batches close by time and by free lanes too.
void Core::refresh_batches(const Executor& executor) {
  for (const StageId id : executor.batch_stages) refresh(graph_->stage(id));
}

int64_t Core::batch_due(const Executor& executor) const {
  int64_t due = kNever;
  for (const StageId id : executor.batch_stages) {
    if (running_[id] < limit_[id]) due = std::min(due, batchers_[id].due_ns());
  }
  return due;
}

int64_t Core::timer(ExecutorId id) const {
  const Executor& executor = executors_[id];
  return executor.in_flight < executor.depth ? batch_due(executor) : kNever;
}

bool Core::may_start(const Executor& executor) const {
  return executor.in_flight < executor.depth && pick(executor) >= 0;
}

bool Core::has_work(ExecutorId id) const {
  const Executor& executor = executors_[id];
  return may_start(executor) || (id == deliverer_ && !deliverable_.empty()) ||
         (id == puller_ && !pullable_.empty());
}

void Core::settle() {
  for (std::size_t e = 0; e < executors_.size(); ++e) {
    Executor& executor = executors_[e];
    if (executor.idle.empty() || executor.woken != 0) continue;
    if (!executor.batch_stages.empty()) refresh_batches(executor);
    if (has_work(static_cast<ExecutorId>(e))) {
      wake_one(executor);
    } else if (!executor.batch_stages.empty() &&
               timer(static_cast<ExecutorId>(e)) < executor.armed_ns) {
      wake_one(executor);  // somebody has to wait for that batch to come of age
    }
  }
}

void Core::wake_one(Executor& executor) {
  const WorkerId id = executor.idle.back();
  executor.idle.pop_back();
  executor.armed_ns = kNever;
  workers_[id].state = WorkerState::kWoken;
  ++executor.woken;
  effects_.wake.push_back(id);
}

}  // namespace weir::flow
