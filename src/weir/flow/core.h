// The passive core of the flow: which unit is where, who may run what, whom to wake.
//
// It has no lock, no thread and no clock. A driver calls it (one call at a time) and acts on what
// it says: the thread driver under its one mutex, the simulation from a single thread. Every call
// takes the `now` of the driver, in nanoseconds.
//
//   Work work = core.take(worker, now);
//   while (work.kind == Work::Kind::kJob) {
//     StageResult result = run the body of work.job;             // without the driver's lock
//     work = core.complete(worker, work.job, std::move(result), now);   // and the next thing to do
//   }
//   // work.kind == kNone: the worker is now in the list of idle ones; park it until
//   work.wake_at_ns
//   // or until it appears in effects().wake, then call take() again.
//
// After each call the driver acts on effects() and clears them: it unparks the workers that are
// named there, wakes posters and waiters, and destroys what is in `trash` and what streams that
// have gone leave, all without its lock.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "weir/flow/batcher.h"
#include "weir/flow/graph.h"
#include "weir/flow/meter.h"
#include "weir/flow/options.h"
#include "weir/flow/stream.h"
#include "weir/flow/unit.h"

namespace weir::flow {

struct Submission {
  Payload payload;
  StepSet steps = StepSet::all();
  int64_t deadline_ns = kNever;
  int64_t birth_ns = -1;       // -1: now
  ResultSink* sink = nullptr;  // null: the stream's
  bool tell_drop = false;      // a drop at the source gives a result too
  bool will_wait = false;  // kBlocked: the caller sleeps until effects().posters names the stream
  TaskId task = 0;         // set by submit()
};

enum class Admit : uint8_t {
  kAdmitted,
  kQueued,   // waits in the mailbox
  kDropped,  // refused and counted; the payload stays with the caller
  kBlocked,  // no room now; nothing was counted, the payload stays with the caller
  kClosed,   // there is no such open stream, or the flow stops
};

struct Job {
  Node* head = nullptr;  // linked by Node::next
  uint32_t count = 0;    // above 1 in a stage without batches: quick ones, run one by one
  StageId stage = kNoStage;
  // Of quick ones: how many may run between two looks at the clock. What takes less than a few
  // looks is not worth one each.
  uint16_t units_per_look = 1;
  int64_t start_ns = 0;
  int64_t wait_ns = 0;  // of the unit that waited longest
};

// What a worker is to do next.
struct Work {
  enum class Kind : uint8_t {
    kNone,     // nothing: it is in the idle list
    kJob,      // run a stage, then end(); nothing if its body returned kPending
    kDeliver,  // hand core.deliveries() of the stream to their sinks, then end_delivery()
    kPull,     // ask the stream's source, then end_pull()
  };
  Kind kind = Kind::kNone;
  Job job;
  StreamId stream;
  Source* source = nullptr;  // of kPull
  uint32_t inputs = 1;       // of kPull: how many may be fetched before end_pull()
  int64_t wake_at_ns = kNever;
};

// What a call wants done outside.
struct Effects {
  std::vector<WorkerId> wake;
  std::vector<StreamId> posters;  // there may be room: wake whoever waits to submit there
  bool results = false;           // something can be taken by take_result()
  bool progress = false;          // a stream or the whole may have become quiet
  std::vector<Payload> trash;
  std::vector<std::unique_ptr<StreamState>> closed_states;
  std::vector<std::shared_ptr<void>> closed_keeps;

  bool empty() const {
    return wake.empty() && posters.empty() && !results && !progress && trash.empty() &&
           closed_states.empty() && closed_keeps.empty();
  }
  void clear() {
    wake.clear();
    posters.clear();
    results = progress = false;
    trash.clear();
    closed_states.clear();
    closed_keeps.clear();
  }
};

struct CoreOptions {
  Mode mode = Mode::kThroughput;
  Meter* meter = nullptr;  // told of everything; null: nothing is measured, `now` may stand still
  // A stage or a source that took less than quick_ns a unit several times running is given up to
  // quick_units at once: a round through the core would cost more than they do. Needs the time.
  uint32_t quick_units = 1;
  int64_t quick_ns = 1'000;
};

class Core {
 public:
  Core(std::shared_ptr<const Graph> graph, CoreOptions options);
  ~Core();
  Core(const Core&) = delete;
  Core& operator=(const Core&) = delete;

  const Graph& graph() const { return *graph_; }
  Effects& effects() { return effects_; }
  // Whether anybody waits for results or progress: else those two effects are left out.
  void set_watched(bool watched) { watched_ = watched; }

  // Streams. `states` has one place for each serial stage, in the order of Stage::serial.
  Result<StreamId> open_stream(const StreamOptions& options,
                               std::vector<std::unique_ptr<StreamState>> states, int64_t now_ns);
  Status close_stream(StreamId stream, int64_t now_ns);  // what it holds still runs to its end
  Status set_credits(StreamId stream, uint32_t credits, int64_t now_ns);
  // Lower than what waits: drop_oldest loses its oldest; with the others what waits stays.
  Status set_mailbox_capacity(StreamId stream, uint32_t capacity, int64_t now_ns);
  void source_ready(StreamId stream, int64_t now_ns);
  // What has finished waits, with its credits, until each hold is let go; stopping twice ends it.
  void hold_results(StreamId stream, int64_t now_ns);
  void release_results(StreamId stream, int64_t now_ns);

  Admit submit(StreamId stream, Submission& submission, int64_t now_ns);

  // Workers. A worker is about to look until its first take().
  Work take(WorkerId worker, int64_t now_ns);
  // The end_… calls report what a worker did; its take() or leave() follows before anything else.
  void end(const Job& job, StageResult result, int64_t now_ns);
  // `each` may be shorter than a job of quick units: those that are left wait again.
  void end_batch(const Job& job, StageResult whole, std::span<StageResult> each, int64_t now_ns);
  // What came, and what the source said last: kInput if nothing but input came.
  void end_pull(StreamId stream, std::span<Submission> inputs, Pulled last, int64_t now_ns);
  void end_pull(StreamId stream, Pulled what, Submission& submission, int64_t now_ns) {
    end_pull(stream, {&submission, what == Pulled::kInput ? std::size_t{1} : 0}, what, now_ns);
  }
  // Moves what is to be delivered into `out`, at most `limit`; then end_delivery().
  void deliveries(StreamId stream, std::vector<Finished>& out, std::size_t limit, int64_t now_ns);
  void end_delivery(StreamId stream, int64_t now_ns);
  Work complete(WorkerId worker, const Job& job, StageResult result, int64_t now_ns) {
    end(job, std::move(result), now_ns);
    return take(worker, now_ns);
  }
  // The end of a job whose body returned kPending; from no worker. The worker that started it calls
  // take(), before or after.
  void complete_pending(Node* head, StageResult result, int64_t now_ns);
  // A guest: a caller that is about to take() in the place of an idle worker. kNoWorker if there is
  // none, or if there is work for it already.
  WorkerId borrow_worker();
  // The worker goes to the idle list without asking for work.
  void leave(WorkerId worker, int64_t now_ns);

  // Results of tasks without a sink. False if there is none.
  bool take_result(Finished& out, int64_t now_ns);                   // the next finished one
  bool take_result(StreamId stream, Finished& out, int64_t now_ns);  // in the stream's order
  bool take_result(StreamId stream, TaskId task, Finished& out, int64_t now_ns);

  // Cancel and stop. False if there is no such task any more.
  bool cancel(StreamId stream, TaskId task, int64_t now_ns);
  void cancel_stream(StreamId stream, int64_t now_ns);
  void cancel_all(int64_t now_ns);
  // Once: no more input, mailboxes are dropped, what was admitted runs. Twice: that is dropped too.
  void stop(int64_t now_ns);
  bool stopping() const { return stops_ > 0; }

  // Nothing in flight, waiting, or being delivered; results may wait to be taken.
  bool quiet() const;
  bool quiet(StreamId stream) const;  // also if there is no such stream
  bool drained() const;               // quiet, and no source may bring more
  bool drained(StreamId stream) const;
  bool is_open(StreamId stream) const;
  bool unfinished(StreamId stream, TaskId task) const;  // in flight or in the mailbox

  Result<TaskCounts> counts(StreamId stream) const;
  TaskCounts totals() const;  // over all streams that ever were
  QueueSizes queue_sizes() const;
  uint32_t waiting(StageId stage) const { return waiting_[stage]; }
  uint32_t running(StageId stage) const { return running_[stage]; }
  uint32_t in_flight(StreamId stream) const;
  uint64_t kept_results() const { return kept_results_; }
  uint64_t units_allocated() const;
  bool asleep(WorkerId worker) const { return workers_[worker].state == WorkerState::kIdle; }
  ExecutorId executor_of(WorkerId worker) const { return workers_[worker].executor; }
  std::size_t worker_count() const { return workers_.size(); }

  // The serial stage that the meter found to be the bottleneck goes first when it is ready.
  void set_bottleneck(StageId stage) { bottleneck_ = stage; }
  // Of a stateless stage; 0: no limit. What runs above a lower one runs to its end.
  Status set_limit(StageId stage, uint32_t limit, int64_t now_ns);

  // Empty, or what is wrong. `deep` also walks all lists and units.
  std::string check_invariants(bool deep) const;
  // Something on this executor could be done by an idle worker now. For the simulation.
  bool has_work(ExecutorId executor) const;
  // When a sleeper of this executor has to wake by itself, at the latest. For the simulation.
  int64_t timer(ExecutorId executor) const;
  // What could be done is so little that nobody is woken for it: a worker will look again at once,
  // and if it should not, a sleeper wakes by itself within kLingerNs. For the simulation.
  bool is_short(ExecutorId executor) const;
  static constexpr int64_t kLingerNs = 1'000'000;

 private:
  enum class WorkerState : uint8_t { kWoken, kBusy, kIdle };
  struct Worker {
    ExecutorId executor = 0;
    WorkerState state = WorkerState::kWoken;
    bool quick = false;  // what it does is expected to take next to no time
  };
  struct Executor {
    std::vector<WorkerId> idle;  // last in, first out
    std::vector<uint64_t> mask;  // of its stages, by rank
    std::vector<StageId> stages;
    std::vector<StageId> batch_stages;
    uint32_t woken = 0;          // workers that are about to look
    uint32_t quick_rounds = 0;   // workers that will look again at once
    int64_t quick_since_ns = 0;  // when the last of them began
    uint32_t in_flight = 0;
    uint32_t depth = 0;
    uint32_t lanes = 0;
    int64_t armed_ns = kNever;  // a sleeper wakes by itself at this time
    bool cpu = true;
  };
  struct ReadyList {
    Node* head = nullptr;
    Node* tail = nullptr;
  };

  // core.cc: workers
  void choose_duties();
  Work next(WorkerId id);
  bool next_work(WorkerId id, Work& work);
  void begin_delivery(Stream& stream, Work& work);
  void begin_pull(Stream& stream, Work& work);
  void note_round(WorkerId id, bool quick);
  bool next_job(ExecutorId id, Job& job);
  bool start_single(const Stage& stage, Job& job);
  void take_more(const Stage& stage, Job& job);
  bool start_batch(const Stage& stage, Job& job);
  void start(const Stage& stage, Job& job);
  int pick(const Executor& executor) const;
  void end_job(StageId id, uint32_t count);
  void note_pace(const Job& job, std::size_t ran);
  void apply(Node* node, StageResult& result);
  void end_units(Node* head, StageResult& whole, std::span<StageResult> each);
  void leave_sleep(WorkerId id);
  void sleep(WorkerId id, int64_t& wake_at_ns);

  // core_wake.cc
  void settle();
  void wake_one(Executor& executor);
  bool may_wait(ExecutorId id) const;
  int64_t waiting_ns(ExecutorId id) const;
  int64_t whole_way_ns(const Executor& executor) const;
  bool may_start(const Executor& executor) const;
  void refresh(const Stage& stage);
  // Its bit in the ready mask depends on more than its ready list.
  bool limited(const Stage& stage) const { return limit_[stage.id] != ~0U || stage.batched; }
  void refresh_batches(const Executor& executor);
  int64_t batch_due(const Executor& executor) const;
  bool at_once(const Executor& executor) const;

  // core_advance.cc: how a unit moves
  void enter(Node* node);
  void place(Node* node);
  void pass(Node* node);
  void push_ready(Node* node);
  void drain();
  void finish(Node* node);
  void split(Node* node, const Stage& stage);
  void join_items(Unit* unit, const Stage& stage);
  void free_items(Unit* unit, Fan& fan);
  void look(Stream& stream, const Stage& stage);
  void look_behind(Stream& stream, uint8_t items);
  Unit* whose_turn(Stream& stream, const Stage& stage, Turn& turn);
  bool items_of(const Unit* unit, const Scope& scope, Unit*& first) const;
  bool items_of_items(const Task* task, const Scope& scope, Turn& turn) const;
  void end_turn(Node* node, const Stage& stage);
  void kill(Unit* unit, Outcome outcome, std::unique_ptr<Error> error = nullptr);
  void look_at_deadline(Task* task, const Stage& stage);
  void item_done(Unit* unit);
  bool must_pass(Node* node) const;

  // core_streams.cc, core_control.cc: how tasks come and go
  Stream* find(StreamId id) const;
  Task* make_task(Stream& stream, Submission& submission);
  void admit(Stream& stream, Task* task);
  void admit_waiting(Stream& stream);
  void drop_at_source(Stream& stream, Task* task, Outcome outcome);
  void task_done(Task* task);
  void release(Stream& stream, Task* task);
  bool may_end(const Stream& stream) const;
  void credit_back(Stream& stream);
  Finished hand_over(Task* task);
  void free_task(Task* task);
  void update_pull(Stream& stream);
  void take_input(Stream& stream, Submission& submission);
  void update_deliver(Stream& stream);
  void tell_posters(Stream& stream);
  void close_if_empty(Stream& stream);
  void empty_mailbox(Stream& stream, Outcome outcome);
  void end_source(Stream& stream);
  void keep(Stream& stream, Task* task);
  void kill_all(Stream& stream, Outcome outcome);
  void count_offered(Stream& stream);
  void count_dropped(Stream& stream);

  // core_check.cc
  std::string check_stages() const;
  std::string check_executors() const;
  std::string check_stream(const Stream& stream, bool deep) const;
  std::string check_turns(const Stream& stream) const;
  std::string check_unit(const Unit& unit, std::vector<uint32_t>& waiting) const;

  const std::shared_ptr<const Graph> graph_;
  const CoreOptions options_;
  Meter* const meter_;
  int64_t now_ = 0;  // of the call that is under way

  std::vector<UnitPool> pools_;  // by scope
  std::vector<ReadyList> ready_;
  std::vector<Batcher> batchers_;
  std::vector<uint32_t> waiting_;
  std::vector<uint32_t> running_;
  std::vector<uint32_t> limit_;
  std::vector<QuickRun> quick_;       // by stage
  std::vector<uint32_t> units_;       // by stage, of a job without a batch: at most
  std::vector<uint64_t> ready_mask_;  // by rank
  std::vector<StageId> by_rank_;
  Node* todo_ = nullptr;  // passed stages that are still to be finished

  std::vector<Executor> executors_;
  std::vector<Worker> workers_;
  ExecutorId deliverer_ = 0;  // the executor that is woken for deliveries
  ExecutorId puller_ = 0;     // the executor whose workers ask sources
  StageId bottleneck_ = kNoStage;

  std::vector<std::unique_ptr<Stream>> streams_;
  std::vector<uint16_t> free_streams_;
  uint32_t open_streams_ = 0;
  StreamList<&Stream::next_deliver> deliverable_;
  StreamList<&Stream::next_pull> pullable_;
  uint32_t round_ = 0;  // of take_result() over streams
  uint64_t live_ = 0;
  uint64_t mailed_ = 0;
  uint64_t kept_results_ = 0;
  uint64_t undelivered_ = 0;
  uint32_t outside_ = 0;  // streams that are delivering or pulling
  TaskCounts gone_;       // of streams that were closed
  TaskId last_task_ = 0;
  int stops_ = 0;

  Effects effects_;
  bool watched_ = true;
};

}  // namespace weir::flow
