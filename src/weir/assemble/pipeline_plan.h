// From a spec to what runs: models loaded, steps planned, the flow's graph compiled.
#pragma once

#include <memory>
#include <vector>

#include "weir/assemble/core_share.h"
#include "weir/assemble/pipeline.h"
#include "weir/flow/graph.h"
#include "weir/step/collect.h"
#include "weir/step/plan.h"

namespace weir {

struct PooledModel;

struct PipelinePlan {
  std::vector<std::shared_ptr<const StepPlan>> steps;  // by number
  std::vector<std::shared_ptr<PooledModel>> models;    // as TaskWork::versions has them
  std::shared_ptr<const StepTable> table;
  StepOrder order;
  std::shared_ptr<const flow::Graph> graph;
  CoreShare::Member cores;  // for its workers
};

Result<PipelinePlan> plan_pipeline(Runtime& runtime, const PipelineSpec& spec,
                                   const catalogue::PullOptions& options);

}  // namespace weir
