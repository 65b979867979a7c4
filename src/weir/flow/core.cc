// What workers do: take work, end it, sleep.
#include "weir/flow/core.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <utility>

namespace weir::flow {
namespace {

// A unit that takes less than this part of the quick ones' limit is timed together with others.
constexpr int64_t kTinyPart = 4;
constexpr uint16_t kTinyUnits = 4;

}  // namespace

Core::Core(std::shared_ptr<const Graph> graph, CoreOptions options)
    : graph_(std::move(graph)), options_(options), meter_(options.meter) {
  const std::size_t stages = graph_->stages().size();
  const std::size_t words = (stages + 63) / 64;
  ready_.resize(stages);
  batchers_.resize(stages);
  waiting_.resize(stages);
  running_.resize(stages);
  quick_.resize(stages);
  by_rank_.resize(stages);
  ready_mask_.resize(words);
  pools_.resize(graph_->scopes().size());
  for (std::size_t s = 0; s < pools_.size(); ++s) pools_[s].init(*graph_, static_cast<uint8_t>(s));
  for (const ExecutorSpec& spec : graph_->executors()) {
    Executor executor;
    executor.mask.resize(words);
    executor.cpu = spec.kind == ExecutorKind::kCpu;
    executor.lanes = spec.lanes;
    executor.depth = executor.cpu ? spec.workers : spec.lanes + 1;
    executor.woken = spec.workers;
    executor.idle.reserve(spec.workers);
    for (uint32_t w = 0; w < spec.workers; ++w) {
      workers_.push_back({static_cast<ExecutorId>(executors_.size()), WorkerState::kWoken});
    }
    executors_.push_back(std::move(executor));
  }
  for (const Stage& stage : graph_->stages()) {
    limit_.push_back(stage.limit);
    const bool own = !stage.batched && executors_[stage.executor].cpu;
    units_.push_back(own && !stage.spec.body->asynchronous() ? options_.quick_units : 1);
    by_rank_[stage.rank] = stage.id;
    batchers_[stage.id].init(stage.spec.batch);
    Executor& executor = executors_[stage.executor];
    executor.mask[stage.rank / 64] |= uint64_t{1} << (stage.rank % 64);
    executor.stages.push_back(stage.id);
    if (stage.batched) executor.batch_stages.push_back(stage.id);
  }
  choose_duties();
  effects_.wake.reserve(workers_.size());
}

Core::~Core() = default;

// Results are handed out where the last stage runs, sources are asked where the first one runs, if
// those are CPU executors; else on the first that is.
void Core::choose_duties() {
  ExecutorId any = 0;
  while (any < executors_.size() && !executors_[any].cpu) ++any;
  if (any == executors_.size()) any = 0;
  const ExecutorId last = graph_->stage(by_rank_.front()).executor;
  const ExecutorId first = graph_->stage(by_rank_.back()).executor;
  deliverer_ = executors_[last].cpu ? last : any;
  puller_ = executors_[first].cpu ? first : any;
}

Work Core::take(WorkerId id, int64_t now_ns) {
  now_ = now_ns;
  leave_sleep(id);
  return next(id);
}

void Core::leave_sleep(WorkerId id) {
  Worker& worker = workers_[id];
  Executor& executor = executors_[worker.executor];
  if (worker.state == WorkerState::kWoken) {
    --executor.woken;
  } else if (worker.state == WorkerState::kIdle) {  // it woke by itself
    executor.idle.erase(std::find(executor.idle.begin(), executor.idle.end(), id));
    executor.armed_ns = kNever;
  }
  worker.state = WorkerState::kBusy;
  if (worker.quick) --executor.quick_rounds;
  worker.quick = false;
}

// The next thing to do for a worker that has nothing.
Work Core::next(WorkerId id) {
  Work work;
  if (!next_work(id, work)) sleep(id, work.wake_at_ns);
  settle();
  return work;
}

bool Core::next_work(WorkerId id, Work& work) {
  const ExecutorId own = workers_[id].executor;
  if (!deliverable_.empty() && (own == deliverer_ || executors_[own].cpu)) {
    Stream& stream = *deliverable_.pop();
    begin_delivery(stream, work);
    note_round(id, stream.quick_sink.quick());
  } else if (next_job(own, work.job)) {
    work.kind = Work::Kind::kJob;
    note_round(id, quick_[work.job.stage].quick());
  } else if (own == puller_ && !pullable_.empty()) {
    Stream& stream = *pullable_.pop();
    begin_pull(stream, work);
    note_round(id, stream.quick_source.quick());
  }
  return work.kind != Work::Kind::kNone;
}

void Core::begin_delivery(Stream& stream, Work& work) {
  stream.in_deliver_list = false;
  stream.delivering = true;
  stream.deliver_ns = now_;
  stream.handed_out = 0;
  ++outside_;
  if (meter_ != nullptr) meter_->deliver_begins(now_);
  work.kind = Work::Kind::kDeliver;
  work.stream = stream.id;
}

void Core::begin_pull(Stream& stream, Work& work) {
  stream.in_pull_list = false;
  stream.pulling = true;
  stream.pull_ns = now_;
  ++outside_;
  if (meter_ != nullptr) {
    meter_->input_waits(stream.id.index, false, now_);
    meter_->pull_begins(stream.id.index, now_);
  }
  work.kind = Work::Kind::kPull;
  work.stream = stream.id;
  work.source = stream.options.source;
  if (stream.quick_source.quick()) {
    work.inputs = std::min(options_.quick_units, stream.credits - stream.in_flight);
  }
}

void Core::note_round(WorkerId id, bool quick) {
  if (!quick || options_.quick_units == 1) return;
  Executor& executor = executors_[workers_[id].executor];
  workers_[id].quick = true;
  ++executor.quick_rounds;
  executor.quick_since_ns = now_;
}

void Core::sleep(WorkerId id, int64_t& wake_at_ns) {
  Executor& executor = executors_[workers_[id].executor];
  workers_[id].state = WorkerState::kIdle;
  executor.idle.push_back(id);
  wake_at_ns = batch_due(executor);
  if (executor.quick_rounds > 0) wake_at_ns = std::min(wake_at_ns, now_ + kLingerNs);
  executor.armed_ns = std::min(executor.armed_ns, wake_at_ns);
}

// The place of the first ready stage in the order of priority, or -1.
int Core::pick(const Executor& executor) const {
  if (bottleneck_ != kNoStage) {
    const Stage& stage = graph_->stage(bottleneck_);
    const uint64_t bit = uint64_t{1} << (stage.rank % 64);
    if ((ready_mask_[stage.rank / 64] & executor.mask[stage.rank / 64] & bit) != 0) {
      return stage.rank;
    }
  }
  for (std::size_t w = 0; w < ready_mask_.size(); ++w) {
    const uint64_t bits = ready_mask_[w] & executor.mask[w];
    if (bits != 0) return static_cast<int>(w * 64) + std::countr_zero(bits);
  }
  return -1;
}

bool Core::next_job(ExecutorId id, Job& job) {
  Executor& executor = executors_[id];
  if (executor.in_flight >= executor.depth) return false;
  if (!executor.batch_stages.empty()) refresh_batches(executor);
  for (int rank = pick(executor); rank >= 0; rank = pick(executor)) {
    const Stage& stage = graph_->stage(by_rank_[static_cast<std::size_t>(rank)]);
    const bool found =
        ready_[stage.id].head != nullptr ? start_single(stage, job) : start_batch(stage, job);
    if (found) return true;
    drain();  // whoever died while waiting sets others free
  }
  return false;
}

bool Core::start_single(const Stage& stage, Job& job) {
  ReadyList& list = ready_[stage.id];
  Node* node = list.head;
  list.head = node->next;
  node->next = nullptr;
  look_at_deadline(node->unit->task, stage);
  if (node->unit->dead() && !stage.spec.always) {
    refresh(stage);
    if (meter_ != nullptr) meter_->stage_gives_up(stage.id, now_);
    pass(node);
    return false;
  }
  job.head = node;
  job.count = 1;
  if (const QuickRun& pace = quick_[stage.id]; pace.quick()) {
    take_more(stage, job);
    job.units_per_look = pace.each_ns * kTinyPart <= options_.quick_ns ? kTinyUnits : 1;
  }
  node->count = job.count;
  start(stage, job);
  return true;
}

// Others of a quick stage. A dead one ends the search: the next take passes it.
void Core::take_more(const Stage& stage, Job& job) {
  ReadyList& list = ready_[stage.id];
  Node* last = job.head;
  while (job.count < units_[stage.id] && list.head != nullptr) {
    Node* node = list.head;
    look_at_deadline(node->unit->task, stage);
    if (node->unit->dead() && !stage.spec.always) return;
    list.head = node->next;
    node->next = nullptr;
    last = last->next = node;
    ++job.count;
  }
}

bool Core::start_batch(const Stage& stage, Job& job) {
  uint32_t count = 0;
  Node* node = batchers_[stage.id].form(now_, at_once(executors_[stage.executor]), count);
  Node** alive_end = &job.head;
  uint32_t alive = 0;
  while (node != nullptr && count > 0) {
    Node* following = node->next;
    --count;
    look_at_deadline(node->unit->task, stage);
    if (node->unit->dead() && !stage.spec.always) {
      if (meter_ != nullptr) meter_->stage_gives_up(stage.id, now_);
      pass(node);
    } else {
      *alive_end = node;
      alive_end = &node->next;
      ++alive;
    }
    node = following;
  }
  *alive_end = nullptr;
  refresh(stage);
  if (alive == 0) return false;
  job.count = alive;
  job.head->count = alive;
  start(stage, job);
  drain();
  return true;
}

void Core::start(const Stage& stage, Job& job) {
  job.stage = stage.id;
  job.start_ns = now_;
  job.wait_ns = now_ - job.head->stamp_ns;
  for (Node* node = job.head; node != nullptr; node = node->next) {
    node->state = NodeState::kRunning;
    node->wait_ns = now_ - node->stamp_ns;
    node->stamp_ns = now_;
  }
  waiting_[stage.id] -= job.count;
  ++running_[stage.id];
  ++executors_[stage.executor].in_flight;
  if (meter_ != nullptr) meter_->stage_begins(stage.id, now_, static_cast<int>(job.count));
  if (limited(stage) || ready_[stage.id].head == nullptr) refresh(stage);
}

void Core::end_job(StageId id, uint32_t count) {
  const Stage& stage = graph_->stage(id);
  assert(running_[id] > 0);
  --running_[id];
  --executors_[stage.executor].in_flight;
  if (meter_ != nullptr) meter_->stage_ends(id, now_, static_cast<int>(count));
  if (limited(stage)) refresh(stage);
}

// Whether the stage is worth a round through the core for each unit.
void Core::note_pace(const Job& job, std::size_t ran) {
  if (units_[job.stage] == 1) return;
  quick_[job.stage].add(now_ - job.start_ns, static_cast<int64_t>(ran), options_.quick_ns);
}

// What a body said of one unit.
void Core::apply(Node* node, StageResult& result) {
  const Stage& stage = graph_->stage(node->stage);
  Unit* unit = node->unit;
  node->count = 0;
  switch (result.verdict) {
    case Verdict::kDone:
      node->count = result.items;
      break;
    case Verdict::kSkip:
      kill(unit, Outcome::kSkipped);
      break;
    case Verdict::kPending:  // a body that is not asynchronous has no business saying so
      kill(unit, Outcome::kFailed,
           std::make_unique<Error>(ErrorCode::kInternal, "the stage never ended", stage.spec.name));
      break;
    case Verdict::kFail:
      kill(unit, Outcome::kFailed, std::move(result.error));
      break;
  }
  if (!result.skip.empty()) unit->steps -= result.skip;
  if (result.bucket != 0) {
    for (const StageId id : stage.next) unit->nodes[graph_->stage(id).local].bucket = result.bucket;
  }
  finish(node);
}

void Core::end(const Job& job, StageResult result, int64_t now_ns) {
  assert(job.count == 1);
  now_ = now_ns;
  note_pace(job, 1);
  end_job(job.stage, 1);
  apply(job.head, result);
  drain();
}

// `each` may be empty: then `whole` is the result of every unit.
void Core::end_units(Node* head, StageResult& whole, std::span<StageResult> each) {
  const uint32_t count = head->count;
  end_job(head->stage, count);
  const bool retry = whole.verdict == Verdict::kFail && count > 1;
  const bool partly = whole.verdict != Verdict::kFail && !each.empty();
  std::size_t i = 0;
  for (Node* node = head; node != nullptr; ++i) {
    Node* following = node->next;
    node->next = nullptr;
    if (retry || (partly && i >= each.size())) {
      node->alone = retry;  // one of them may be to blame: each again, alone
      node->stamp_ns = now_;
      ++waiting_[node->stage];
      place(node);
    } else if (whole.verdict == Verdict::kFail || each.empty()) {
      StageResult copy;
      copy.verdict = whole.verdict;
      copy.error = std::move(whole.error);
      copy.items = whole.items;
      copy.bucket = whole.bucket;
      copy.skip = whole.skip;
      apply(node, copy);
    } else {
      apply(node, each[i]);
    }
    node = following;
  }
  drain();
}

void Core::end_batch(const Job& job, StageResult whole, std::span<StageResult> each,
                     int64_t now_ns) {
  now_ = now_ns;
  note_pace(job, each.empty() ? job.count : each.size());
  end_units(job.head, whole, each);
}

void Core::complete_pending(Node* head, StageResult result, int64_t now_ns) {
  now_ = now_ns;
  end_units(head, result, {});
  settle();
}

WorkerId Core::borrow_worker() {
  Executor& executor = executors_[puller_];
  if (executor.idle.empty() || executor.woken != 0 || may_start(executor)) return kNoWorker;
  const WorkerId id = executor.idle.back();
  executor.idle.pop_back();
  executor.armed_ns = kNever;
  workers_[id].state = WorkerState::kWoken;
  ++executor.woken;
  return id;
}

void Core::leave(WorkerId worker, int64_t now_ns) {
  now_ = now_ns;
  leave_sleep(worker);
  Executor& executor = executors_[workers_[worker].executor];
  const int64_t armed = executor.armed_ns;
  int64_t unused = kNever;
  sleep(worker, unused);
  executor.armed_ns = armed;  // the thread that is parked knows of no timer
  settle();
}

}  // namespace weir::flow
