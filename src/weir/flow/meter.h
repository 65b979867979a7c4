// What the pipe knows of itself: depths, busy workers, waiting and service times, delays, counts.
//
//   Meter meter(layout);
//   meter.stage_waits(stage, now);                       // a job became ready
//   meter.stage_begins(stage, now);                      // a worker took it
//   meter.stage_ends(stage, now);                        // its body has ended: the same `now`
//   meter.record(worker, stage, wait_ns, service_ns, 1); //   begins the next job (chained stamps)
//
//   MeterCursor cursor;                                  // one for each reader
//   MeterReading reading = meter.read(now);              // under the mutex: short
//   FlowStats stats = window(std::move(reading), cursor);  // outside: since this reader's last
//
// Which data is written under what:
// - gauges (depths, busy workers, credits, output) and the counts of streams: under the mutex of
//   the driver, which the core runs under anyway. Plain integers.
// - delays of a stream: the same, but in Histograms, so that they are read without the mutex.
// - wait, service, batch and CPU samples: one set for each worker, written by that worker alone and
//   outside the mutex; the set kOffWorker is for completions that come from elsewhere (a device's
//   call-back, the simulation) and is written under the mutex. Relaxed atomics, merged on read.
// The meter reads no clock and takes no lock; time is passed in. A `now` that is a little older
// than the last one (read before the mutex was had) counts as the last one.
#pragma once

#include <array>
#include <cassert>
#include <memory>
#include <string>
#include <vector>

#include "weir/data/outcome.h"
#include "weir/flow/histogram.h"
#include "weir/flow/stats.h"

namespace weir::flow {

class Graph;

// The pipeline as the meter sees it: names, who runs where, who follows whom.
struct MeterLayout {
  struct Executor {
    std::string name;
    int workers = 1;  // threads, or lanes of a device
    bool device = false;
    int threads = 0;  // where a device has more threads than lanes; 0: `workers`
  };
  struct Stage {
    std::string name;
    int executor = 0;
    int at_once = 0;  // 0: as many as there are workers; kPerStream: one for each open stream
    std::vector<int> next;
  };
  static constexpr int kPerStream = -1;

  std::vector<Executor> executors;
  std::vector<Stage> stages;
  int cores = 1;
};
MeterLayout layout_of(const Graph& graph, int cores);

// A number that changes in time, and what is needed for its mean and its shares.
class Gauge {
 public:
  struct Totals {
    int64_t area = 0;      // value × ns
    int64_t empty_ns = 0;  // at zero
    int64_t full_ns = 0;   // at full_at or above
  };
  void start(int64_t now, int full_at) { last_ns_ = now, full_at_ = full_at; }
  void set_full_at(int full_at, int64_t now) { add(0, now), full_at_ = full_at; }
  void add(int by, int64_t now) {
    if (const int64_t passed = now - last_ns_; passed > 0) {
      totals_.area += value_ * passed;
      totals_.empty_ns += value_ == 0 ? passed : 0;
      totals_.full_ns += value_ >= full_at_ ? passed : 0;
      last_ns_ = now;
    }
    value_ += by;
    assert(value_ >= 0);
  }
  int64_t value() const { return value_; }
  Totals totals(int64_t now) const {
    Gauge copy = *this;
    copy.add(0, now);
    return copy.totals_;
  }

 private:
  int64_t value_ = 0;
  int64_t full_at_ = 1;
  int64_t last_ns_ = 0;
  Totals totals_;
};

// One stream's record; alive as long as a reader holds it.
struct StreamMeter {
  std::string name;
  Feed feed = Feed::kPosted;
  int credits = 1;
  int64_t opened_ns = 0;
  Gauge in_flight;
  Gauge input;
  Gauge pulling;
  Gauge output;
  TaskCounts counts;
  Histogram delay_from_birth;
  Histogram delay_from_admission;
};

class MeterCursor;
struct MeterReading;

class Meter {
 public:
  // Writes of nobody's worker: see above.
  static constexpr int kOffWorker = -1;

  // Workers are numbered through: first those of executor 0, then those of executor 1, …
  explicit Meter(MeterLayout layout, int64_t now_ns = 0);

  // --- Under the driver's mutex -----------------------------------------------------------------

  // `jobs` became ready at the stage: only a worker, or the stage's own limit, is missing.
  void stage_waits(int stage, int64_t now, int jobs = 1) {
    gauges(stage).depth.add(jobs, now);
    executor_of(stage).depth.add(jobs, now);
  }
  // They will not run: cancelled, dropped or late while they waited.
  void stage_gives_up(int stage, int64_t now, int jobs = 1) { stage_waits(stage, now, -jobs); }
  // One body begins on that many of the waiting jobs.
  void stage_begins(int stage, int64_t now, int jobs = 1) {
    StageGauges& own = gauges(stage);
    ExecutorGauges& executor = executor_of(stage);
    own.depth.add(-jobs, now);
    own.busy.add(1, now);
    own.begun += static_cast<uint64_t>(jobs);
    executor.depth.add(-jobs, now);
    executor.busy.add(1, now);
  }
  void stage_ends(int stage, int64_t now, int jobs = 1) {
    StageGauges& own = gauges(stage);
    own.busy.add(-1, now);
    own.ended += static_cast<uint64_t>(jobs);
    executor_of(stage).busy.add(-1, now);
    if (now >= next_look_ns_) look_for_pressure(now);
  }
  // True for a stage with a limit of its own that was busy in at least 90 %, and (unless it is
  // serial) waited for in at least half, of the last look's 50 ms: when ready, it goes before work
  // that is nearer the exit.
  bool pressed(int stage) const { return gauges(stage).pressed; }
  // The first of them, for Core::set_bottleneck(); -1 if there is none.
  int first_pressed() const { return first_pressed_; }

  // Streams have the core's dense numbers; a number may be opened again after it was closed.
  void open_stream(int stream, std::string name, Feed feed, int credits, int64_t now);
  void close_stream(int stream);
  void set_credits(int stream, int credits, int64_t now);
  void offered(int stream) { ++of(stream).counts.offered; }
  void dropped_at_source(int stream, uint64_t tasks = 1) {
    of(stream).counts.dropped_at_source += tasks;
  }
  void admitted(int stream, int64_t now) {
    ++of(stream).counts.admitted;
    of(stream).in_flight.add(1, now);
  }
  // The task has ended and was released in its order; its result waits to be taken.
  void ended(int stream, Outcome outcome, int64_t birth_ns, int64_t admission_ns, int64_t now);
  // `tasks` results were taken or handed out.
  void taken(int stream, int64_t now, int tasks = 1) { of(stream).output.add(-tasks, now); }
  // The credit came back (at the release, or when the result was taken: the core's choice).
  void credit_back(int stream, int64_t now, int credits = 1) {
    of(stream).in_flight.add(-credits, now);
  }
  // Its source could be asked (true): it is not known to be empty and a credit is free; but no
  // worker asks yet.
  void input_waits(int stream, bool yes, int64_t now) {
    StreamMeter& own = of(stream);
    if (own.input.value() != yes) own.input.add(yes ? 1 : -1, now);
  }
  // A worker asks its source, and has been answered.
  void pull_begins(int stream, int64_t now) { of(stream).pulling.add(1, now); }
  void pull_ends(int stream, int64_t now) { of(stream).pulling.add(-1, now); }
  // Around the call-backs that hand results out.
  void deliver_begins(int64_t now) { delivering_.add(1, now); }
  void deliver_ends(int64_t now) { delivering_.add(-1, now); }
  // What the threads of an executor have used since they began; see thread_usage.h. Only for
  // read().
  void set_usage(int executor, int64_t cpu_ns, int64_t ready_ns);
  // How often the CPU quota of the process was used up since the start; not called where there is
  // none.
  void set_quota_use(int64_t periods, int64_t used_up) {
    quota_periods_ = periods, quota_used_up_ = used_up;
  }
  // A copy of all that changes under the mutex, and handles to the rest.
  MeterReading read(int64_t now) const;

  // --- By the worker itself, outside the mutex (kOffWorker: under it) ---------------------------

  void record(int worker, int stage, int64_t wait_ns, int64_t service_ns, int jobs = 1) {
    WorkerStage& mine = worker_stage(worker, stage);
    mine.wait.record(wait_ns);
    mine.service.record(service_ns);
    add_relaxed(mine.jobs, jobs);
  }
  // Bodies that were timed together: what each of them took on the average, and how long each had
  // waited when the first began.
  template <class WaitOf>
  void record_many(int worker, int stage, int64_t took_ns, int count, WaitOf wait_of) {
    WorkerStage& mine = worker_stage(worker, stage);
    for (int i = 0; i < count; ++i) mine.wait.record(wait_of(i));
    mine.service.record(took_ns / count, count);
    add_relaxed(mine.jobs, count);
  }
  // Reading a thread's CPU clock costs 770 ns: do it around a body only when this says so, which is
  // at most once in 10 ms for each worker and stage.
  bool wants_cpu(int worker, int stage, int64_t now) {
    WorkerStage& mine = worker_stage(worker, stage);
    if (now < mine.next_cpu_ns) return false;
    mine.next_cpu_ns = now + 10'000'000;
    return true;
  }
  void record_cpu(int worker, int stage, int64_t wall_ns, int64_t cpu_ns) {
    add_relaxed(worker_stage(worker, stage).sampled_wall_ns, wall_ns);
    add_relaxed(worker_stage(worker, stage).sampled_cpu_ns, cpu_ns);
  }

  const MeterLayout& layout() const { return layout_; }

 private:
  friend class MeterCursor;

  struct StageGauges {
    Gauge depth;
    Gauge busy;
    uint64_t begun = 0;
    uint64_t ended = 0;
    bool pressed = false;
    int64_t seen_busy = 0;  // at the last look
    int64_t seen_full = 0;
  };
  struct ExecutorGauges {
    Gauge depth;
    Gauge busy;
    int64_t cpu_ns = -1;
    int64_t ready_ns = 0;
  };
  struct WorkerStage {
    Histogram wait;
    Histogram service;
    std::atomic<int64_t> jobs{0};
    std::atomic<int64_t> sampled_wall_ns{0};
    std::atomic<int64_t> sampled_cpu_ns{0};
    int64_t next_cpu_ns = 0;  // the writer's own
  };
  // The sets of one worker: one for each stage of its executor, none for the others.
  using WorkerSets = std::vector<std::unique_ptr<WorkerStage>>;

  static void add_relaxed(std::atomic<int64_t>& counter, int64_t by) {
    counter.store(counter.load(std::memory_order_relaxed) + by, std::memory_order_relaxed);
  }
  StageGauges& gauges(int stage) { return stages_[static_cast<std::size_t>(stage)]; }
  const StageGauges& gauges(int stage) const { return stages_[static_cast<std::size_t>(stage)]; }
  ExecutorGauges& executor_of(int stage) {
    return executors_[executor_index_[static_cast<std::size_t>(stage)]];
  }
  StreamMeter& of(int stream) { return *streams_[static_cast<std::size_t>(stream)]; }
  WorkerStage& worker_stage(int worker, int stage) {
    const auto row = static_cast<std::size_t>(int64_t{worker} + 1);
    WorkerStage* mine = workers_[row][static_cast<std::size_t>(stage)].get();
    assert(mine != nullptr);  // a worker runs only stages of its own executor
    return *mine;
  }
  int at_once(int stage) const;
  void look_for_pressure(int64_t now);

  MeterLayout layout_;
  int64_t start_ns_;
  std::vector<StageGauges> stages_;
  std::vector<ExecutorGauges> executors_;
  std::vector<std::size_t> executor_index_;  // of a stage
  std::vector<std::shared_ptr<StreamMeter>> streams_;
  TaskCounts closed_;  // of the streams that are gone
  int open_streams_ = 0;
  Gauge delivering_;
  int64_t quota_periods_ = 0;
  int64_t quota_used_up_ = 0;
  std::vector<WorkerSets> workers_;  // [0] is kOffWorker
  int first_pressed_ = -1;
  int64_t last_look_ns_;
  int64_t next_look_ns_;
};

// All that had been counted at one moment. Opaque: give it to window(). The Meter must outlive it.
struct MeterReading {
  struct Load {
    Gauge::Totals depth;
    Gauge::Totals busy;
  };
  struct Stage : Load {
    uint64_t begun = 0;
    uint64_t ended = 0;
    int at_once = 0;
  };
  struct Executor : Load {
    int64_t cpu_ns = -1;
    int64_t ready_ns = 0;
  };
  struct Stream {
    std::shared_ptr<const StreamMeter> meter;
    int credits = 1;
    Gauge::Totals in_flight;
    Gauge::Totals input;
    Gauge::Totals pulling;
    Gauge::Totals output;
    TaskCounts counts;
  };
  const Meter* meter = nullptr;
  int64_t start_ns = 0;
  int64_t now_ns = 0;
  std::vector<Stage> stages;
  std::vector<Executor> executors;
  std::vector<Stream> streams;
  TaskCounts total;
  Gauge::Totals delivering;
  int64_t quota_periods = 0;
  int64_t quota_used_up = 0;
};

// Where one reader stood the last time. A fresh one means: since the start.
class MeterCursor {
 public:
  MeterCursor();
  ~MeterCursor();
  MeterCursor(MeterCursor&&) noexcept;
  MeterCursor& operator=(MeterCursor&&) noexcept;

 private:
  friend FlowStats window(MeterReading reading, MeterCursor& cursor);
  struct State;
  std::unique_ptr<State> state_;
};

// Merges the workers' histograms and takes the reader's last reading off. Any thread, no mutex;
// one thread at a time for one cursor.
FlowStats window(MeterReading reading, MeterCursor& cursor);

}  // namespace weir::flow
