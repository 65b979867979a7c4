// Whom to wake: after every call, each executor that has work and a sleeper has somebody awake who
// is about to look. A worker in a quick round is, and where that is enough for what waits, nobody
// is woken: a wake would cost more than the work. A sleeper with a timer stands in should that
// round not be quick after all.
#include <algorithm>
#include <bit>

#include "weir/flow/core.h"

namespace weir::flow {
namespace {

// A wake costs whoever does it 6 µs, and the one that wakes 20 µs more until it works.
constexpr int64_t kWorthAWakeNs = 4'000;
// What was begun as quick and has not ended after this is not.
constexpr int64_t kQuickRoundNs = 20'000;
constexpr int64_t kMuchNs = int64_t{1} << 40;  // more than anybody waits for
constexpr int kFewStreams = 4;

}  // namespace

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
      if (!may_wait(static_cast<ExecutorId>(e))) wake_one(executor);
    } else if (!executor.batch_stages.empty() &&
               timer(static_cast<ExecutorId>(e)) < executor.armed_ns) {
      wake_one(executor);  // somebody has to wait for that batch to come of age
    }
  }
}

// Of all stages of the executor, for one unit.
int64_t Core::whole_way_ns(const Executor& executor) const {
  int64_t sum = 0;
  for (const StageId id : executor.stages) sum += quick_[id].quick() ? quick_[id].each_ns : kMuchNs;
  return sum;
}

// How long what an idle worker could do would keep it, by what it took the last time. A task that
// could be pulled counts with its whole way.
int64_t Core::waiting_ns(ExecutorId id) const {
  const Executor& executor = executors_[id];
  if (!executor.batch_stages.empty()) return kMuchNs;
  int64_t sum = 0;
  for (std::size_t w = 0; w < ready_mask_.size(); ++w) {
    for (uint64_t bits = ready_mask_[w] & executor.mask[w]; bits != 0; bits &= bits - 1) {
      const StageId stage = by_rank_[w * 64 + static_cast<std::size_t>(std::countr_zero(bits))];
      sum += quick_[stage].quick() ? quick_[stage].each_ns * waiting_[stage] : kMuchNs;
    }
  }
  int left = kFewStreams;
  for (const Stream* stream = id == deliverer_ ? deliverable_.front() : nullptr; stream != nullptr;
       stream = stream->next_deliver) {
    if (!stream->quick_sink.quick() || --left < 0) return kMuchNs;
    sum += stream->quick_sink.each_ns * stream->deliveries.size();
  }
  for (const Stream* stream = id == puller_ ? pullable_.front() : nullptr; stream != nullptr;
       stream = stream->next_pull) {
    if (!stream->quick_source.quick() || --left < 0) return kMuchNs;
    const int64_t inputs = std::min(options_.quick_units, stream->credits - stream->in_flight);
    sum += (stream->quick_source.each_ns + whole_way_ns(executor)) * inputs;
  }
  return sum;
}

bool Core::is_short(ExecutorId id) const {
  const Executor& executor = executors_[id];
  return executor.quick_rounds > 0 && executor.armed_ns <= now_ + kLingerNs &&
         waiting_ns(id) <= kWorthAWakeNs;
}

bool Core::may_wait(ExecutorId id) const {
  const Executor& executor = executors_[id];
  if (executor.quick_rounds == 0) return false;
  return now_ - executor.quick_since_ns <= kQuickRoundNs && is_short(id);
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
