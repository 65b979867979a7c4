// The outputs of a YuNet as findings: faces with five points each.
//
//   WEIR_ASSIGN(auto faces, yunet_decode(levels, {.detect = {.score = 0.6F, .iou = 0.3F}}, plan));
//
// At each cell of a grid there is a face or not: how sure the model is of the class and of anything
// at all (the score is the root of their product), its box (dx, dy, log w, log h, in strides, seen
// from the cell's corner) and its points (dx, dy in strides), which come in the order of
// ops/face_alignment.h: the eye on the picture's left, the other eye, the tip of the nose, the
// corner of the mouth on the picture's left, the other corner. A face whose points are not all
// finite has none. Pure function: any thread.
#pragma once

#include <array>
#include <span>
#include <vector>

#include "weir/base/result.h"
#include "weir/data/finding.h"
#include "weir/data/tensor.h"
#include "weir/ops/detections.h"
#include "weir/ops/resize_plan.h"

namespace weir {

inline constexpr int kFacePoints = 5;

struct YunetDecodeSpec {
  DetectionSpec detect{.score = 0.6F, .iou = 0.3F, .candidates = 5000};
};

// What the model says on one grid of N cells: dense float32 in host memory, with or without the
// leading 1.
struct YunetLevel {
  int stride = 8;
  TensorView classes;  // [N,1], 0 … 1
  TensorView objects;  // [N,1], 0 … 1
  TensorView boxes;    // [N,4]
  TensorView points;   // [N,10]
};

inline constexpr std::array<int, 3> kYunetStrides = {8, 16, 32};

// An Error if a tensor has not as many rows as the plan's input has cells.
Result<std::vector<Finding>> yunet_decode(std::span<const YunetLevel> levels,
                                          const YunetDecodeSpec& spec, const ResizePlan& plan);
// The same, added to `found`.
Status yunet_decode(std::span<const YunetLevel> levels, const YunetDecodeSpec& spec,
                    const ResizePlan& plan, std::vector<Finding>& found);

}  // namespace weir
