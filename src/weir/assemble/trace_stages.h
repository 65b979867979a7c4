// Wraps the bodies of a flow's stages, so that each run of one is a span of the trace, with the
// number of its task.
//
//   if (Trace* trace = runtime.trace()) trace_stages(graph, *trace);
//
// Before the graph is compiled; the trace outlives the flow.
#pragma once

#include "weir/base/trace.h"
#include "weir/flow/graph.h"

namespace weir {

void trace_stages(flow::GraphSpec& graph, Trace& trace);

}  // namespace weir
