// How a model shares the workers of a flow: threads of each run, and runs at the same time.
#pragma once

#include "weir/assemble/pipeline_spec.h"
#include "weir/model/spec.h"

namespace weir {

// On the cores, in throughput mode: one frame on one thread, and as many at the same time as there
// are workers; in latency mode one run has them all. What the user said stays, `says_instances`
// telling whether that is so of their number. Models on devices stay as they are.
ModelSpec arrange_model(ModelSpec spec, FlowSpec::Mode mode, int workers, bool says_instances);

}  // namespace weir
