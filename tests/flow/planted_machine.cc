#include "tests/flow/planted_machine.h"

#include <algorithm>
#include <utility>

namespace weir::flow {
namespace {

constexpr int64_t kWakeNs = 20'000;

std::shared_ptr<const Graph> compiled(GraphSpec spec) {
  struct Nothing : StageBody {
    StageResult run(Slot&, StopToken) override { return StageResult::done(); }
  };
  for (StageSpec& stage : spec.stages) stage.body = std::make_shared<Nothing>();
  return std::move(Graph::compile(std::move(spec))).value();
}

}  // namespace

PlantedMachine::PlantedMachine(GraphSpec spec, std::vector<PlantedCost> costs, int cores,
                               uint64_t seed)
    : graph_(compiled(std::move(spec))),
      costs_(std::move(costs)),
      meter_(layout_of(*graph_, cores)),
      core_(graph_, {.meter = &meter_}),
      random_(seed),
      free_cores_(cores),
      cpu_ns_(graph_->executors().size()),
      ready_ns_(graph_->executors().size()),
      parked_(core_.worker_count()) {
  for (const ExecutorSpec& executor : graph_->executors()) {
    const bool device = executor.kind == ExecutorKind::kDevice;
    lanes_free_ns_.emplace_back(device ? executor.lanes : 0);
  }
}

int64_t PlantedMachine::spread(double us) {
  return static_cast<int64_t>(us * 1000 *
                              std::uniform_real_distribution<double>(0.8, 1.2)(random_));
}

void PlantedMachine::at(int64_t ns, std::function<void()> happens) {
  agenda_.push({ns, ++events_, std::move(happens)});
}

void PlantedMachine::advance_to(int64_t ns) {
  while (!agenda_.empty() && agenda_.top().at_ns <= ns) {
    now_ns_ = agenda_.top().at_ns;
    const auto happens = agenda_.top().happens;
    agenda_.pop();
    happens();
    act();
  }
  now_ns_ = ns;
}

void PlantedMachine::act() {
  Effects& effects = core_.effects();
  for (const WorkerId worker : effects.wake) {
    at(now_ns_ + kWakeNs, [this, worker] { take(worker); });
    if (parked_[worker] % 2 == 1) ++parked_[worker];
  }
  for (const StreamId stream : effects.posters) {
    for (std::size_t s = 0; s < sources_.size(); ++s) {
      if (sources_[s].id == stream && std::exchange(sources_[s].blocked, false)) {
        at(now_ns_, [this, s] { offer(s); });
      }
    }
  }
  effects.clear();
}

void PlantedMachine::take(WorkerId worker) {
  go_on(worker, core_.take(worker, now_ns_));
}

void PlantedMachine::go_on(WorkerId worker, const Work& work) {
  switch (work.kind) {
    case Work::Kind::kJob:
      run_job(worker, work.job);
      break;
    case Work::Kind::kDeliver: {
      std::vector<Finished> results;
      core_.deliveries(work.stream, results, 16, now_ns_);
      double us = 0;
      for (const Source& source : sources_) {
        if (source.id == work.stream) us = source.planted.sink_us;
      }
      const auto ns = static_cast<int64_t>(us * 1000 * static_cast<double>(results.size()));
      at(now_ns_ + ns, [this, worker, stream = work.stream] {
        core_.end_delivery(stream, now_ns_);
        go_on(worker, core_.take(worker, now_ns_));
      });
      break;
    }
    case Work::Kind::kPull: {
      double us = 0;
      for (const Source& source : sources_) {
        if (source.id == work.stream) us = source.planted.every_us;
      }
      at(now_ns_ + spread(us), [this, worker, stream = work.stream] {
        Submission submission;
        core_.end_pull(stream, Pulled::kInput, submission, now_ns_);
        go_on(worker, core_.take(worker, now_ns_));
      });
      break;
    }
    case Work::Kind::kNone: {
      const uint32_t sleep = ++parked_[worker];
      if (work.wake_at_ns == kNever) break;
      at(work.wake_at_ns, [this, worker, sleep] {
        if (parked_[worker] == sleep) ++parked_[worker], take(worker);
      });
      break;
    }
  }
}

void PlantedMachine::run_job(WorkerId worker, const Job& job) {
  const PlantedCost& cost = costs_[job.stage];
  const std::size_t executor = graph_->stage(job.stage).executor;
  const int64_t ns = spread(cost.cpu_us);
  const auto end = [this, worker, job, ns] {
    meter_.record_cpu(worker, job.stage, now_ns_ - job.start_ns, ns);
    end_job(worker, job);
  };
  if (!lanes_free_ns_[executor].empty()) {
    auto& lanes = lanes_free_ns_[executor];
    auto lane = std::min_element(lanes.begin(), lanes.end());
    *lane = std::max(*lane, now_ns_) + ns;
    at(*lane, end);
  } else if (cost.locked) {
    with_lock([this, executor, ns, end] {
      on_core({executor, ns, now_ns_, [this, end] { release_lock(), end(); }});
    });
  } else {
    on_core({executor, ns, now_ns_, end});
  }
}

void PlantedMachine::end_job(WorkerId worker, const Job& job) {
  meter_.record(worker, job.stage, job.wait_ns, now_ns_ - job.start_ns,
                static_cast<int>(job.count));
  go_on(worker, core_.complete(worker, job, StageResult::done(), now_ns_));
}

void PlantedMachine::on_core(Burst burst) {
  if (free_cores_ == 0) {
    run_queue_.push_back(std::move(burst));
    return;
  }
  --free_cores_;
  ready_ns_[burst.executor] += now_ns_ - burst.since_ns;
  cpu_ns_[burst.executor] += burst.ns;
  at(now_ns_ + burst.ns, [this, then = std::move(burst.then)] {
    release_core();
    then();
  });
}

void PlantedMachine::release_core() {
  ++free_cores_;
  if (run_queue_.empty()) return;
  Burst next = std::move(run_queue_.front());
  run_queue_.pop_front();
  on_core(std::move(next));
}

void PlantedMachine::with_lock(std::function<void()> then) {
  if (lock_held_) {
    lock_queue_.push_back(std::move(then));
    return;
  }
  lock_held_ = true;
  then();
}

void PlantedMachine::release_lock() {
  lock_held_ = false;
  if (lock_queue_.empty()) return;
  auto next = std::move(lock_queue_.front());
  lock_queue_.pop_front();
  with_lock(std::move(next));
}

void PlantedMachine::add_stream(const PlantedStream& planted) {
  StreamOptions options;
  options.credits = planted.credits;
  options.pulled = planted.feed == Feed::kPulled;
  options.mailbox = planted.feed == Feed::kLive ? MailboxPolicy::kLatest : MailboxPolicy::kBlock;
  options.mailbox_capacity = planted.feed == Feed::kLive ? 1 : 0;
  options.sink = planted.fetched ? nullptr : &sink_;
  options.results_hold_credit = planted.fetched;
  std::vector<std::unique_ptr<StreamState>> states(graph_->serial_stages());
  const StreamId id = core_.open_stream(options, std::move(states), now_ns_).value();
  const std::size_t index = sources_.size();
  sources_.push_back({id, planted});
  if (planted.feed != Feed::kPulled) at(now_ns_, [this, index] { offer(index); });
  if (planted.fetched) at(now_ns_, [this, index] { fetch(index); });
}

void PlantedMachine::offer(std::size_t index) {
  Source& source = sources_[index];
  Submission submission;
  submission.will_wait = source.planted.feed == Feed::kPosted;
  if (core_.submit(source.id, submission, now_ns_) == Admit::kBlocked) {
    source.blocked = true;
    return;
  }
  at(now_ns_ + spread(source.planted.every_us), [this, index] { offer(index); });
}

void PlantedMachine::fetch(std::size_t index) {
  Finished result;
  (void)core_.take_result(sources_[index].id, result, now_ns_);
  const auto ns = static_cast<int64_t>(sources_[index].planted.sink_us * 1000);
  at(now_ns_ + std::max<int64_t>(ns, 50'000), [this, index] { fetch(index); });
}

void PlantedMachine::tell_usage() {
  for (std::size_t e = 0; e < cpu_ns_.size(); ++e) {
    meter_.set_usage(static_cast<int>(e), cpu_ns_[e], ready_ns_[e]);
  }
}

FlowStats PlantedMachine::run(double warm_up_s, double window_s) {
  for (std::size_t w = 0; w < parked_.size(); ++w) {
    at(now_ns_, [this, worker = static_cast<WorkerId>(w)] { take(worker); });
  }
  advance_to(static_cast<int64_t>(warm_up_s * 1e9));
  MeterCursor cursor;
  tell_usage();
  (void)window(meter_.read(now_ns_), cursor);
  advance_to(now_ns_ + static_cast<int64_t>(window_s * 1e9));
  tell_usage();
  return window(meter_.read(now_ns_), cursor);
}

}  // namespace weir::flow
