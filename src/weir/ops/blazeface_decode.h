// The outputs of a BlazeFace, and of the palm and pose detectors of its kind, as findings: a box
// and a few points each.
//
//   WEIR_ASSIGN(auto anchors, blazeface_anchors(128, 128, 896));
//   WEIR_ASSIGN(auto faces, blazeface_decode(outputs, anchors, {}, plan));
//
// A row is an anchor, of which only the centre counts: its box (x, y of the centre, width, height)
// and its points (x, y), all in pixels of the input seen from there. The score is a logit. Findings
// that overlap are blended (ops/weighted_nms.h), because the models were made for that; `blend` off
// keeps the best as it is. A finding whose points are not all finite has none. Pure functions: any
// thread.
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

struct BlazefaceDecodeSpec {
  DetectionSpec detect{.score = 0.5F, .iou = 0.3F};
  bool blend = true;
};

// What the model says of some of its anchors: all of them, or one of the parts that some exports
// have. Dense float32 in host memory, with or without the leading 1.
struct BlazefacePart {
  TensorView scores;  // [N,1]
  TensorView rows;    // [N,4+2K] for K points
};

// The anchors of an input of this size whose outputs have `count` rows. The strides are those of
// one of MediaPipe's detectors for which there are as many; an Error if there is none.
Result<std::vector<SsdAnchor>> blazeface_anchors(int width, int height, int64_t count);
// The same with other strides. The number of squares at each place is two a stride.
Result<std::vector<SsdAnchor>> blazeface_anchors(int width, int height,
                                                 const std::vector<int>& strides);

// The parts have as many rows as there are anchors, in their order, and equally many columns.
Result<std::vector<Finding>> blazeface_decode(std::span<const BlazefacePart> parts,
                                              std::span<const SsdAnchor> anchors,
                                              const BlazefaceDecodeSpec& spec,
                                              const ResizePlan& plan);
// The same, added to `found`.
Status blazeface_decode(std::span<const BlazefacePart> parts, std::span<const SsdAnchor> anchors,
                        const BlazefaceDecodeSpec& spec, const ResizePlan& plan,
                        std::vector<Finding>& found);

}  // namespace weir
