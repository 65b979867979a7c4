#include "weir/flow/body.h"

#include <cassert>

#include "weir/flow/completion.h"
#include "weir/flow/stream.h"
#include "weir/flow/unit.h"

namespace weir::flow {

Payload& Slot::task_payload() const {
  return unit_->task->payload;
}
StreamId Slot::stream() const {
  return unit_->task->stream->id;
}
uint64_t Slot::seq() const {
  return unit_->task->seq;
}
TaskId Slot::task() const {
  return unit_->task->id;
}
int64_t Slot::deadline_ns() const {
  return unit_->task->deadline_ns;
}
int64_t Slot::birth_ns() const {
  return unit_->task->birth_ns;
}
StepSet Slot::steps() const {
  return unit_->steps;
}
StageId Slot::stage() const {
  return node_->stage;
}
void*& Slot::scratch() const {
  return unit_->scratch;
}

uint32_t Slot::item() const {
  const bool deep = unit_->parent != nullptr && unit_->parent->parent != nullptr;
  return deep ? unit_->parent->index : unit_->index;
}

uint32_t Slot::sub_item() const {
  const bool deep = unit_->parent != nullptr && unit_->parent->parent != nullptr;
  return deep ? unit_->index : 0;
}

StreamState* Slot::stream_state() const {
  return node_->state_of_stream;
}

uint32_t Slot::joined_items() const {
  return unit_->fans[node_->joins_fan].count;
}
uint32_t Slot::joined_failures() const {
  return unit_->fans[node_->joins_fan].failed;
}

Outcome Slot::joined_outcome(uint32_t item) const {
  assert(item < unit_->fans[node_->joins_fan].count);
  const Unit* unit = unit_->fans[node_->joins_fan].first;
  for (uint32_t i = 0; i < item; ++i) unit = unit->next;
  return unit->outcome();
}

StopToken Slot::stop_token() const {
  return StopToken(&unit_->task->status);
}

void Completion::finish(StageResult result) const {
  target_->finish(node_, std::move(result));
}

StageResult StageBody::run_batch(std::span<Slot> slots, std::span<StageResult> results,
                                 StopToken stop) {
  for (std::size_t i = 0; i < slots.size(); ++i) results[i] = run(slots[i], stop);
  return StageResult::done();
}

StageResult StageBody::start(std::span<Slot> slots, Completion) {
  return StageResult::fail(
      Error(ErrorCode::kInternal,
            "asynchronous() without start() for a job of " + std::to_string(slots.size())));
}

}  // namespace weir::flow
