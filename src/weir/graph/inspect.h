// Looks into an ONNX file without loading its weights and without a back end.
//
//   WEIR_ASSIGN(const graph::GraphSummary summary, graph::inspect_file("yolox_nano.onnx"));
//   std::cout << summary.macs.total;
//
// Bounded in time and memory whatever the file holds. Callable from any thread.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "weir/base/result.h"
#include "weir/graph/summary.h"

namespace weir::graph {

struct InspectOptions {
  // Shapes to count MACs for, by name of the input. A size that the file fixes must stay as it is.
  std::map<std::string, std::vector<int64_t>> input_shapes;
  // What other dynamic sizes are taken as.
  int64_t dynamic_size = 1;
};

Result<GraphSummary> inspect_file(const std::string& path, const InspectOptions& options = {});
// The same for a file's bytes; `where` names them in errors.
Result<GraphSummary> inspect_bytes(std::string_view bytes, const InspectOptions& options = {},
                                   const std::string& where = "model");

}  // namespace weir::graph
