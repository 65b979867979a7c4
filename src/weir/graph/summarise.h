// From a parsed model to what a user reads of it. Used by inspect.cc only.
#pragma once

#include "weir/base/result.h"
#include "weir/graph/inspect.h"
#include "weir/graph/onnx_model.h"

namespace weir::graph {

// `folder` is where external data is looked for; empty: nowhere.
Result<GraphSummary> summarise(const ParsedModel& model, const InspectOptions& options,
                               const std::string& folder);

}  // namespace weir::graph
