#include "weir/assemble/pipeline.h"

#include <utility>

#include "weir/assemble/pipeline_plan.h"
#include "weir/base/mutex.h"
#include "weir/base/nearest_name.h"
#include "weir/step/work_pool.h"

namespace weir {
namespace {

// What the tasks of a pipeline have in common.
struct Shared {
  std::shared_ptr<const StepTable> table;
  StepOrder order;
  std::shared_ptr<const flow::Graph> graph;
  std::unique_ptr<WorkPool> works;

  flow::Payload payload(Task task, const std::string& stream, int64_t number) const {
    task.todo = graph->with_dependencies(task.todo);
    task.stream = stream;
    task.steps = table;
    return works->payload(std::move(task), number);
  }

  Task task(flow::Finished finished) const {
    Task task = collect(*finished.payload.as<TaskWork>(), order);
    if (finished.admitted) task.seq = static_cast<int64_t>(finished.seq);
    task.outcome = finished.outcome;
    if (finished.error) task.error = std::move(*finished.error);
    return task;
  }
};

// One stream's ends: what workers fetch, and where results go. The flow keeps it with the stream.
class Stream final : public flow::Source, public flow::ResultSink {
 public:
  Stream(const Shared& shared, Pipeline::StreamSpec spec)
      : shared_(shared), spec_(std::move(spec)) {}

  const Pipeline::StreamSpec& spec() const { return spec_; }

  flow::Pulled pull(flow::Payload& payload, int64_t&) override {
    std::optional<SourceInput> input = spec_.source->next();
    if (!input) return flow::Pulled::kEnd;
    const int64_t number = input->number;
    Task task = task_of(std::move(*input));
    task.todo = spec_.steps;
    payload = shared_.payload(std::move(task), spec_.name, number);
    return flow::Pulled::kInput;
  }

  void on_result(flow::Finished finished) override {
    const flow::StreamId stream = finished.stream;
    spec_.on_done(shared_.task(std::move(finished)), stream);
  }

 private:
  const Shared& shared_;
  const Pipeline::StreamSpec spec_;
};

}  // namespace

Task task_of(SourceInput input) {
  Task task;
  task.input = std::move(input.input);
  task.time_ms = input.time_ms;
  if (!input.file.empty()) task.parameters.emplace("file", std::move(input.file));
  task.error = std::move(input.error);
  task.truth = std::move(input.truth);
  return task;
}

struct Pipeline::State {
  PipelineSpec spec;
  Shared shared;
  std::vector<std::shared_ptr<const StepPlan>> plans;  // by step
  std::vector<std::shared_ptr<PooledModel>> pooled;    // keeps them in the Runtime's table
  ThreadBudget* budget = nullptr;                      // the runtime's
  CoreShare::Member cores;
  Mutex mutex;
  std::vector<std::string> names WEIR_GUARDED_BY(mutex);  // by the stream's index
  std::vector<StepSet> steps WEIR_GUARDED_BY(mutex);      // the same
  std::unique_ptr<flow::Pipeline> flow;                   // goes first: its threads use the rest

  std::string name_of(flow::StreamId stream) {
    const MutexLock lock(mutex);
    return stream.index < names.size() ? names[stream.index] : std::string();
  }
  StepSet steps_of(flow::StreamId stream) {
    const MutexLock lock(mutex);
    return stream.index < steps.size() ? steps[stream.index] : StepSet::all();
  }
};

Pipeline::Pipeline(std::unique_ptr<State> state) : state_(std::move(state)) {}
Pipeline::~Pipeline() = default;

Result<std::unique_ptr<Pipeline>> Pipeline::make(Runtime& runtime, PipelineSpec spec,
                                                 const catalogue::PullOptions& options) {
  auto state = std::make_unique<State>();
  state->spec = std::move(spec);
  WEIR_ASSIGN(PipelinePlan plan, plan_pipeline(runtime, state->spec, options));
  state->shared = {std::move(plan.table), std::move(plan.order), plan.graph,
                   std::make_unique<WorkPool>(plan.steps.size())};
  state->plans = std::move(plan.steps);
  state->pooled = std::move(plan.models);
  state->budget = &runtime.threads();
  state->cores = std::move(plan.cores);
  flow::PipelineOptions flow;
  flow.clock = &runtime.clock();
  if (state->spec.flow.mode == FlowSpec::Mode::kLatency) flow.mode = flow::Mode::kLatency;
  WEIR_ASSIGN(state->flow, flow::Pipeline::start(std::move(plan.graph), flow));
  return std::unique_ptr<Pipeline>(new Pipeline(std::move(state)));
}

const PipelineSpec& Pipeline::spec() const {
  return state_->spec;
}
const std::shared_ptr<const StepTable>& Pipeline::steps() const {
  return state_->shared.table;
}
std::vector<PipelineModel> Pipeline::models() const {
  std::vector<PipelineModel> models;
  for (const auto& step : state_->plans) {
    if (step->seat.live() == nullptr) continue;
    const auto version = step->seat.live()->current();
    models.push_back({step->name, step->seat.model(*version), step->lanes});
  }
  return models;
}
flow::Pipeline& Pipeline::flow() {
  return *state_->flow;
}

ThreadBudget& Pipeline::threads() {
  return *state_->budget;
}

Result<StepSet> Pipeline::step_set(const std::vector<std::string>& names) const {
  StepSet set;
  for (const std::string& name : names) {
    const int32_t step = state_->spec.step(name);
    if (step < 0) {
      return Error(ErrorCode::kInvalidArgument, "no step is called '" + name + "'", "",
                   hint_for_name(name, state_->spec.step_names()));
    }
    set |= StepSet::of(static_cast<std::size_t>(step));
  }
  return set;
}

Result<flow::StreamId> Pipeline::open_stream(StreamSpec spec) {
  const auto stream = std::make_shared<Stream>(state_->shared, std::move(spec));
  const StreamSpec& of = stream->spec();
  flow::StreamOptions options;
  options.name = of.name;
  options.credits = of.credits > 0 ? of.credits : static_cast<uint32_t>(state_->spec.flow.credits);
  options.order = of.order;
  options.mailbox = of.mailbox;
  options.mailbox_capacity = of.mailbox_capacity;
  options.pulled = of.source != nullptr;
  if (of.source != nullptr) options.source = stream.get();
  if (of.on_done) options.sink = stream.get();
  options.keeps = stream;
  // Before it is opened: workers may fetch at once.
  const MutexLock lock(state_->mutex);
  WEIR_ASSIGN(const flow::StreamId id, state_->flow->open_stream(options));
  if (state_->names.size() <= id.index) {
    state_->names.resize(id.index + std::size_t{1});
    state_->steps.resize(id.index + std::size_t{1});
  }
  state_->names[id.index] = of.name;
  state_->steps[id.index] = of.steps;
  return id;
}

Result<flow::Ticket> Pipeline::post(flow::StreamId stream, Task task, flow::PostOptions options,
                                    int64_t number) {
  task.todo = options.steps;
  flow::Payload payload = state_->shared.payload(std::move(task), state_->name_of(stream), number);
  const CoreShare::Pause pause;  // it may be a step of another pipeline that asks
  return state_->flow->post(stream, std::move(payload), options);
}

bool Pipeline::offer(flow::StreamId stream, Task task, int64_t number) {
  task.todo = state_->steps_of(stream);
  return state_->flow->offer(
      stream, state_->shared.payload(std::move(task), state_->name_of(stream), number));
}

Result<Task> Pipeline::wait(flow::Ticket ticket, int64_t until_ns) {
  const CoreShare::Pause pause;
  WEIR_ASSIGN(flow::Finished finished, state_->flow->wait(ticket, until_ns));
  return state_->shared.task(std::move(finished));
}

Result<Task> Pipeline::wait(flow::StreamId stream, int64_t until_ns) {
  const CoreShare::Pause pause;
  WEIR_ASSIGN(flow::Finished finished, state_->flow->wait(stream, until_ns));
  return state_->shared.task(std::move(finished));
}

Result<Task> Pipeline::solve(Task task, StepSet steps) {
  WEIR_ASSIGN(const flow::StreamId stream, open_stream({.name = task.stream, .credits = 1}));
  flow::PostOptions options;
  options.steps = steps;
  options.may_run_here = true;
  const auto ticket = post(stream, std::move(task), options);
  Result<Task> done = ticket ? wait(*ticket) : Result<Task>(ticket.error());
  WEIR_TRY(state_->flow->close_stream(stream));
  return done;
}

}  // namespace weir
