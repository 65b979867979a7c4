#include "weir/flow/pipeline.h"

#include <optional>
#include <string>
#include <utility>

#include "weir/base/mutex.h"
#include "weir/flow/thread_driver.h"

namespace weir::flow {
namespace {

// A sink for one task, which ends with it.
class CallbackSink final : public ResultSink {
 public:
  explicit CallbackSink(Pipeline::Callback done) : done_(std::move(done)) {}
  void on_result(Finished result) override {
    const std::unique_ptr<CallbackSink> self(this);
    done_(std::move(result));
  }

 private:
  Pipeline::Callback done_;
};

class FutureSink final : public ResultSink {
 public:
  std::future<Finished> future() { return promise_.get_future(); }
  void on_result(Finished result) override {
    const std::unique_ptr<FutureSink> self(this);
    promise_.set_value(std::move(result));
  }

 private:
  std::promise<Finished> promise_;
};

Submission submission_of(const PostOptions& options, Payload&& payload) {
  Submission submission;
  submission.payload = std::move(payload);
  submission.steps = options.steps;
  submission.deadline_ns = options.deadline_ns;
  submission.birth_ns = options.birth_ns;
  submission.tell_drop = true;
  return submission;
}

Error closed() {
  return Error(ErrorCode::kCancelled, "the stream or the pipeline is closed");
}
Error nothing_yet() {
  return Error(ErrorCode::kDeadline, "nothing finished in time");
}

}  // namespace

struct Pipeline::State {
  State(std::shared_ptr<const Graph> graph, const DriverOptions& options)
      : driver(std::move(graph), options) {}

  // `until_ns`: 0 not to wait.
  Result<Ticket> submit(StreamId stream, Payload&& payload, const PostOptions& options,
                        ResultSink* sink, int64_t until_ns) {
    Submission submission = submission_of(options, std::move(payload));
    submission.sink = sink;
    Admit said = Admit::kBlocked;
    if (options.may_run_here) said = driver.submit_here(stream, submission);
    if (said == Admit::kBlocked && !(options.may_run_here && until_ns == 0)) {
      said = driver.submit(stream, submission, until_ns);
    }
    if (said == Admit::kAdmitted || said == Admit::kQueued) return Ticket{stream, submission.task};
    payload = std::move(submission.payload);
    if (said == Admit::kClosed) return closed();
    if (said == Admit::kDropped) {
      return Error(ErrorCode::kExhausted, "the mailbox is full and drops the newest");
    }
    if (until_ns == 0) return Error(ErrorCode::kExhausted, "no credit and no room in the mailbox");
    return Error(ErrorCode::kDeadline, "no room in time");
  }

  // The stream of those who post without one, opened when the first does.
  Result<StreamId> own_stream() {
    const MutexLock lock(mutex);
    if (!own) {
      const Order order = driver.graph().serial_stages() == 0 ? Order::kNone : Order::kStream;
      WEIR_ASSIGN(own, driver.open_stream({.name = "tasks", .order = order}));
    }
    return *own;
  }

  ThreadDriver driver;
  Mutex mutex;
  std::optional<StreamId> own WEIR_GUARDED_BY(mutex);
};

Pipeline::Pipeline(std::unique_ptr<State> state) : state_(std::move(state)) {}
Pipeline::~Pipeline() = default;

Result<std::unique_ptr<Pipeline>> Pipeline::start(std::shared_ptr<const Graph> graph,
                                                  PipelineOptions options) {
  if (graph == nullptr) return Error(ErrorCode::kInvalidArgument, "there is no graph");
  const DriverOptions driver{options.mode, options.clock, options.meters};
  return std::unique_ptr<Pipeline>(new Pipeline(std::make_unique<State>(std::move(graph), driver)));
}

Result<StreamId> Pipeline::open_stream(const StreamOptions& options) {
  if (options.pulled != (options.source != nullptr)) {
    return Error(ErrorCode::kInvalidArgument, "a pulled stream and a source go together",
                 options.name);
  }
  return state_->driver.open_stream(options);
}

Status Pipeline::close_stream(StreamId stream) {
  return state_->driver.with_core(
      [&](Core& core, int64_t now) { return core.close_stream(stream, now); });
}

Status Pipeline::set_credits(StreamId stream, uint32_t credits) {
  return state_->driver.with_core(
      [&](Core& core, int64_t now) { return core.set_credits(stream, credits, now); });
}

void Pipeline::source_ready(StreamId stream) {
  state_->driver.with_core([&](Core& core, int64_t now) { core.source_ready(stream, now); });
}

void Pipeline::hold_results(StreamId stream) {
  state_->driver.with_core([&](Core& core, int64_t now) { core.hold_results(stream, now); });
}

void Pipeline::release_results(StreamId stream) {
  state_->driver.with_core([&](Core& core, int64_t now) { core.release_results(stream, now); });
}

Status Pipeline::set_mailbox_capacity(StreamId stream, uint32_t capacity) {
  return state_->driver.with_core(
      [&](Core& core, int64_t now) { return core.set_mailbox_capacity(stream, capacity, now); });
}

Status Pipeline::set_limit(StageId stage, uint32_t limit) {
  return state_->driver.with_core(
      [&](Core& core, int64_t now) { return core.set_limit(stage, limit, now); });
}

Result<Ticket> Pipeline::post(StreamId stream, Payload&& payload, const PostOptions& options) {
  return state_->submit(stream, std::move(payload), options, nullptr, kNever);
}

Result<Ticket> Pipeline::post_until(int64_t until_ns, StreamId stream, Payload&& payload,
                                    const PostOptions& options) {
  return state_->submit(stream, std::move(payload), options, nullptr, until_ns);
}

Result<Ticket> Pipeline::try_post(StreamId stream, Payload&& payload, const PostOptions& options) {
  return state_->submit(stream, std::move(payload), options, nullptr, 0);
}

Result<Ticket> Pipeline::post(Payload&& payload, const PostOptions& options) {
  WEIR_ASSIGN(const StreamId stream, state_->own_stream());
  return post(stream, std::move(payload), options);
}

Result<Ticket> Pipeline::try_post(Payload&& payload, const PostOptions& options) {
  WEIR_ASSIGN(const StreamId stream, state_->own_stream());
  return try_post(stream, std::move(payload), options);
}

Result<Ticket> Pipeline::post_callback(StreamId stream, Payload&& payload, Callback done,
                                       const PostOptions& options) {
  auto sink = std::make_unique<CallbackSink>(std::move(done));
  auto ticket = state_->submit(stream, std::move(payload), options, sink.get(), kNever);
  if (ticket) (void)sink.release();  // ends with its result
  return ticket;
}

Result<std::future<Finished>> Pipeline::post_future(StreamId stream, Payload&& payload,
                                                    const PostOptions& options) {
  auto sink = std::make_unique<FutureSink>();
  std::future<Finished> future = sink->future();
  WEIR_TRY(state_->submit(stream, std::move(payload), options, sink.get(), kNever));
  (void)sink.release();
  return future;
}

bool Pipeline::offer(StreamId stream, Payload&& payload, int64_t birth_ns) {
  Submission submission;
  submission.payload = std::move(payload);
  submission.birth_ns = birth_ns;
  const Admit said = state_->driver.submit(stream, submission, 0);
  return said == Admit::kAdmitted || said == Admit::kQueued;
}

Result<Finished> Pipeline::wait(int64_t until_ns) {
  Finished out;
  bool none_left = false;
  const bool told = state_->driver.wait_for(until_ns, [&](Core& core, int64_t now) {
    if (core.take_result(out, now)) return true;
    return none_left = core.stopping() && core.quiet();
  });
  if (!told) return nothing_yet();
  if (none_left) return closed();
  return out;
}

std::optional<Finished> Pipeline::try_wait() {
  Finished out;
  const bool got =
      state_->driver.with_core([&](Core& core, int64_t now) { return core.take_result(out, now); });
  return got ? std::optional<Finished>(std::move(out)) : std::nullopt;
}

Result<Finished> Pipeline::wait(StreamId stream, int64_t until_ns) {
  Finished out;
  bool none_left = false;
  const bool told = state_->driver.wait_for(until_ns, [&](Core& core, int64_t now) {
    if (core.take_result(stream, out, now)) return true;
    const bool more = core.is_open(stream) && !core.stopping();
    return none_left = !more && core.quiet(stream);
  });
  if (!told) return nothing_yet();
  if (none_left) return closed();
  return out;
}

std::optional<Finished> Pipeline::try_wait(StreamId stream) {
  Finished out;
  const bool got = state_->driver.with_core(
      [&](Core& core, int64_t now) { return core.take_result(stream, out, now); });
  return got ? std::optional<Finished>(std::move(out)) : std::nullopt;
}

Result<Finished> Pipeline::wait(Ticket ticket, int64_t until_ns) {
  Finished out;
  bool unknown = false;
  const bool told = state_->driver.wait_for(until_ns, [&](Core& core, int64_t now) {
    if (core.take_result(ticket.stream, ticket.task, out, now)) return true;
    return unknown = !core.unfinished(ticket.stream, ticket.task);
  });
  if (!told) return nothing_yet();
  if (unknown) {
    return Error(ErrorCode::kNotFound, "that task is not in the pipeline any more", {},
                 "its result was taken, or went to a sink");
  }
  return out;
}

bool Pipeline::cancel(Ticket ticket) {
  return state_->driver.with_core(
      [&](Core& core, int64_t now) { return core.cancel(ticket.stream, ticket.task, now); });
}

void Pipeline::cancel_stream(StreamId stream) {
  state_->driver.with_core([&](Core& core, int64_t now) { core.cancel_stream(stream, now); });
}

void Pipeline::cancel_all() {
  state_->driver.with_core([](Core& core, int64_t now) { core.cancel_all(now); });
}

void Pipeline::drain() {
  state_->driver.wait_for(kNever, [](Core& core, int64_t) { return core.drained(); });
}

void Pipeline::drain(StreamId stream) {
  state_->driver.wait_for(kNever, [&](Core& core, int64_t) { return core.drained(stream); });
}

Status Pipeline::drain_until(int64_t until_ns) {
  const auto drained = [](Core& core, int64_t) { return core.drained(); };
  if (state_->driver.wait_for(until_ns, drained)) return {};
  std::string running;
  state_->driver.with_core([&](Core& core, int64_t) {
    for (const Stage& stage : core.graph().stages()) {
      if (core.running(stage.id) == 0) continue;
      running += (running.empty() ? "" : ", ") + stage.spec.name;
    }
  });
  if (running.empty()) return Error(ErrorCode::kDeadline, "not all tasks are through in time");
  return Error(ErrorCode::kDeadline, "still running: " + running, {},
               "a body that may wait for long has to look at its StopToken, or give up by itself");
}

void Pipeline::stop() {
  state_->driver.with_core([](Core& core, int64_t now) { core.stop(now); });
}

Result<TaskCounts> Pipeline::counts(StreamId stream) const {
  return state_->driver.with_core([&](Core& core, int64_t) { return core.counts(stream); });
}

TaskCounts Pipeline::totals() const {
  return state_->driver.with_core([](Core& core, int64_t) { return core.totals(); });
}

QueueSizes Pipeline::get_qsize() const {
  return state_->driver.with_core([](Core& core, int64_t) { return core.queue_sizes(); });
}

FlowStats Pipeline::stats(MeterCursor& cursor) const {
  if (state_->driver.meter() == nullptr) return {};
  state_->driver.measure_usage();
  return window(state_->driver.with_core(
                    [&](Core&, int64_t now) { return state_->driver.meter()->read(now); }),
                cursor);
}

const Graph& Pipeline::graph() const {
  return state_->driver.graph();
}
uint64_t Pipeline::wakes() const {
  return state_->driver.wakes();
}
int64_t Pipeline::now_ns() const {
  return state_->driver.clock().now_ns();
}

uint64_t Pipeline::units_allocated() const {
  return state_->driver.with_core([](Core& core, int64_t) { return core.units_allocated(); });
}

}  // namespace weir::flow
