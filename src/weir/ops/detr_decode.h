// The outputs of a DETR (RT-DETR, D-FINE, DEIM) as findings.
//
//   const DetrOutputs outputs{labels, boxes, scores};
//   WEIR_ASSIGN(auto found, detr_decode(outputs, {}, plan));
//
// One row a query: nothing has to be suppressed. Reads the tensors where they lie. Pure function:
// any thread.
#pragma once

#include <cstdint>
#include <vector>

#include "weir/base/result.h"
#include "weir/data/finding.h"
#include "weir/data/tensor.h"
#include "weir/ops/detections.h"

namespace weir {

// Q queries; each with or without a leading 1, dense and in host memory.
struct DetrOutputs {
  TensorView labels;  // [Q] int64, int32 or float32
  TensorView boxes;   // [Q,4] float32: x1, y1, x2, y2 in pixels of the plan's input
  TensorView scores;  // [Q] float32
};

struct DetrDecodeSpec {
  DetectionSpec detect{.score = 0.5F, .iou = 1};
  int32_t classes = 0;  // a label that is not below this is left out; 0: not known
};

Result<std::vector<Finding>> detr_decode(const DetrOutputs& outputs, const DetrDecodeSpec& spec,
                                         const ResizePlan& plan);
// The same, added to `found`.
Status detr_decode(const DetrOutputs& outputs, const DetrDecodeSpec& spec, const ResizePlan& plan,
                   std::vector<Finding>& found);

}  // namespace weir
