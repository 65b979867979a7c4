// Reads the bytes of an ONNX model into a ParsedModel. Bounded: depth, number of objects, length of
// every text; weights are skipped, never read. Its time is linear in the bytes that it looks at.
#pragma once

#include "weir/base/result.h"
#include "weir/graph/byte_source.h"
#include "weir/graph/onnx_model.h"

namespace weir::graph {

Result<ParsedModel> parse_onnx(ByteSource& source);

}  // namespace weir::graph
