#include "weir/flow/thread_driver.h"

#include <pthread.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <utility>

#include "weir/base/cpu.h"
#include "weir/flow/thread_usage.h"

namespace weir::flow {
namespace {

constexpr std::size_t kDeliverAtOnce = 16;
constexpr uint32_t kQuickUnits = 8;
// Of quick units: when they are not that quick any more, the rest is given back.
constexpr int64_t kLongestRunNs = 10'000;

bool needs_time(const Graph& graph, bool meters) {
  return meters || std::any_of(graph.stages().begin(), graph.stages().end(),
                               [](const Stage& stage) { return stage.batched; });
}

// Without meters there is no time to tell what is quick.
uint32_t quick_units(const DriverOptions& options) {
  return options.meters && options.mode == Mode::kThroughput ? kQuickUnits : 1;
}

// Bodies do not throw; what comes out of one all the same belongs to its task.
template <class Run>
StageResult guarded(const Stage& stage, Run run) {
  try {
    return run();
  } catch (const std::exception& thrown) {
    return StageResult::fail(Error(ErrorCode::kInternal, thrown.what(), stage.spec.name));
  } catch (...) {
    return StageResult::fail(
        Error(ErrorCode::kInternal, "the stage threw something unknown", stage.spec.name));
  }
}

// Swapped with the core's effects, so that their vectors keep their memory.
Effects& spare_effects() {
  static thread_local Effects spare;
  return spare;
}

}  // namespace

ThreadDriver::ThreadDriver(std::shared_ptr<const Graph> graph, const DriverOptions& options)
    : graph_(std::move(graph)),
      clock_(options.clock != nullptr ? *options.clock : SteadyClock::instance()),
      system_root_(options.system_root),
      quota_before_(cgroup_quota_use(system_root_).value_or(QuotaUse())),
      timed_(needs_time(*graph_, options.meters)),
      meter_(options.meters
                 ? std::make_unique<Meter>(layout_of(*graph_, usable_cores()), clock_.now_ns())
                 : nullptr),
      core_(graph_,
            {.mode = options.mode, .meter = meter_.get(), .quick_units = quick_units(options)}) {
  core_.set_watched(false);
  start_threads();
}

void ThreadDriver::start_threads() {
  for (const ExecutorSpec& executor : graph_->executors()) {
    for (uint32_t w = 0; w < executor.workers; ++w) {
      auto worker = std::make_unique<Worker>();
      worker->meter_index = static_cast<int>(workers_.size());  // both number workers through
      // At once: a worker that seldom has to help would take them from the heap much later.
      worker->finished.reserve(kDeliverAtOnce);
      worker->results.reserve(kQuickUnits);
      worker->inputs.reserve(kQuickUnits);
      workers_.push_back(std::move(worker));
    }
  }
  for (std::size_t w = 0; w < workers_.size(); ++w) {
    workers_[w]->thread = std::thread([this, w] { loop(static_cast<WorkerId>(w)); });
  }
}

ThreadDriver::~ThreadDriver() {
  with_core([](Core& core, int64_t now_ns) { core.stop(now_ns), core.stop(now_ns); });
  wait_for(kNever, [](Core& core, int64_t) { return core.quiet(); });
  // A device's thread that ended the last job may still be waking somebody.
  while (finishing_.load() != 0) std::this_thread::yield();
  exiting_.store(true);
  for (const auto& worker : workers_) worker->parker.unpark();
  for (const auto& worker : workers_) worker->thread.join();
}

ThreadDriver::Turn::~Turn() {
  if (driver_.core_.effects().empty()) {
    driver_.mutex_.unlock();
    return;
  }
  Effects effects;
  std::swap(effects, spare_effects());
  std::swap(effects, driver_.core_.effects());
  driver_.mutex_.unlock();
  driver_.carry_out(effects);
  effects.clear();
  std::swap(effects, spare_effects());
}

void ThreadDriver::carry_out(Effects& effects) {
  for (const WorkerId id : effects.wake) workers_[id]->parker.unpark();
  if (!effects.wake.empty()) wakes_.fetch_add(effects.wake.size(), std::memory_order_relaxed);
  for (const StreamId stream : effects.posters) room(stream).notify_all();
  if (effects.results || effects.progress) changed_.notify_all();
}

void ThreadDriver::sleep_on(CondVar& condition, int64_t until_ns) {
  if (until_ns == kNever) return condition.wait(mutex_);
  const int64_t left = until_ns - clock_.now_ns();
  condition.wait_until(mutex_, std::chrono::steady_clock::now() + std::chrono::nanoseconds(left));
}

Result<StreamId> ThreadDriver::open_stream(const StreamOptions& options) {
  std::vector<std::unique_ptr<StreamState>> states(graph_->serial_stages());
  for (const Stage& stage : graph_->stages()) {
    if (stage.serial < 0) continue;
    states[static_cast<std::size_t>(stage.serial)] = stage.spec.body->open_stream();
  }
  return with_core([&](Core& core, int64_t now_ns) {
    return core.open_stream(options, std::move(states), now_ns);
  });
}

Admit ThreadDriver::submit(StreamId stream, Submission& submission, int64_t until_ns) {
  if (submission.deadline_ns != kNever) timed_.store(true, std::memory_order_relaxed);
  submission.will_wait = until_ns != 0;
  Turn turn(*this);
  while (true) {
    const Admit said = core_.submit(stream, submission, now());
    if (said != Admit::kBlocked || until_ns == 0) return said;
    if (until_ns != kNever && clock_.now_ns() >= until_ns) return said;
    sleep_on(room(stream), until_ns);
  }
}

Admit ThreadDriver::submit_here(StreamId stream, Submission& submission) {
  if (submission.deadline_ns != kNever) timed_.store(true, std::memory_order_relaxed);
  WorkerId id = kNoWorker;
  Admit said = Admit::kClosed;
  {
    Turn turn(*this);
    id = core_.borrow_worker();
    said = core_.submit(stream, submission, now());
    if (id != kNoWorker && said != Admit::kAdmitted) {
      core_.leave(id, now());
      id = kNoWorker;
    }
    if (id != kNoWorker) workers_[id]->borrowed = true;
  }
  if (id == kNoWorker) return said;
  const Guest guest{stream, submission.task};
  Work work = look(id, &guest);
  while (work.kind != Work::Kind::kNone) work = step(id, work, &guest);
  return said;
}

void ThreadDriver::finish(Node* head, StageResult result) {
  finishing_.fetch_add(1);
  finish_job(head, std::move(result));
  finishing_.fetch_sub(1);  // the last touch: the driver may go now
}

void ThreadDriver::finish_job(Node* head, StageResult result) {
  const int64_t now_ns = now();
  Turn turn(*this);
  if (meter_ != nullptr) {
    meter_->record(Meter::kOffWorker, head->stage, head->wait_ns, now_ns - head->stamp_ns,
                   static_cast<int>(head->count));
  }
  core_.complete_pending(head, std::move(result), now_ns);
}

void ThreadDriver::measure_usage() {
  if (meter_ == nullptr) return;
  std::vector<ThreadUsage> sums(graph_->executors().size());
  for (std::size_t w = 0; w < workers_.size(); ++w) {
    const auto usage = usage_of(workers_[w]->thread_number.load());
    if (!usage) continue;
    ThreadUsage& sum = sums[core_.executor_of(static_cast<WorkerId>(w))];
    sum.cpu_ns += usage->cpu_ns;
    sum.ready_ns += usage->ready_ns;
  }
  const auto quota = cgroup_quota_use(system_root_);
  Turn turn(*this);
  if (quota) {
    meter_->set_quota_use(quota->periods - quota_before_.periods,
                          quota->used_up - quota_before_.used_up);
  }
  for (std::size_t e = 0; e < sums.size(); ++e) {
    meter_->set_usage(static_cast<int>(e), sums[e].cpu_ns, sums[e].ready_ns);
  }
}

void ThreadDriver::loop(WorkerId id) {
  const ExecutorSpec& executor = graph_->executors()[core_.executor_of(id)];
  pthread_setname_np(pthread_self(), ("weir-" + executor.name).substr(0, 15).c_str());
  spare_effects().wake.reserve(workers_.size());
  prctl(PR_SET_TIMERSLACK, 1);  // the default adds 50 µs to every timed wait
  workers_[id]->thread_number.store(thread_number());
  if (executor.nice != 0) {
    setpriority(PRIO_PROCESS, static_cast<id_t>(thread_number()), executor.nice);
  }
  Work work = look(id, nullptr);
  while (true) {
    if (work.kind != Work::Kind::kNone) {
      work = step(id, work, nullptr);
    } else if (!wait_for_work(id, work)) {
      return;
    }
  }
}

// False: it is time to go.
bool ThreadDriver::wait_for_work(WorkerId id, Work& work) {
  Worker& me = *workers_[id];
  int64_t wake_at_ns = work.wake_at_ns;
  while (!exiting_.load()) {
    if (wake_at_ns == kNever) {
      me.parker.park();
    } else if (const int64_t left = wake_at_ns - clock_.now_ns(); left > 0) {
      me.parker.park(left);
    }
    const int64_t now_ns = now();
    Turn turn(*this);
    if (!me.borrowed) {
      work = next(id, nullptr, now_ns);
      return true;
    }
    wake_at_ns = kNever;  // a guest works in our place, and will see to it
  }
  return false;
}

Work ThreadDriver::look(WorkerId id, const Guest* guest) {
  const int64_t now_ns = now();
  Turn turn(*this);
  return next(id, guest, now_ns);
}

// With the mutex held: the worker has reported, and wants more.
Work ThreadDriver::next(WorkerId id, const Guest* guest, int64_t now_ns) {
  if (guest != nullptr && !core_.unfinished(guest->stream, guest->task)) {
    core_.leave(id, now_ns);
    workers_[id]->borrowed = false;
    return {};
  }
  if (meter_ != nullptr) {
    const int pressed = meter_->first_pressed();
    core_.set_bottleneck(pressed < 0 ? kNoStage : static_cast<StageId>(pressed));
  }
  Work work = core_.take(id, now_ns);
  if (work.kind == Work::Kind::kDeliver) {
    core_.deliveries(work.stream, workers_[id]->finished, kDeliverAtOnce, now_ns);
  } else if (work.kind == Work::Kind::kNone && guest != nullptr) {
    workers_[id]->borrowed = false;
  }
  return work;
}

Work ThreadDriver::step(WorkerId id, Work work, const Guest* guest) {
  switch (work.kind) {
    case Work::Kind::kJob: {
      const StageBody& body = *graph_->stage(work.job.stage).spec.body;
      if (body.asynchronous()) return run_many(id, work.job, guest);
      if (work.job.count == 1) return run_one(id, work.job, guest);
      if (!graph_->stage(work.job.stage).batched) return run_quick(id, work.job, guest);
      return run_many(id, work.job, guest);
    }
    case Work::Kind::kDeliver:
      return deliver(id, work.stream, guest);
    case Work::Kind::kPull:
      return pull(id, work, guest);
    case Work::Kind::kNone:
      break;
  }
  return work;
}

Work ThreadDriver::run_one(WorkerId id, const Job& job, const Guest* guest) {
  const Stage& stage = graph_->stage(job.stage);
  const Worker& me = *workers_[id];
  const int64_t cpu = cpu_before(me, job);
  Slot slot(job.head->unit, job.head);
  StageResult result =
      guarded(stage, [&] { return stage.spec.body->run(slot, slot.stop_token()); });
  const int64_t end_ns = now();
  record_cpu(me, job, cpu, end_ns);
  Work work;
  {
    Turn turn(*this);
    core_.end(job, std::move(result), end_ns);
    work = next(id, guest, end_ns);
    if (meter_ != nullptr && me.meter_index == Meter::kOffWorker) record(me, job, end_ns);
  }
  if (meter_ != nullptr && me.meter_index != Meter::kOffWorker) record(me, job, end_ns);
  return work;
}

// One by one, with a look at the clock now and then; what is left when they take too long is given
// back.
Work ThreadDriver::run_quick(WorkerId id, const Job& job, const Guest* guest) {
  const Stage& stage = graph_->stage(job.stage);
  Worker& me = *workers_[id];
  me.results.clear();
  const int64_t cpu = cpu_before(me, job);
  int64_t begin_ns = job.start_ns;
  int64_t end_ns = job.start_ns;
  const Node* first = job.head;  // since the last look
  int count = 0;
  for (Node* node = job.head; node != nullptr; node = node->next) {
    Slot slot(node->unit, node);
    me.results.push_back(
        guarded(stage, [&] { return stage.spec.body->run(slot, slot.stop_token()); }));
    if (++count < job.units_per_look && node->next != nullptr) continue;
    end_ns = now();
    meter_->record_many(me.meter_index, job.stage, end_ns - begin_ns, count, [&](int) {
      return std::exchange(first, first->next)->wait_ns + begin_ns - job.start_ns;
    });
    if (end_ns - job.start_ns > kLongestRunNs) break;
    begin_ns = end_ns;
    count = 0;
  }
  record_cpu(me, job, cpu, end_ns);
  Turn turn(*this);
  core_.end_batch(job, {}, me.results, end_ns);
  return next(id, guest, end_ns);
}

Work ThreadDriver::run_many(WorkerId id, const Job& job, const Guest* guest) {
  const Stage& stage = graph_->stage(job.stage);
  StageBody& body = *stage.spec.body;
  Worker& me = *workers_[id];
  me.slots.clear();
  for (Node* node = job.head; node != nullptr; node = node->next) {
    me.slots.emplace_back(node->unit, node);
  }
  me.results.clear();
  const int64_t cpu = cpu_before(me, job);
  StageResult whole;
  if (body.asynchronous()) {
    whole = guarded(stage, [&] { return body.start(me.slots, Completion(this, job.head)); });
    if (whole.verdict == Verdict::kPending) return look(id, guest);  // it may be over already
  } else {
    me.results.resize(me.slots.size());
    const StopToken stop = me.slots.size() == 1 ? me.slots[0].stop_token() : StopToken();
    whole = guarded(stage, [&] { return body.run_batch(me.slots, me.results, stop); });
  }
  const int64_t end_ns = now();
  record_cpu(me, job, cpu, end_ns);
  Turn turn(*this);
  core_.end_batch(job, std::move(whole), me.results, end_ns);
  if (meter_ != nullptr) record(me, job, end_ns);
  return next(id, guest, end_ns);
}

void ThreadDriver::record(const Worker& me, const Job& job, int64_t end_ns) {
  meter_->record(me.meter_index, job.stage, job.wait_ns, end_ns - job.start_ns,
                 static_cast<int>(job.count));
}

// -1: the CPU time of this job is not wanted.
int64_t ThreadDriver::cpu_before(const Worker& me, const Job& job) {
  if (meter_ == nullptr || me.meter_index == Meter::kOffWorker) return -1;
  return meter_->wants_cpu(me.meter_index, job.stage, job.start_ns) ? own_cpu_ns() : -1;
}

void ThreadDriver::record_cpu(const Worker& me, const Job& job, int64_t before, int64_t end_ns) {
  if (before < 0) return;
  meter_->record_cpu(me.meter_index, job.stage, end_ns - job.start_ns, own_cpu_ns() - before);
}

Work ThreadDriver::deliver(WorkerId id, StreamId stream, const Guest* guest) {
  Worker& me = *workers_[id];
  for (Finished& finished : me.finished) {
    ResultSink* const sink = finished.sink;
    sink->on_result(std::move(finished));
  }
  me.finished.clear();
  const int64_t now_ns = now();
  Turn turn(*this);
  core_.end_delivery(stream, now_ns);
  return next(id, guest, now_ns);
}

Work ThreadDriver::pull(WorkerId id, const Work& work, const Guest* guest) {
  std::vector<Submission>& inputs = workers_[id]->inputs;
  Pulled what = Pulled::kInput;
  while (what == Pulled::kInput && inputs.size() < work.inputs) {
    Submission& input = inputs.emplace_back();
    what = work.source->pull(input.payload, input.birth_ns);
  }
  if (what != Pulled::kInput) inputs.pop_back();
  const int64_t now_ns = now();
  Turn turn(*this);
  core_.end_pull(work.stream, inputs, what, now_ns);
  inputs.clear();
  return next(id, guest, now_ns);
}

}  // namespace weir::flow
