// Which threads run what: the flow's executors, and where the stages of each step go.
//
//   StepExecutors executors(spec.flow, workers);
//   executors.place(plan, device);                   // for each step with a model
//   graph.executors = executors.take();
//
// `flow.executors: one`: the workers run everything, and a model on the cores that takes one item
// at a time is run in one stage. `three`: preparing, inferring and interpreting have threads of
// their own. A device always has its own, which keep it fed: its models are run in three stages.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "weir/assemble/pipeline_spec.h"
#include "weir/data/device.h"
#include "weir/flow/graph.h"
#include "weir/step/plan.h"

namespace weir {

class StepExecutors {
 public:
  StepExecutors(const FlowSpec& flow, int workers);

  // Sets in how many stages the plan's model runs, and their executors. After its lanes and batch.
  void place(StepPlan& plan, const Device& device);
  // Threads of the cores.
  int threads() const;
  std::vector<flow::ExecutorSpec> take() { return std::move(executors_); }

 private:
  std::string of_device(const Device& device, uint32_t lanes);

  const bool three_;
  std::vector<flow::ExecutorSpec> executors_;
};

}  // namespace weir
