// The outputs of an SSD detector as findings.
//
//   WEIR_ASSIGN(const auto anchors, ssd_anchors());
//   SsdDecodeSpec spec;
//   spec.detect.score = 0.4F;
//   WEIR_ASSIGN(auto found, ssd_decode(boxes, scores, anchors, spec, plan));
//
// Reads the tensors where they lie. Each anchor gives at most one finding, of its best class. What
// is not finite is left out. Pure function: any thread.
#pragma once

#include <array>
#include <span>
#include <vector>

#include "weir/base/result.h"
#include "weir/data/finding.h"
#include "weir/data/tensor.h"
#include "weir/ops/detections.h"
#include "weir/ops/resize_plan.h"
#include "weir/ops/ssd_anchors.h"

namespace weir {

struct SsdDecodeSpec {
  DetectionSpec detect{.score = 0.5F, .iou = 0.6F, .max_count = 100};
  // What the offsets of y, x, height and width are divided by.
  std::array<float, 4> variances{10, 10, 5, 5};
  int background = 0;  // a class that is nothing; -1: none is
  bool logits = true;  // the scores still have to go through a sigmoid
};

// `boxes` is float32 [1,N,4] (y, x, height, width) and `scores` [1,N,C], both with or without the
// leading 1, dense and in host memory, for N anchors. `plan` brings boxes into the source picture,
// in which they are clipped. The label id of a finding is the number of its class, with the
// background counted. Best first.
Result<std::vector<Finding>> ssd_decode(const TensorView& boxes, const TensorView& scores,
                                        std::span<const SsdAnchor> anchors,
                                        const SsdDecodeSpec& spec, const ResizePlan& plan);
// The same, added to `found`.
Status ssd_decode(const TensorView& boxes, const TensorView& scores,
                  std::span<const SsdAnchor> anchors, const SsdDecodeSpec& spec,
                  const ResizePlan& plan, std::vector<Finding>& found);

}  // namespace weir
