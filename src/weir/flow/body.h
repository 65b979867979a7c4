// What runs in a stage, and what it is given.
//
//   class Twice : public StageBody {
//     StageResult run(Slot& slot, StopToken) override {
//       slot.payload<Number>()->value *= 2;
//       return StageResult::done();
//     }
//   };
//
// A body is called by any worker of its stage's executor, never under a lock of the flow. One body
// object serves all streams and may be called from several threads at once, unless its stage is
// exclusive; a serial stage is called once at a time per stream, and keeps what it remembers in the
// StreamState that open_stream() made. A body must not throw: what it calls is wrapped where it is
// called.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>

#include "weir/base/error.h"
#include "weir/data/outcome.h"
#include "weir/data/step_set.h"
#include "weir/flow/ids.h"
#include "weir/flow/payload.h"

namespace weir::flow {

struct Unit;
struct Node;

// Asked by a body that runs long. Lives as long as the call of run().
class StopToken {
 public:
  StopToken() = default;
  explicit StopToken(const std::atomic<uint8_t>* status) : status_(status) {}
  // True once the task was cancelled, failed elsewhere, or the flow was stopped at once.
  bool stop_requested() const {
    return status_ != nullptr && status_->load(std::memory_order_relaxed) != 0;
  }

 private:
  const std::atomic<uint8_t>* status_ = nullptr;
};

// What a serial stage remembers of one stream; destroyed when the stream is closed.
class StreamState {
 public:
  virtual ~StreamState() = default;
};

enum class Verdict : uint8_t {
  kDone,
  kPending,  // submitted to a device; Completion::finish() follows, from any thread
  kSkip,     // nothing to do for this task or item: it ends as skipped
  kFail,
};

struct StageResult {
  Verdict verdict = Verdict::kDone;
  uint32_t items = 0;            // a stage that fans out: how many items
  StepSet skip;                  // steps that this task or item does not need any more (a gate)
  uint64_t bucket = 0;           // what may be batched together in the stages that follow at once
  std::unique_ptr<Error> error;  // of kFail

  static StageResult done() { return {}; }
  static StageResult pending() { return with(Verdict::kPending); }
  static StageResult skipped() { return with(Verdict::kSkip); }
  static StageResult fan_out(uint32_t count) {
    StageResult result;
    result.items = count;
    return result;
  }
  static StageResult fail(Error why) {
    StageResult result = with(Verdict::kFail);
    result.error = std::make_unique<Error>(std::move(why));
    return result;
  }

 private:
  static StageResult with(Verdict verdict) {
    StageResult result;
    result.verdict = verdict;
    return result;
  }
};

// A task or an item in one stage, as its body sees it. Valid during run(), and until finish() when
// that returned kPending.
class Slot {
 public:
  Slot() = default;
  Slot(Unit* unit, Node* node) : unit_(unit), node_(node) {}

  // The payload of the task; shared by the task's items, which keep to their own part of it.
  template <class T>
  T* payload() const {
    return task_payload().as<T>();
  }
  Payload& task_payload() const;
  StreamId stream() const;
  uint64_t seq() const;  // position in the stream, from 0
  TaskId task() const;
  int64_t deadline_ns() const;  // kNever if there is none
  int64_t birth_ns() const;
  StepSet steps() const;  // still wanted
  StageId stage() const;
  uint32_t item() const;      // index among the items of the task; 0 for the task itself
  uint32_t sub_item() const;  // index among the items of that item
  // A word of the task or item that the flow carries and never touches: a lease, an index.
  void*& scratch() const;
  // The state that open_stream() made for this stage and stream, or null.
  StreamState* stream_state() const;
  // In the stage that joins: how the items ended.
  uint32_t joined_items() const;
  uint32_t joined_failures() const;
  Outcome joined_outcome(uint32_t item) const;
  StopToken stop_token() const;

 private:
  friend class Core;
  Unit* unit_ = nullptr;
  Node* node_ = nullptr;
};

// How an asynchronous body says that it has ended; from any thread, exactly once, also from inside
// run(). A plain value.
class CompletionTarget;
class Completion {
 public:
  Completion() = default;
  Completion(CompletionTarget* target, Node* node) : target_(target), node_(node) {}
  void finish(StageResult result) const;

 private:
  CompletionTarget* target_ = nullptr;
  Node* node_ = nullptr;
};

class StageBody {
 public:
  virtual ~StageBody() = default;
  virtual StageResult run(Slot& slot, StopToken stop) = 0;
  // A stage with a batch spec: all slots at once. `results` has one place for each slot; the
  // returned result is that of the batch, and kFail there runs every slot again on its own. The
  // default runs them one by one.
  virtual StageResult run_batch(std::span<Slot> slots, std::span<StageResult> results,
                                StopToken stop);
  // A body that returns kPending overrides this one instead of run(): `done` covers the whole
  // batch, and may be called before start() returns. Used when asynchronous() is true.
  virtual bool asynchronous() const { return false; }
  virtual StageResult start(std::span<Slot> slots, Completion done);
  // Called once per stream for serial stages, before its first task, not under a lock.
  virtual std::unique_ptr<StreamState> open_stream() { return nullptr; }
};

}  // namespace weir::flow
