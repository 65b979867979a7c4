#include "tests/flow/support/simulation.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdio>
#include <vector>

#include "tests/flow/support/onlooker.h"
#include "tests/flow/support/random_flow.h"
#include "weir/flow/core.h"

namespace weir::flow {
namespace {

class NoBody : public StageBody {
 public:
  StageResult run(Slot&, StopToken) override { return {}; }
};

struct SimWorker {
  enum class State : uint8_t { kLooking, kWorking, kAsleep };
  State state = State::kLooking;
  Work work;
  int64_t wake_at_ns = kNever;
};

struct SimStream {
  StreamId id;
  StreamOptions options;
  uint32_t left = 0;  // tasks still to be offered
  bool waiting = false;
  uint32_t holds = 0;  // of its sink
  std::weak_ptr<void> kept;
};

class Simulation {
 public:
  Simulation(uint64_t seed, const SimulationOptions& options) : dice_(seed), options_(options) {}
  SimulationReport run();

 private:
  void set_up();
  void open_stream(uint32_t tasks);
  bool step();
  void act_on_effects();
  void check();
  std::string sleeper_beside_work();
  std::string let_go_too_early() const;

  bool submit(SimStream& stream);
  void work(std::size_t worker);
  void start(std::size_t worker, Work work);
  void end_job(std::size_t worker);
  void end_pending();
  void deliver(std::size_t worker);
  void pull(std::size_t worker);
  void take_result();
  bool let_go(SimStream& stream);
  void hold_or_let_go(SimStream& stream);
  void pass_time();
  void fault();
  void change_a_bound(SimStream& stream);
  StageResult result_of(const Node& node);
  SimStream& stream_of(StreamId id);
  std::string at_the_end();

  Dice dice_;
  const SimulationOptions options_;
  std::shared_ptr<const Graph> graph_;
  std::unique_ptr<Core> core_;
  std::unique_ptr<Onlooker> onlooker_;
  int64_t now_ = 1;
  std::vector<SimWorker> workers_;
  std::vector<SimStream> streams_;
  std::vector<Job> pending_;
  std::vector<Finished> delivered_;
  std::vector<StageResult> results_;
  std::vector<Submission> inputs_;
  uint32_t fail_percent_ = 0;
  uint32_t fault_permille_ = 0;
  uint32_t late_percent_ = 0;
  bool stopped_ = false;
  SimulationReport report_;
};

void Simulation::set_up() {
  auto compiled = Graph::compile(random_flow(dice_, std::make_shared<NoBody>()));
  if (!compiled) {
    report_.wrong = "a random flow was refused: " + compiled.error().to_string();
    return;
  }
  graph_ = *compiled;
  CoreOptions core_options;
  if (dice_.chance(15)) core_options.mode = Mode::kLatency;
  if (dice_.chance(60)) {
    core_options.quick_units = dice_.from(2, 5);
    core_options.quick_ns = dice_.chance(50) ? 1'000 : 10;
  }
  core_ = std::make_unique<Core>(graph_, core_options);
  onlooker_ = std::make_unique<Onlooker>(*graph_, core_options.quick_units);
  workers_.resize(core_->worker_count());
  fail_percent_ = dice_.chance(50) ? dice_.below(12) : 0;
  late_percent_ = dice_.chance(30) ? dice_.below(40) : 0;
  fault_permille_ = dice_.chance(50) ? dice_.below(12) : 0;
  if (dice_.chance(20))
    core_->set_bottleneck(
        static_cast<StageId>(dice_.below(static_cast<uint32_t>(graph_->stages().size()))));
  const uint32_t streams = dice_.from(1, 4);
  for (uint32_t s = 0; s < streams; ++s) open_stream(options_.tasks / streams);
}

void Simulation::open_stream(uint32_t tasks) {
  SimStream stream;
  stream.left = tasks;
  stream.options.credits = dice_.from(1, 16);
  stream.options.mailbox = static_cast<MailboxPolicy>(dice_.below(4));
  stream.options.mailbox_capacity = dice_.below(4);
  stream.options.pulled = dice_.chance(30);
  stream.options.results_hold_credit = dice_.chance(30);
  if (graph_->serial_stages() == 0 && dice_.chance(40)) stream.options.order = Order::kNone;
  if (dice_.chance(60)) stream.options.sink = onlooker_.get();
  stream.options.keeps = std::make_shared<char>();
  stream.kept = stream.options.keeps;
  auto opened = core_->open_stream(stream.options, {}, now_);
  stream.options.keeps.reset();  // the core alone has it now
  if (!opened) return;
  stream.id = *opened;
  onlooker_->opened(stream.id, stream.options);
  streams_.push_back(stream);
}

SimulationReport Simulation::run() {
  set_up();
  while (report_.wrong.empty()) {
    if (!step()) break;
    ++report_.steps;
    act_on_effects();
    check();
    if (report_.steps > 4'000'000) report_.wrong = "it never ends";
  }
  if (report_.wrong.empty()) report_.wrong = at_the_end();
  if (core_ != nullptr) report_.tasks = core_->totals().offered;
  return report_;
}

// One thing that can happen, chosen by the dice. False: nothing can.
bool Simulation::step() {
  if (fault_permille_ > 0 && dice_.below(1000) < fault_permille_) {
    fault();
    return true;
  }
  // Streams, workers, pending jobs, results, time: start anywhere and take the first that can move.
  const auto streams = static_cast<uint32_t>(streams_.size());
  const auto workers = static_cast<uint32_t>(workers_.size());
  const uint32_t all = streams + workers + 3;
  uint32_t at = dice_.below(all);
  for (uint32_t i = 0; i < all; ++i, ++at) {
    if (at == all) at = 0;
    uint32_t who = at;
    if (who < streams) {
      if (submit(streams_[who])) return true;
      continue;
    }
    who -= streams;
    if (who < workers) {
      if (workers_[who].state == SimWorker::State::kAsleep) continue;
      work(who);
      return true;
    }
    who -= workers;
    if (who == 0 && !pending_.empty()) return end_pending(), true;
    if (who == 1 && core_->kept_results() > 0) return take_result(), true;
  }
  // Only time can move things now: a batch that comes of age, a source that has something again.
  int64_t next = kNever;
  for (const SimWorker& worker : workers_) next = std::min(next, worker.wake_at_ns);
  bool dry = false;
  for (SimStream& stream : streams_) {
    if (stream.options.pulled && stream.waiting) {
      stream.waiting = false;
      core_->source_ready(stream.id, now_);
      dry = true;
    }
  }
  for (SimStream& stream : streams_) dry = let_go(stream) || dry;
  if (dry) return true;
  if (next == kNever) return false;
  now_ = std::max(now_, next);
  pass_time();
  return true;
}

// Whether its sink held results.
bool Simulation::let_go(SimStream& stream) {
  const bool held = stream.holds > 0;
  for (; stream.holds > 0; --stream.holds) core_->release_results(stream.id, now_);
  return held;
}

void Simulation::pass_time() {
  for (SimWorker& worker : workers_) {
    if (worker.state == SimWorker::State::kAsleep && worker.wake_at_ns <= now_) {
      worker.state = SimWorker::State::kLooking;
      worker.wake_at_ns = kNever;
    }
  }
}

void Simulation::act_on_effects() {
  Effects& effects = core_->effects();
  for (const WorkerId id : effects.wake) {
    SimWorker& worker = workers_[id];
    ++report_.wakes;
    if (worker.state == SimWorker::State::kWorking) report_.wrong = "a busy worker was woken";
    worker.state = SimWorker::State::kLooking;
    worker.wake_at_ns = kNever;
  }
  for (const StreamId id : effects.posters) {
    if (!stream_of(id).options.pulled) stream_of(id).waiting = false;
  }
  effects.clear();
}

void Simulation::check() {
  if (report_.wrong.empty()) report_.wrong = onlooker_->wrong();
  if (report_.wrong.empty()) {
    report_.wrong = core_->check_invariants(report_.steps % options_.deep_check_every == 0);
  }
  if (report_.wrong.empty()) report_.wrong = sleeper_beside_work();
  if (report_.wrong.empty()) report_.wrong = let_go_too_early();
}

// What a stream keeps has to be there as long as its source or its sink may be called.
std::string Simulation::let_go_too_early() const {
  for (const SimStream& stream : streams_) {
    if (!stream.kept.expired()) continue;
    bool inside = core_->is_open(stream.id) || !core_->quiet(stream.id);
    for (const SimWorker& worker : workers_) {
      const Work::Kind kind = worker.work.kind;
      inside |= worker.state == SimWorker::State::kWorking && worker.work.stream == stream.id &&
                (kind == Work::Kind::kPull || kind == Work::Kind::kDeliver);
    }
    if (inside) return "a stream let go too early of what it keeps";
  }
  return {};
}

// Work conservation as the driver sees it: whom the core thinks to have woken must really be awake.
std::string Simulation::sleeper_beside_work() {
  uint64_t asleep = 0;
  uint64_t looking = 0;
  uint64_t working = 0;
  std::array<int64_t, 64> wakes_at;
  std::fill_n(wakes_at.begin(), graph_->executors().size(), kNever);
  for (std::size_t w = 0; w < workers_.size(); ++w) {
    const ExecutorId executor = core_->executor_of(static_cast<WorkerId>(w));
    const uint64_t bit = uint64_t{1} << executor;
    if (workers_[w].state == SimWorker::State::kLooking) looking |= bit;
    if (workers_[w].state == SimWorker::State::kWorking) working |= bit;
    if (workers_[w].state != SimWorker::State::kAsleep) continue;
    asleep |= bit;
    wakes_at[executor] = std::min(wakes_at[executor], workers_[w].wake_at_ns);
  }
  for (uint64_t left = asleep & ~looking; left != 0; left &= left - 1) {
    const auto executor = static_cast<ExecutorId>(std::countr_zero(left));
    if (core_->has_work(executor)) {
      if (!core_->is_short(executor) || (working & uint64_t{1} << executor) == 0) {
        return "a worker sleeps beside work and nobody will look";
      }
      ++report_.not_woken;
      if (wakes_at[executor] > now_ + Core::kLingerNs) return "nobody looks after a quick round";
    }
    if (core_->timer(executor) < wakes_at[executor])
      return "nobody waits for a batch to come of age";
  }
  return {};
}

SimStream& Simulation::stream_of(StreamId id) {
  return *std::find_if(streams_.begin(), streams_.end(),
                       [&](const SimStream& stream) { return stream.id == id; });
}

bool Simulation::submit(SimStream& stream) {
  if (stream.options.pulled || stream.left == 0 || stream.waiting) return false;
  Submission submission;
  submission.will_wait = true;
  submission.tell_drop = true;
  if (dice_.chance(20)) submission.steps = StepSet::from_bits(dice_.next());
  if (dice_.chance(late_percent_)) submission.deadline_ns = now_ + dice_.below(200);
  ++now_;
  const Admit said = core_->submit(stream.id, submission, now_);
  onlooker_->submitted(stream.id, submission, said);
  if (said == Admit::kBlocked) {
    stream.waiting = true;
  } else if (said == Admit::kClosed) {
    stream.left = 0;
  } else {
    --stream.left;
  }
  return true;
}

void Simulation::work(std::size_t w) {
  now_ += dice_.below(8);
  SimWorker& worker = workers_[w];
  if (worker.state == SimWorker::State::kLooking) {
    return start(w, core_->take(static_cast<WorkerId>(w), now_));
  }
  switch (worker.work.kind) {
    case Work::Kind::kJob:
      return end_job(w);
    case Work::Kind::kDeliver:
      return deliver(w);
    case Work::Kind::kPull:
      return pull(w);
    case Work::Kind::kNone:
      break;
  }
}

void Simulation::start(std::size_t w, Work work) {
  SimWorker& worker = workers_[w];
  worker.work = work;
  worker.state =
      work.kind == Work::Kind::kNone ? SimWorker::State::kAsleep : SimWorker::State::kWorking;
  worker.wake_at_ns = work.wake_at_ns;
  if (work.kind == Work::Kind::kNone && work.wake_at_ns <= now_) {
    worker.state = SimWorker::State::kLooking;
  }
  if (work.kind == Work::Kind::kJob) onlooker_->starts(work.job);
}

StageResult Simulation::result_of(const Node& node) {
  const Stage& stage = graph_->stage(node.stage);
  if (dice_.chance(fail_percent_)) {
    if (dice_.chance(40)) return StageResult::skipped();
    return StageResult::fail(Error(ErrorCode::kInternal, "planned"));
  }
  StageResult result = StageResult::fan_out(stage.spec.fans_out ? dice_.below(6) : 0);
  result.bucket = dice_.chance(20) ? dice_.below(3) : 0;
  if (fail_percent_ > 0 && dice_.chance(5)) result.skip = StepSet::of(dice_.below(12));
  return result;
}

void Simulation::end_job(std::size_t w) {
  const Job job = workers_[w].work.job;
  const Stage& stage = graph_->stage(job.stage);
  const bool device = graph_->executors()[stage.executor].kind == ExecutorKind::kDevice;
  const auto id = static_cast<WorkerId>(w);
  if (device && dice_.chance(70)) {
    pending_.push_back(job);
    return start(w, core_->take(id, now_));
  }
  if (job.count == 1 && dice_.chance(95)) {
    StageResult result = result_of(*job.head);
    onlooker_->ends(job, result, {});
    return start(w, core_->complete(id, job, std::move(result), now_));
  }
  results_.clear();
  for (const Node* node = job.head; node != nullptr; node = node->next) {
    results_.push_back(result_of(*node));
  }
  StageResult whole;
  const bool quick = job.count > 1 && !stage.batched;
  if (quick) {  // or what is left is given back
    if (dice_.chance(20)) results_.resize(dice_.from(1, job.count));
    ++report_.quick_jobs;
  } else if (dice_.chance(fail_percent_))
    whole = StageResult::fail(Error(ErrorCode::kInternal, "batch"));
  onlooker_->ends(job, whole, results_);
  core_->end_batch(job, std::move(whole), results_, now_);
  start(w, core_->take(id, now_));
}

void Simulation::end_pending() {
  const std::size_t which = dice_.below(static_cast<uint32_t>(pending_.size()));
  const Job job = pending_[which];
  pending_[which] = pending_.back();
  pending_.pop_back();
  StageResult result = result_of(*job.head);
  onlooker_->ends(job, result, {});
  now_ += dice_.below(8);
  core_->complete_pending(job.head, std::move(result), now_);
}

void Simulation::deliver(std::size_t w) {
  const StreamId stream = workers_[w].work.stream;
  delivered_.clear();
  core_->deliveries(stream, delivered_, dice_.from(1, 4), now_);
  act_on_effects();
  for (Finished& finished : delivered_) onlooker_->left(finished);
  hold_or_let_go(stream_of(stream));
  core_->end_delivery(stream, now_);
  start(w, core_->take(static_cast<WorkerId>(w), now_));
}

// A sink that has had enough of one stream, or room again for all.
void Simulation::hold_or_let_go(SimStream& stream) {
  if (dice_.chance(10)) {
    core_->hold_results(stream.id, now_);
    ++stream.holds;
  } else if (dice_.chance(10)) {
    for (SimStream& other : streams_) let_go(other);
  }
}

void Simulation::pull(std::size_t w) {
  SimStream& stream = stream_of(workers_[w].work.stream);
  inputs_.clear();
  Pulled what = Pulled::kInput;
  while (what == Pulled::kInput && inputs_.size() < workers_[w].work.inputs) {
    if (stream.left == 0) {
      what = Pulled::kEnd;
    } else if (dice_.chance(15)) {
      what = Pulled::kNothingNow;
    } else {
      --stream.left;
      inputs_.emplace_back().tell_drop = true;
    }
  }
  if (what == Pulled::kNothingNow) {
    if (dice_.chance(50)) {
      core_->source_ready(stream.id, now_);  // it came just when it was being asked
      act_on_effects();
    } else {
      stream.waiting = true;
    }
  }
  core_->end_pull(stream.id, inputs_, what, now_);
  for (const Submission& input : inputs_) {
    onlooker_->submitted(stream.id, input, Admit::kAdmitted);
  }
  start(w, core_->take(static_cast<WorkerId>(w), now_));
}

void Simulation::take_result() {
  Finished finished;
  const uint32_t which = dice_.below(static_cast<uint32_t>(streams_.size()) + 1);
  const bool any = which == streams_.size();
  const bool got = any ? core_->take_result(finished, now_)
                       : core_->take_result(streams_[which].id, finished, now_);
  if (got) onlooker_->left(finished);
}

void Simulation::fault() {
  SimStream& stream = streams_[dice_.below(static_cast<uint32_t>(streams_.size()))];
  now_ += dice_.below(100);
  const uint32_t what = dice_.below(100);
  if (what < 40) {
    core_->cancel(stream.id, onlooker_->some_task(dice_.next()), now_);
  } else if (what < 50) {
    core_->cancel_stream(stream.id, now_);
  } else if (what < 53) {
    core_->cancel_all(now_);
  } else if (what < 75) {
    change_a_bound(stream);
  } else if (what < 80) {
    static_cast<void>(core_->close_stream(stream.id, now_).has_value());
  } else if (what < 90) {
    if (streams_.size() < 8) open_stream(10);
  } else if (what < 92) {
    core_->stop(now_);
    stopped_ = true;
  } else {
    pass_time();
  }
}

// Credits, a mailbox, a stage's limit: more or less of it while all runs.
void Simulation::change_a_bound(SimStream& stream) {
  const uint32_t which = dice_.below(100);
  if (which < 60) {
    static_cast<void>(core_->set_credits(stream.id, dice_.from(1, 20), now_).has_value());
  } else if (which < 80) {
    static_cast<void>(core_->set_mailbox_capacity(stream.id, dice_.below(6), now_).has_value());
  } else {
    const auto stages = static_cast<uint32_t>(graph_->stages().size());
    const auto stage = static_cast<StageId>(dice_.below(stages));
    const uint32_t limit = dice_.below(4);
    if (core_->set_limit(stage, limit, now_)) onlooker_->limited(stage, limit);
  }
}

std::string Simulation::at_the_end() {
  if (!core_->quiet()) return "it stands still with tasks inside";
  for (const SimStream& stream : streams_) {
    const bool open = core_->is_open(stream.id) && !stopped_;
    if (open && stream.left > 0) return "a poster or a source was forgotten";
    if (!core_->is_open(stream.id) && !stream.kept.expired()) return "a stream that went keeps on";
    auto counts = core_->counts(stream.id);
    if (counts && counts->admitted != counts->ended()) return "a task was admitted and never ended";
  }
  std::string wrong = core_->check_invariants(true);
  if (wrong.empty()) wrong = onlooker_->at_the_end();
  return wrong;
}

}  // namespace

SimulationReport simulate(uint64_t seed, const SimulationOptions& options) {
  return Simulation(seed, options).run();
}

}  // namespace weir::flow
