// The part of the Runtime that answers requests.
#include <deque>
#include <utility>

#include "weir/assemble/pipeline.h"
#include "weir/assemble/pipelines.h"
#include "weir/assemble/request.h"
#include "weir/assemble/request_input.h"
#include "weir/assemble/runtime.h"

namespace weir {
namespace {

// One request on its way: the calling thread reads and hands in, the pipeline's workers do the
// rest, and results are taken in the order in which tasks were handed in.
class Solving {
 public:
  Solving(Pipeline& pipeline, const Request& request, StepSet steps, StepSet keep)
      : pipeline_(pipeline),
        request_(request),
        steps_(steps),
        keep_(keep),
        window_(pipeline.flow().graph().default_credits()) {}

  Result<Answer> run() {
    for (std::size_t i = 0; i < request_.inputs.size() && !stopped(); ++i) WEIR_TRY(read(i));
    while (!waiting_.empty()) WEIR_TRY(take());
    return std::move(answer_);
  }

 private:
  struct Waiting {
    flow::Ticket ticket;
    bool from_file = false;
  };

  bool stopped() const { return request_.stop.stop_requested(); }

  Status read(std::size_t number) {
    InputReader reader(request_.inputs[number], number);
    WEIR_ASSIGN(const flow::StreamId stream,
                pipeline_.open_stream({.name = reader.stream(), .credits = window_}));
    Status posted;
    while (posted && !stopped()) {
      std::optional<Task> task = reader.next();
      if (!task) break;
      posted = post(stream, std::move(*task), reader.is_file());
    }
    WEIR_TRY(pipeline_.flow().close_stream(stream));
    return posted;
  }

  // At most `window_` tasks are under way, so that no post waits for a result that nobody takes.
  Status post(flow::StreamId stream, Task task, bool from_file) {
    if (waiting_.size() >= window_) WEIR_TRY(take());
    for (const auto& [name, value] : request_.parameters) task.parameters.emplace(name, value);
    task.keep_tensors = keep_;
    flow::PostOptions options;
    options.steps = steps_;
    options.may_run_here = request_.inputs.size() == 1 && !from_file;
    WEIR_ASSIGN(const flow::Ticket ticket, pipeline_.post(stream, std::move(task), options));
    waiting_.push_back({ticket, from_file});
    return {};
  }

  Status take() {
    const Waiting first = waiting_.front();
    waiting_.pop_front();
    WEIR_ASSIGN(Task task, pipeline_.wait(first.ticket));
    answer_.done += task.outcome == Outcome::kDone || task.outcome == Outcome::kSkipped ? 1 : 0;
    answer_.failed += task.outcome == Outcome::kFailed ? 1 : 0;
    answer_.dropped += is_dropped(task.outcome) ? 1 : 0;
    if (request_.on_task) {
      request_.on_task(std::move(task));
      return {};
    }
    if (first.from_file) task.input = {};
    answer_.tasks.push_back(std::move(task));
    return {};
  }

  Pipeline& pipeline_;
  const Request& request_;
  const StepSet steps_;
  const StepSet keep_;
  const uint32_t window_;
  std::deque<Waiting> waiting_;
  Answer answer_;
};

Status check(const Request& request) {
  if (request.pipeline.empty() == request.models.empty()) {
    return Error(ErrorCode::kInvalidArgument,
                 request.models.empty() ? "the request names neither models nor a pipeline"
                                        : "the request names models and a pipeline",
                 "request", "say .models = {\"yunet\"} or .pipeline = \"street\"");
  }
  if (!request.inputs.empty()) return {};
  return Error(ErrorCode::kInvalidArgument, "there is nothing to look at", "request",
               "say .inputs = {\"photos/\"}");
}

}  // namespace

Result<Answer> Runtime::solve(const Request& request) {
  WEIR_TRY(check(request));
  WEIR_ASSIGN(const std::shared_ptr<Pipeline> pipeline,
              request.models.empty() ? pipelines_->find(request.pipeline)
                                     : pipelines_->of_models(request.models));
  StepSet steps = StepSet::all();
  if (!request.steps.empty()) {
    WEIR_ASSIGN(steps, pipeline->step_set(request.steps));
  }
  WEIR_ASSIGN(const StepSet keep, pipeline->step_set(request.keep_tensors));
  return Solving(*pipeline, request, steps, keep).run();
}

std::future<Result<Answer>> Runtime::solve_later(Request request) {
  return std::async(std::launch::async,
                    [this, request = std::move(request)] { return solve(request); });
}

}  // namespace weir
