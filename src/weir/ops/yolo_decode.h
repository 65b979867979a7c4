// The output of a YOLOv8, v11 and of those that came after in their layouts, as findings.
//
//   WEIR_ASSIGN(const YoloLayout layout, yolo_layout(output.shape));
//   WEIR_ASSIGN(auto found, yolo_decode(output, {.layout = layout}, plan));
//
// There is no objectness: the score of a proposal is its best class's, already through the sigmoid.
// Boxes are pixels of the input. Reads the tensor where it lies, and only brings together what
// reaches the threshold. Pure functions: any thread.
#pragma once

#include <cstdint>
#include <vector>

#include "weir/base/result.h"
#include "weir/data/finding.h"
#include "weir/data/tensor.h"
#include "weir/ops/detections.h"

namespace weir {

enum class YoloLayout {
  kClassMajor,  // [1,4+C,N]: all centres' x, their y, widths, heights, then scores class by class
  kBoxMajor,    // [1,N,4+C]: the same, box by box
  kEndToEnd,    // [1,N,6]: x1, y1, x2, y2, score, class; already suppressed
};

struct YoloDecodeSpec {
  YoloLayout layout = YoloLayout::kClassMajor;
  // What is end to end names classes by number; one that there is none of is no finding. 0: any.
  int64_t classes = 0;
  // The suppression is left out for what is end to end.
  DetectionSpec detect{.score = 0.25F, .iou = 0.45F, .candidates = 30000, .max_count = 300};
};

struct YoloShape {
  YoloLayout layout = YoloLayout::kClassMajor;
  int64_t classes = 0;  // 0: end to end, where the shape does not say
};

// What an output of this shape is, of which sizes may be unknown. `classes` tells apart what could
// be two; 0: not known. An Error if it is none.
Result<YoloShape> yolo_shape(const Shape& output, int64_t classes = 0);

// `output` is float32, dense and in host memory, with or without the leading 1.
Result<std::vector<Finding>> yolo_decode(const TensorView& output, const YoloDecodeSpec& spec,
                                         const ResizePlan& plan);

// The same, added to `found`. What it works in is kept in the workspace.
Status yolo_decode(const TensorView& output, const YoloDecodeSpec& spec, const ResizePlan& plan,
                   DetectionWorkspace& workspace, std::vector<Finding>& found);

}  // namespace weir
