// Non-maximum suppression: of boxes that overlap, only the best stays.
//
//   const std::vector<std::size_t> kept = nms(boxes, scores, classes, {.iou = 0.45F});
//
// Deterministic: falling scores, ties by index. Boxes and scores that are not finite are left out.
// Pure functions: any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "weir/data/finding.h"

namespace weir {

struct NmsSpec {
  float iou = 0.5F;           // more overlap than this with a better box, and a box goes
  bool per_class = true;      // boxes of different classes leave each other alone
  std::size_t max_count = 0;  // keep no more than this; 0: all
};

// The indices of what stays, best first. The three lists are equally long; `classes` may be empty.
std::vector<std::size_t> nms(std::span<const Box> boxes, std::span<const float> scores,
                             std::span<const int32_t> classes, const NmsSpec& spec = {});

}  // namespace weir
