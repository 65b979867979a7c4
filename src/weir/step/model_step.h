// A step that is a model, as stages of the flow.
//
// On the whole frame and without memory it is one stage, called as the step. Otherwise it is three:
// `faces.split` chooses what to look at, `faces` looks at one item, `faces.join` gathers. Split and
// join are serial where the step remembers.
#pragma once

#include <memory>
#include <vector>

#include "weir/flow/graph.h"
#include "weir/step/plan.h"

namespace weir {

// The stages, in order, all of the step's priority; their payload is a TaskWork. The last one's
// name is what others wait for.
std::vector<flow::StageSpec> model_stages(const std::shared_ptr<const StepPlan>& plan);

}  // namespace weir
