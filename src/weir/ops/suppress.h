// The inner loop of a suppression: each box, best first, against those of its group that stayed.
// Private to ops; any thread.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "weir/data/finding.h"

namespace weir {

// Boxes that stayed, side by side. What is not filled overlaps nothing.
struct alignas(64) KeptBlock {
  static constexpr uint32_t kSize = 16;
  std::array<float, kSize> x1, y1, x2, y2, area;
};

// Those of one group: `count` boxes in blocks that are chained by SuppressTask::next.
struct KeptList {
  uint32_t first = 0;
  uint32_t last = 0;
  uint32_t count = 0;
};

struct SuppressTask {
  const Box* boxes = nullptr;      // finite
  std::span<const uint64_t> keys;  // the order, see falling_order.h
  const int32_t* group = nullptr;  // of each box; null: all are of one
  int32_t first_group = 0;         // the number of the group that lists[0] is of
  KeptList* lists = nullptr;       // one a group, empty
  KeptBlock* blocks = nullptr;     // enough for all that may stay: max_blocks()
  uint32_t* next = nullptr;        // as many
  float iou = 0;
  std::size_t max_count = 0;    // 0: all
  std::size_t* kept = nullptr;  // room for all keys
};

// Each group begins a block of its own.
inline std::size_t max_blocks(std::size_t boxes, std::size_t groups) {
  return boxes / KeptBlock::kSize + std::min(boxes, groups);
}

// Whether none of them is NaN or infinite.
bool all_finite(std::span<const float> values);

// How many stayed.
std::size_t suppress(const SuppressTask& task);

}  // namespace weir
