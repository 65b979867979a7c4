// One budget of threads for the process: whoever starts threads, or has a library that does, says
// so here first.
//
//   ThreadBudget budget;                                       // as many as there are cores
//   const ThreadLease lease = budget.claim("onnxruntime:faces", 2);
//   session_options.intra_op_threads = lease.threads();
//
// Asking for more than the cores is allowed, and said aloud: a warning in the log, once each time
// the line is crossed, and `over_budget()` for stats and doctor. Any thread may claim and ask; a
// lease may outlive the budget.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "weir/base/cpu.h"

namespace weir {

struct ThreadClaim {
  std::string who;
  int threads = 0;
  // Claims of the same group take turns, so that only the largest of them counts; empty: alone.
  std::string group = {};
};

// Gives its threads back when it goes. Move-only.
class ThreadLease {
 public:
  ThreadLease() = default;
  ThreadLease(ThreadLease&& other) noexcept;
  ThreadLease& operator=(ThreadLease&& other) noexcept;
  ~ThreadLease() { release(); }
  int threads() const { return threads_; }
  void release();

 private:
  friend class ThreadBudget;
  std::shared_ptr<class ThreadLedger> ledger_;
  uint64_t id_ = 0;
  int threads_ = 0;
};

class ThreadBudget {
 public:
  explicit ThreadBudget(int total = usable_cores());

  // `threads` that may be busy at the same time; a caller's own thread that waits does not count.
  [[nodiscard]] ThreadLease claim(std::string who, int threads, std::string group = {});
  int total() const;
  int claimed() const;
  bool over_budget() const { return claimed() > total(); }
  // In the order in which they were made.
  std::vector<ThreadClaim> claims() const;
  // "5 of 4 threads: onnxruntime:faces 2, executor 3"
  std::string to_string() const;

 private:
  std::shared_ptr<class ThreadLedger> ledger_;
};

// How a model on CPU cores uses them: many requests side by side with one thread each, or one
// request at a time on all of them.
enum class ThreadMode { kThroughput, kLatency };

struct ThreadPlan {
  int instances = 1;         // sessions that run at the same time
  int intra_op_threads = 1;  // of each
};

// `cores` are what the model may use. `instances` > 0 is the user's choice, and then the cores are
// divided between them in latency mode; 0 leaves the choice to the mode.
ThreadPlan plan_threads(ThreadMode mode, int cores, int instances = 0);

}  // namespace weir
