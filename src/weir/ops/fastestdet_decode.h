// The output of a FastestDet as findings.
//
//   WEIR_ASSIGN(auto found, fastestdet_decode(output, {}, plan));
//
// One grid; channel by channel: objectness, dx, dy, w, h and one score a class, the first and the
// last already between 0 and 1. The middle of a box is at (cell + tanh(dx)) / cells, its sides are
// sigmoid(w) and sigmoid(h) of the input, its score is objectness^0.6 * class^0.4. Reads the tensor
// where it lies. Pure function: any thread.
#pragma once

#include <vector>

#include "weir/base/result.h"
#include "weir/data/finding.h"
#include "weir/data/tensor.h"
#include "weir/ops/detections.h"

namespace weir {

// `output` is float32 [1,5+C,H,W] or [5+C,H,W], dense and in host memory.
Result<std::vector<Finding>> fastestdet_decode(const TensorView& output, const DetectionSpec& spec,
                                               const ResizePlan& plan);
// The same, added to `found`.
Status fastestdet_decode(const TensorView& output, const DetectionSpec& spec,
                         const ResizePlan& plan, std::vector<Finding>& found);

}  // namespace weir
