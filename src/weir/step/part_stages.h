// The run of a model in three stages: `faces.prepare` writes an item into memory that it leases,
// `faces` runs a batch of them, `faces.interpret` reads one item's part of the outputs.
//
// So items of all streams are prepared while the model runs others, and the batch is formed from
// what is ready. Costs an input of memory for each item under way; on cores, and one by one, the
// whole run in one stage is better.
#pragma once

#include <memory>
#include <vector>

#include "weir/flow/graph.h"
#include "weir/step/plan.h"

namespace weir {

// In order; the lanes of the plan's seat are PartsPools.
std::vector<flow::StageSpec> part_stages(const std::shared_ptr<const StepPlan>& plan);

// The stage in which the model runs, without a body: its name, limit and batches.
flow::StageSpec infer_stage(const StepPlan& plan);

}  // namespace weir
