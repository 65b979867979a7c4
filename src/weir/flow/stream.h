// The core's record of one stream: credits, mailbox, order ring, turns of the serial stages,
// counts.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "weir/flow/unit.h"

namespace weir::flow {

// How many times running something took next to no time, and how long it took then. What is quick
// stays so over one slow time: that may have been the system's doing.
struct QuickRun {
  static constexpr uint8_t kEnough = 16;
  uint8_t times = 0;
  bool slow_before = false;
  int64_t each_ns = 0;  // of one unit
  void add(int64_t took_ns, int64_t units, int64_t quick_ns) {
    const int64_t now_ns = took_ns / units;
    const bool slow = now_ns > quick_ns;
    if (!slow) {
      each_ns = now_ns;
      if (times < kEnough) ++times;
    } else if (slow_before || !quick()) {
      times = 0;
    }
    slow_before = slow;
  }
  bool quick() const { return times == kEnough; }
};

// A serial stage in one stream: who comes next, and whether somebody is inside.
struct Turn {
  uint64_t seq = 0;       // of the task whose turn it is
  Unit* unit = nullptr;   // of a stage that works on items: the item whose turn it is, once known
  Unit* outer = nullptr;  // of one that works on items of items: the item whose items are at it
  bool busy = false;      // that unit is ready or running
  std::unique_ptr<StreamState> state;
};

//   open ──close──► closing ──all gone──► free ──open──► open (next generation)
enum class StreamPhase : uint8_t { kFree, kOpen, kClosing };

struct Stream {
  StreamId id;
  StreamPhase phase = StreamPhase::kFree;
  StreamOptions options;
  uint32_t credits = 0;
  uint32_t in_flight = 0;  // credits that are out
  uint64_t next_seq = 0;
  uint64_t release_seq = 0;  // of the next one to leave
  std::vector<Task*> ring;   // by seq, as long as the credits ever were; of ordered streams
  Task* live = nullptr;      // admitted and not released, newest first
  uint32_t live_count = 0;
  TaskQueue mailbox;
  uint32_t mailbox_left = 0;  // what waited when its capacity was set: may be above it
  TaskQueue deliveries;       // for a sink
  TaskQueue results;          // for whoever takes them
  uint32_t holds = 0;         // of its sink: results wait
  bool delivering = false;
  bool pulling = false;
  bool dry = false;    // its source had nothing; source_ready() follows
  bool ended = false;  // its source has nothing more
  bool in_deliver_list = false;
  bool in_pull_list = false;
  bool ready_again = false;  // source_ready() came while it was asked
  uint32_t waiting_posters = 0;
  QuickRun quick_source;
  QuickRun quick_sink;
  int64_t pull_ns = 0;     // when its source was asked
  int64_t deliver_ns = 0;  // when its sink was given results
  uint32_t handed_out = 0;
  std::vector<Turn> turns;
  TaskCounts counts;
  Stream* next_deliver = nullptr;
  Stream* next_pull = nullptr;

  bool ordered() const { return options.order == Order::kStream; }
  bool has_credit() const { return in_flight < credits; }
  Task* at(uint64_t seq) const {
    Task* task = ring[seq & (ring.size() - 1)];
    return task != nullptr && task->seq == seq ? task : nullptr;
  }
};

// A first-in, first-out list of streams through one of their links.
template <Stream* Stream::*Link>
class StreamList {
 public:
  bool empty() const { return head_ == nullptr; }
  Stream* front() const { return head_; }
  void push(Stream* stream) {
    stream->*Link = nullptr;
    (head_ == nullptr ? head_ : tail_->*Link) = stream;
    tail_ = stream;
  }
  Stream* pop() {
    Stream* stream = head_;
    head_ = stream->*Link;
    return stream;
  }
  void remove(Stream* stream) {
    Stream** link = &head_;
    Stream* before = nullptr;
    while (*link != stream) {
      before = *link;
      link = &(before->*Link);
    }
    *link = stream->*Link;
    if (tail_ == stream) tail_ = before;
  }

 private:
  Stream* head_ = nullptr;
  Stream* tail_ = nullptr;
};

}  // namespace weir::flow
