// The overlap of boxes, and which boxes are any. Pure functions: any thread.
#pragma once

#include <cmath>

#include "weir/data/finding.h"

namespace weir {

inline bool is_finite(const Box& box) {
  return std::isfinite(box.x1) && std::isfinite(box.y1) && std::isfinite(box.x2) &&
         std::isfinite(box.y2);
}

// Finite, and with an area.
inline bool is_proper(const Box& box) {
  return is_finite(box) && box.x2 > box.x1 && box.y2 > box.y1;
}

// Intersection over union, 0 … 1; 0 where one of them has no area. `extra` is 1 where boxes name
// their last pixel, as some detectors' do, and 0 where they name its outer edge.
inline float iou(const Box& a, const Box& b, float extra = 0) {
  const float width = (a.x2 < b.x2 ? a.x2 : b.x2) - (a.x1 > b.x1 ? a.x1 : b.x1) + extra;
  const float height = (a.y2 < b.y2 ? a.y2 : b.y2) - (a.y1 > b.y1 ? a.y1 : b.y1) + extra;
  if (!(width > 0) || !(height > 0)) return 0;
  const float both = width * height;
  const float either = (a.width() + extra) * (a.height() + extra) +
                       (b.width() + extra) * (b.height() + extra) - both;
  return either > 0 ? both / either : 0;
}

}  // namespace weir
