// A step that gives what the source knows of each frame: the truth that others are held against.
#pragma once

#include <memory>

#include "weir/flow/graph.h"
#include "weir/step/plan.h"

namespace weir {

// Its payload is a TaskWork.
flow::StageSpec truth_stage(std::shared_ptr<const StepPlan> plan);

}  // namespace weir
