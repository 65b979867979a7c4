// The outputs of an UltraFace as findings: faces, or faces with and without a mask.
//
//   WEIR_ASSIGN(auto faces, ultraface_decode(scores, boxes, {}, plan));
//
// The first class is the background, so label 0 is the second column: the labels of a finding count
// without it. Boxes are corners in shares of the input. The "simplified" exports of the same names
// and shapes leave the offsets from their anchors in there; those are refused by what they hold,
// unless `decoded` says that they are meant. Pure functions: any thread.
#pragma once

#include <span>
#include <vector>

#include "weir/base/result.h"
#include "weir/data/finding.h"
#include "weir/data/tensor.h"
#include "weir/ops/detections.h"
#include "weir/ops/resize_plan.h"
#include "weir/ops/ssd_anchors.h"

namespace weir {

struct UltrafaceDecodeSpec {
  DetectionSpec detect{.score = 0.7F, .iou = 0.3F, .candidates = 1000};
  bool decoded = true;  // false: the boxes are offsets from ultraface_anchors
};

// Of an input of this size: strides 8, 16, 32 and 64, with three, two, two and three squares at
// each place.
std::vector<SsdAnchor> ultraface_anchors(int width, int height);

// `scores` is float32 [1,N,C] after a softmax, `boxes` [1,N,4], both with or without the leading 1,
// dense and in host memory. `anchors` are only looked at where boxes are not decoded; then there
// are N of them.
Result<std::vector<Finding>> ultraface_decode(const TensorView& scores, const TensorView& boxes,
                                              std::span<const SsdAnchor> anchors,
                                              const UltrafaceDecodeSpec& spec,
                                              const ResizePlan& plan);
// The same, added to `found`.
Status ultraface_decode(const TensorView& scores, const TensorView& boxes,
                        std::span<const SsdAnchor> anchors, const UltrafaceDecodeSpec& spec,
                        const ResizePlan& plan, std::vector<Finding>& found);

}  // namespace weir
