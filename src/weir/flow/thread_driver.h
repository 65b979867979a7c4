// Threads around the core: one mutex, and a thread for each worker, parked while there is nothing
// to do.
//
// The mutex is never held over a body, a source, a call-back, a payload's release or an unpark.
// Whom to wake is the core's decision; the driver only carries it out. All members may be called
// from any thread; a body or a call-back must not destroy the driver.
#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "weir/base/clock.h"
#include "weir/base/cpu.h"
#include "weir/base/mutex.h"
#include "weir/flow/completion.h"
#include "weir/flow/core.h"
#include "weir/flow/parker.h"

namespace weir::flow {

struct DriverOptions {
  Mode mode = Mode::kThroughput;
  const Clock* clock = nullptr;  // null: the steady clock
  bool meters = true;
  std::string system_root = {};  // "/proc" and "/sys" are read below it; of tests
};

class ThreadDriver final : public CompletionTarget {
 public:
  ThreadDriver(std::shared_ptr<const Graph> graph, const DriverOptions& options);
  ~ThreadDriver() override;  // stops at once, joins
  ThreadDriver(const ThreadDriver&) = delete;
  ThreadDriver& operator=(const ThreadDriver&) = delete;

  // Of the clock; 0 while nothing needs the time.
  int64_t now() const { return timed_.load(std::memory_order_relaxed) ? clock_.now_ns() : 0; }
  const Clock& clock() const { return clock_; }

  // Runs `action(core, now)` under the mutex, then carries out what the core wants done.
  template <class Action>
  auto with_core(Action action) {
    const int64_t now_ns = now();
    Turn turn(*this);
    return action(core_, now_ns);
  }

  // Sleeps until `ready(core, now)`; it is asked whenever a result or a stream's end is reported.
  // False if `until_ns` (of the clock) came first.
  template <class Ready>
  bool wait_for(int64_t until_ns, Ready ready) {
    Turn turn(*this);
    while (true) {
      const int64_t now_ns = until_ns == kNever ? now() : clock_.now_ns();
      if (ready(core_, now_ns)) return true;
      if (now_ns >= until_ns) return false;
      core_.set_watched(++waiters_ > 0);
      sleep_on(changed_, until_ns);
      core_.set_watched(--waiters_ > 0);
    }
  }

  // Opens the stream with the states that the bodies of its serial stages make.
  Result<StreamId> open_stream(const StreamOptions& options);
  // Submits; while there is no room it sleeps, until `until_ns` (0: not at all).
  Admit submit(StreamId stream, Submission& submission, int64_t until_ns);
  // Submits, and works in the place of an idle worker, if there is one, until the task is through.
  Admit submit_here(StreamId stream, Submission& submission);

  void finish(Node* head, StageResult result) override;

  Meter* meter() { return meter_.get(); }  // or null; read it under with_core()
  const Graph& graph() const { return *graph_; }
  // CPU and run-queue time of the threads into the meter; takes some µs for each thread.
  void measure_usage();
  uint64_t wakes() const { return wakes_.load(std::memory_order_relaxed); }

 private:
  struct Worker {
    Parker parker;
    std::vector<Finished> finished;  // being delivered
    std::vector<Slot> slots;
    std::vector<StageResult> results;
    std::vector<Submission> inputs;  // being pulled
    int meter_index = Meter::kOffWorker;
    bool borrowed = false;  // a guest works in its place; under the mutex
    std::atomic<int> thread_number{0};
    std::thread thread;
  };
  // The task that a guest waits for.
  struct Guest {
    StreamId stream;
    TaskId task = 0;
  };
  // Holds the mutex; when it lets go, it carries out the core's effects.
  class Turn {
   public:
    explicit Turn(ThreadDriver& driver) : driver_(driver) { driver_.mutex_.lock(); }
    ~Turn();
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;

   private:
    ThreadDriver& driver_;
  };

  void finish_job(Node* head, StageResult result);
  void start_threads();
  void loop(WorkerId id);
  bool wait_for_work(WorkerId id, Work& work);
  void carry_out(Effects& effects);
  // Inside of a Turn, which the lock analysis does not follow.
  void sleep_on(CondVar& condition, int64_t until_ns) WEIR_NO_THREAD_SAFETY_ANALYSIS;
  CondVar& room(StreamId stream) { return room_[stream.index % room_.size()]; }

  // Each runs outside the mutex what the work says, reports it, and brings the next work.
  Work look(WorkerId id, const Guest* guest);
  Work next(WorkerId id, const Guest* guest, int64_t now_ns);
  Work step(WorkerId id, Work work, const Guest* guest);
  Work run_one(WorkerId id, const Job& job, const Guest* guest);
  Work run_quick(WorkerId id, const Job& job, const Guest* guest);
  Work run_many(WorkerId id, const Job& job, const Guest* guest);
  Work deliver(WorkerId id, StreamId stream, const Guest* guest);
  Work pull(WorkerId id, const Work& work, const Guest* guest);
  void record(const Worker& me, const Job& job, int64_t end_ns);
  int64_t cpu_before(const Worker& me, const Job& job);
  void record_cpu(const Worker& me, const Job& job, int64_t before, int64_t end_ns);

  const std::shared_ptr<const Graph> graph_;
  const Clock& clock_;
  const std::string system_root_;
  const QuotaUse quota_before_;
  std::atomic<bool> timed_;
  std::atomic<bool> exiting_{false};
  std::atomic<int> finishing_{0};  // devices' threads that are inside finish()
  std::atomic<uint64_t> wakes_{0};
  std::unique_ptr<Meter> meter_;
  Mutex mutex_;  // around core_ and the meter's gauges
  CondVar changed_;
  int waiters_ = 0;  // on changed_
  std::array<CondVar, 16> room_;
  Core core_;
  std::vector<std::unique_ptr<Worker>> workers_;
};

}  // namespace weir::flow
