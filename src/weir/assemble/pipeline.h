// A pipeline that is ready to work: models loaded, steps wired into a flow.
//
//   WEIR_ASSIGN(PipelineSpec spec, read_pipeline_file("street.yaml"));
//   WEIR_ASSIGN(auto pipe, Pipeline::make(*runtime, std::move(spec)));
//   WEIR_ASSIGN(const flow::StreamId stream, pipe->open_stream({.name = "gate"}));
//   WEIR_ASSIGN(const StepSet work, pipe->step_set({"objects", "faces"}));
//   WEIR_ASSIGN(flow::Ticket ticket, pipe->post(stream, {.input = picture}, {.steps = work}));
//   WEIR_ASSIGN(Task done, pipe->wait(ticket));
//
// Any thread may call anything, with the limits of flow/pipeline.h: call-backs do not wait, drain
// or destroy. The Runtime must outlive it. run_pipeline.h runs one with its own sources and sinks.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "weir/assemble/pipeline_spec.h"
#include "weir/assemble/runtime.h"
#include "weir/data/step_set.h"
#include "weir/data/task.h"
#include "weir/flow/pipeline.h"
#include "weir/source/source.h"

namespace weir {

// A model that a step of a pipeline uses, for tables.
struct PipelineModel {
  std::string name;                    // of the step
  std::shared_ptr<const Model> model;  // as it is now
  uint32_t lanes = 1;
};

class Pipeline {
 public:
  // Tells the result of a task of the stream, one call at a time, in the stream's order. Who cannot
  // take more does not wait, since a worker calls: it holds the stream's results
  // (flow().hold_results).
  using OnDone = std::function<void(Task task, flow::StreamId stream)>;

  struct StreamSpec {
    std::string name = "stream";
    uint32_t credits = 0;  // 0: as the pipeline's file says
    flow::Order order = flow::Order::kStream;
    flow::MailboxPolicy mailbox = flow::MailboxPolicy::kBlock;
    uint32_t mailbox_capacity = 0;
    // Of what is pulled or offered; what they look at is added. A post says its own.
    StepSet steps = StepSet::all();
    // Workers fetch the input from it; must outlive its stream, which `on_done` does too: that is
    // let go when the stream was closed and its last result told. Null: it is posted.
    Source* source = nullptr;
    OnDone on_done = nullptr;  // null: results are waited for
  };

  // Loads the models (which may fetch them), checks everything that can be known, and starts the
  // workers. An Error names the place in the file.
  static Result<std::unique_ptr<Pipeline>> make(Runtime& runtime, PipelineSpec spec,
                                                const catalogue::PullOptions& options = {});
  ~Pipeline();

  const PipelineSpec& spec() const;
  const std::shared_ptr<const StepTable>& steps() const;
  std::vector<PipelineModel> models() const;  // in the order of the steps
  // Steps by name; what they look at is added when a task is posted.
  Result<StepSet> step_set(const std::vector<std::string>& names) const;

  Result<flow::StreamId> open_stream(StreamSpec stream);
  // The task's input, parameters, time and what was found in it before; the rest is set here.
  // Waits for a credit. `number` counts the frames of its source, also those that are left out, so
  // that trackers know how much has passed; -1: nothing is left out.
  Result<flow::Ticket> post(flow::StreamId stream, Task task, flow::PostOptions options = {},
                            int64_t number = -1);
  // Never waits: false if the task was refused. For live sources; `number` counts its frames.
  bool offer(flow::StreamId stream, Task task, int64_t number);
  // A task that failed or was dropped is no Error: task.outcome and task.error say so.
  Result<Task> wait(flow::Ticket ticket, int64_t until_ns = flow::kNever);
  Result<Task> wait(flow::StreamId stream, int64_t until_ns = flow::kNever);
  // One task from beginning to end, in a stream of its own; `every` and tracks see nothing before.
  Result<Task> solve(Task task, StepSet steps = StepSet::all());

  // Streams, drain, cancel, stop, counts, stats.
  flow::Pipeline& flow();
  // The runtime's, of which its workers and models have claimed their part.
  ThreadBudget& threads();

 private:
  struct State;
  explicit Pipeline(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// The task of an input of a source; the pipeline sets the rest.
Task task_of(SourceInput input);

}  // namespace weir
