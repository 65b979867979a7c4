// How a stream and an engine behave: what the pipeline's users and the core both need to name.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "weir/data/outcome.h"
#include "weir/flow/finished.h"

namespace weir::flow {

enum class Order : uint8_t {
  kStream,  // results leave in the order of admission
  kNone,    // as they finish; not possible with serial stages
};

// What happens to input that finds no credit.
enum class MailboxPolicy : uint8_t {
  kBlock,       // waits in the mailbox; is refused for now when that is full
  kLatest,      // a mailbox of one: the newest wins
  kDropOldest,  // a full mailbox loses its oldest
  kDropNewest,  // a full mailbox refuses for good: counted as dropped
};

// What a source says when a worker asks it for input.
enum class Pulled : uint8_t {
  kInput,
  kNothingNow,  // Pipeline::source_ready() follows when there is
  kEnd,
};

// Input that idle workers fetch themselves. Asked by one worker at a time; may block while it reads
// or decodes, but not for want of input. Must outlive its stream.
class Source {
 public:
  virtual ~Source() = default;
  // Sets the payload, and when it was born if that is known (it is -1).
  virtual Pulled pull(Payload& payload, int64_t& birth_ns) = 0;
};

struct StreamOptions {
  std::string name = {};
  uint32_t credits = 0;  // tasks in flight; 0: Graph::default_credits()
  Order order = Order::kStream;
  MailboxPolicy mailbox = MailboxPolicy::kBlock;
  uint32_t mailbox_capacity = 0;
  bool pulled = false;  // idle workers fetch the input from `source`; there is no post
  Source* source = nullptr;
  ResultSink* sink = nullptr;  // null: results are kept until somebody takes them
  // What source and sink are part of, where nobody else keeps it. It is let go when the stream has
  // gone (was closed, and its last result went), without a lock, by whoever was the last inside.
  std::shared_ptr<void> keeps = nullptr;
  bool results_hold_credit =
      false;  // a kept result holds its credit: bounds memory, may block posts
};

enum class Mode : uint8_t { kThroughput, kLatency };  // kLatency: nothing waits for a batch

// offered = admitted + dropped_at_source + waiting in the mailbox;
// admitted = done + skipped + dropped + failed + in flight.
struct TaskCounts {
  uint64_t offered = 0;
  uint64_t admitted = 0;
  uint64_t dropped_at_source = 0;
  uint64_t by_outcome[kOutcomeCount] = {};

  uint64_t of(Outcome outcome) const { return by_outcome[static_cast<int>(outcome)]; }
  uint64_t done() const { return of(Outcome::kDone); }
  uint64_t skipped() const { return of(Outcome::kSkipped); }
  uint64_t failed() const { return of(Outcome::kFailed); }
  uint64_t dropped() const {
    return of(Outcome::kDroppedDeadline) + of(Outcome::kDroppedOverload) +
           of(Outcome::kDroppedCancelled) + of(Outcome::kDroppedStop);
  }
  uint64_t ended() const { return done() + skipped() + failed() + dropped(); }
  TaskCounts& operator+=(const TaskCounts& other) {
    offered += other.offered;
    admitted += other.admitted;
    dropped_at_source += other.dropped_at_source;
    for (int i = 0; i < kOutcomeCount; ++i) by_outcome[i] += other.by_outcome[i];
    return *this;
  }
  TaskCounts& operator-=(const TaskCounts& earlier) {
    offered -= earlier.offered;
    admitted -= earlier.admitted;
    dropped_at_source -= earlier.dropped_at_source;
    for (int i = 0; i < kOutcomeCount; ++i) by_outcome[i] -= earlier.by_outcome[i];
    return *this;
  }
  bool operator==(const TaskCounts&) const = default;
};

// The five queues of the task pipe, in every arrangement of executors; see docs/flow.md.
struct QueueSizes {
  uint64_t input = 0;      // in mailboxes, or waiting to be prepared
  uint64_t prepared = 0;   // waiting to be inferred
  uint64_t inferred = 0;   // waiting to be interpreted
  uint64_t result = 0;     // finished, not yet fetched
  uint64_t sub_input = 0;  // items waiting to be prepared
  bool operator==(const QueueSizes&) const = default;
};

}  // namespace weir::flow
