// The records that the core links together: a Unit is a task or an item, a Node is that unit in one
// stage. Both come from pools and carry their own links, so nothing is allocated per task.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "weir/flow/finished.h"
#include "weir/flow/graph.h"
#include "weir/flow/options.h"

namespace weir::flow {

struct Stream;

//   blocked ──► turn ──► ready ──► running ──► done
//      │          │        ▲  │                 ▲
//      ├──────────┼────────┘  │ (dead: passes)  │
//      ├──────────┼─► batch ──┴─► running ──────┤
//      └──────────┴─────────────────────────────┘  (not wanted, or dead: passes)
enum class NodeState : uint8_t {
  kBlocked,  // waits for other stages
  kTurn,     // waits for its turn in a serial stage
  kReady,    // in a ready list
  kBatch,    // in a batcher
  kRunning,
  kDone,
};

struct Node {
  Node* next = nullptr;  // in the one list that it is in: ready, batch, job, to do
  Unit* unit = nullptr;
  int64_t stamp_ns = 0;  // began to wait, then: began to run
  int64_t wait_ns = 0;   // how long it waited, once it runs
  uint64_t bucket = 0;
  StreamState* state_of_stream = nullptr;  // of a serial stage, set when it is placed
  uint32_t count = 0;  // at the head of a job: its units; of a finished fan-out: its items
  StageId stage = 0;
  uint8_t waits = 0;
  NodeState state = NodeState::kBlocked;
  int8_t joins_fan = -1;
  bool alone = false;  // its batch failed: runs on its own
};

// The items of one fan-out of one unit.
struct Fan {
  Unit* first = nullptr;
  uint32_t count = 0;
  uint32_t left = 0;
  uint32_t failed = 0;
};

struct Task;

struct Unit {
  Task* task = nullptr;
  Unit* parent = nullptr;
  Unit* next = nullptr;  // the next item of the same fan-out, or the next free one
  Node* nodes = nullptr;
  Fan* fans = nullptr;
  StepSet steps;
  void* scratch = nullptr;
  std::unique_ptr<Error> error;
  uint32_t index = 0;
  uint16_t left = 0;  // stages
  uint8_t scope = 0;
  std::atomic<uint8_t> status{0};  // an Outcome; kDone is alive

  Outcome outcome() const { return static_cast<Outcome>(status.load(std::memory_order_relaxed)); }
  bool own_death() const { return status.load(std::memory_order_relaxed) != 0; }
  bool dead() const;
};

struct Task : Unit {
  Stream* stream = nullptr;
  TaskId id = 0;
  uint64_t seq = 0;
  int64_t deadline_ns = kNever;
  int64_t birth_ns = 0;
  int64_t admitted_ns = 0;
  int64_t finished_ns = 0;
  Payload payload;
  ResultSink* sink = nullptr;
  Task* queue_next = nullptr;  // mailbox, deliveries, results
  Task* live_prev = nullptr;   // in flight
  Task* live_next = nullptr;
  bool admitted = false;
  bool finished = false;
  bool has_credit = false;
  bool tell_drop = false;  // wants a result even if it is dropped at the source
};

inline bool Unit::dead() const {
  for (const Unit* unit = this; unit != nullptr; unit = unit->parent) {
    if (unit->own_death()) return true;
  }
  return false;
}

// A first-in, first-out list of tasks through queue_next.
class TaskQueue {
 public:
  bool empty() const { return head_ == nullptr; }
  uint32_t size() const { return size_; }
  Task* front() const { return head_; }
  void push(Task* task) {
    task->queue_next = nullptr;
    (head_ == nullptr ? head_ : tail_->queue_next) = task;
    tail_ = task;
    ++size_;
  }
  Task* pop() {
    Task* task = head_;
    head_ = task->queue_next;
    task->queue_next = nullptr;
    --size_;
    return task;
  }
  // Takes out one that is not at the front; `before` comes just ahead of it.
  Task* pop_after(Task* before) {
    Task* task = before->queue_next;
    before->queue_next = task->queue_next;
    if (tail_ == task) tail_ = before;
    task->queue_next = nullptr;
    --size_;
    return task;
  }

 private:
  Task* head_ = nullptr;
  Task* tail_ = nullptr;
  uint32_t size_ = 0;
};

// Units of one scope. Grows by chunks and keeps what it has.
class UnitPool {
 public:
  void init(const Graph& graph, uint8_t scope);
  Unit* acquire();  // all its nodes blocked, alive, without parent
  void release(Unit* unit);
  uint64_t in_use() const { return in_use_; }
  uint64_t allocated() const { return allocated_; }

 private:
  struct Chunk {
    std::unique_ptr<Task[]> tasks;
    std::unique_ptr<Unit[]> units;
    std::unique_ptr<Node[]> nodes;
    std::unique_ptr<Fan[]> fans;
  };
  void grow();

  uint8_t scope_ = 0;
  std::vector<Node> blank_;  // the nodes of a fresh unit
  std::size_t fans_ = 0;
  Unit* free_ = nullptr;
  uint64_t in_use_ = 0;
  uint64_t allocated_ = 0;
  std::vector<Chunk> chunks_;
};

}  // namespace weir::flow
