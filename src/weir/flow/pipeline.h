// The flow as its users call it: post tasks, wait for results, come and go, cancel, drain, stop.
//
//   WEIR_ASSIGN(auto pipe, Pipeline::start(graph));
//   WEIR_ASSIGN(StreamId stream, pipe->open_stream({.credits = 4}));
//   WEIR_ASSIGN(Ticket ticket, pipe->post(stream, Payload::own(std::move(frame))));
//   WEIR_ASSIGN(Finished result, pipe->wait(ticket));
//
// Every member may be called from any thread; bodies and call-backs may post, close streams, cancel
// and ask, but must not wait, drain, stop or destroy. Times are of the pipeline's clock, in
// nanoseconds. See docs/flow.md for the whole contract.
#pragma once

#include <functional>
#include <future>
#include <memory>
#include <optional>

#include "weir/base/clock.h"
#include "weir/base/result.h"
#include "weir/flow/graph.h"
#include "weir/flow/meter.h"
#include "weir/flow/options.h"
#include "weir/flow/verdict.h"

namespace weir::flow {

struct PipelineOptions {
  Mode mode = Mode::kThroughput;
  const Clock* clock = nullptr;  // null: the steady clock; must outlive the pipeline
  bool meters = true;            // off: no stats, and no clock is read for a stage
};

struct PostOptions {
  StepSet steps = StepSet::all();  // what they depend on is added
  int64_t deadline_ns = kNever;    // a task that cannot make it is dropped
  int64_t birth_ns = -1;           // of the input; -1: now
  bool may_run_here = false;       // the caller runs it, if workers sleep and nothing waits
};

struct Ticket {
  StreamId stream;
  TaskId task = 0;
};

class Pipeline {
 public:
  static Result<std::unique_ptr<Pipeline>> start(std::shared_ptr<const Graph> graph,
                                                 PipelineOptions options = {});
  // Stops at once (twice stop()) and joins all threads. Nobody may be inside a member any more. A
  // body that never returns holds it up: see drain_until().
  ~Pipeline();
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;

  // --- Streams come and go while the pipeline runs ----------------------------------------------
  Result<StreamId> open_stream(const StreamOptions& options);
  // No more input; what it holds still runs to its end. Its state, and what it `keeps`, go when its
  // last result went: nobody is inside its source or its sink any more. Call-backs may close, too.
  Status close_stream(StreamId stream);
  Status set_credits(StreamId stream, uint32_t credits);
  // Of a mailbox that blocks, drops its newest, or its oldest (which loses what is too much now).
  Status set_mailbox_capacity(StreamId stream, uint32_t capacity);
  // After its source said kNothingNow.
  void source_ready(StreamId stream);
  // For sinks that cannot take more now, from inside on_result() or elsewhere: what has finished
  // waits in the flow, with its credits, so that nobody's worker does. As often as it was held, it
  // must be let go. What is on its way to the sink already still comes: a few results.
  void hold_results(StreamId stream);
  void release_results(StreamId stream);
  Status set_limit(StageId stage, uint32_t limit);  // of a stateless stage; 0: no limit

  // --- Post. The payload is taken only by success -----------------------------------------------
  // Waits for a credit or a place in the mailbox; kCancelled when the stream or pipeline closes.
  Result<Ticket> post(StreamId stream, Payload&& payload, const PostOptions& options = {});
  // kDeadline if there was no room until then.
  Result<Ticket> post_until(int64_t until_ns, StreamId stream, Payload&& payload,
                            const PostOptions& options = {});
  // kExhausted if there is no room now (also when the mailbox dropped it for good).
  Result<Ticket> try_post(StreamId stream, Payload&& payload, const PostOptions& options = {});
  // The result goes to the call-back, on a worker, in the stream's order; also if it was dropped.
  using Callback = std::function<void(Finished)>;
  Result<Ticket> post_callback(StreamId stream, Payload&& payload, Callback done,
                               const PostOptions& options = {});
  Result<std::future<Finished>> post_future(StreamId stream, Payload&& payload,
                                            const PostOptions& options = {});
  // Without a stream, for tasks that have nothing to do with each other: they finish in any order
  // (in that of posting where a stage is serial). The pipeline has a stream of its own for them.
  Result<Ticket> post(Payload&& payload, const PostOptions& options = {});
  Result<Ticket> try_post(Payload&& payload, const PostOptions& options = {});
  // From a live source: never waits. False if the newest input was refused (kDropNewest, closed).
  bool offer(StreamId stream, Payload&& payload, int64_t birth_ns = -1);

  // --- Wait: results of tasks without sink, call-back or future ----------------------------------
  // The next finished one of any stream. kCancelled once the pipeline stopped and none is left,
  // kDeadline if none came until then.
  Result<Finished> wait(int64_t until_ns = kNever);
  std::optional<Finished> try_wait();
  // In the stream's order; kCancelled once it is closed and empty.
  Result<Finished> wait(StreamId stream, int64_t until_ns = kNever);
  std::optional<Finished> try_wait(StreamId stream);
  // That one; kNotFound if there is no such task (any more).
  Result<Finished> wait(Ticket ticket, int64_t until_ns = kNever);

  // --- Cancel, drain, stop ----------------------------------------------------------------------
  // The task still leaves, in its order, as dropped(cancelled). False: it has ended already.
  bool cancel(Ticket ticket);
  void cancel_stream(StreamId stream);
  void cancel_all();
  // Until nothing is in flight or waiting and no source can bring more; results may be left to
  // take.
  void drain();
  void drain(StreamId stream);
  // kDeadline if it takes longer; the message names the stages whose bodies still run.
  Status drain_until(int64_t until_ns);
  // Once: no more input, mailboxes are dropped, what was admitted runs to its end. Twice: that ends
  // as soon as running bodies return. Does not wait: drain() does.
  void stop();

  // --- Ask
  // ----------------------------------------------------------------------------------------
  Result<TaskCounts> counts(StreamId stream) const;  // also after it was closed
  TaskCounts totals() const;
  QueueSizes get_qsize() const;
  // Since the cursor's last reading; empty without meters.
  FlowStats stats(MeterCursor& cursor) const;
  const Graph& graph() const;
  uint64_t wakes() const;            // of workers, since the start
  uint64_t units_allocated() const;  // tasks and items that the pools hold
  int64_t now_ns() const;

 private:
  struct State;
  explicit Pipeline(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace weir::flow
