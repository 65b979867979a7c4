// A step that is a tracker, as one stage of the flow: serial, with a tracker for each stream.
//
// What it follows becomes its own finding, with the track's number and the box, the class and all
// else of the detection. Tasks whose detections are given again from memory do not move the
// tracker: it gives its last answer again, too.
#pragma once

#include <memory>

#include "weir/flow/graph.h"
#include "weir/step/plan.h"

namespace weir {

flow::StageSpec track_stage(std::shared_ptr<const StepPlan> plan);

}  // namespace weir
