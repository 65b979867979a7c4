// Small things that are asked of points. Pure functions: any thread.
#pragma once

#include <algorithm>
#include <cmath>
#include <span>

#include "weir/data/finding.h"

namespace weir {

inline bool is_finite(const Keypoint& point) {
  return std::isfinite(point.x) && std::isfinite(point.y) && std::isfinite(point.score);
}

inline bool all_finite(std::span<const Keypoint> points) {
  return std::all_of(points.begin(), points.end(),
                     [](const Keypoint& point) { return is_finite(point); });
}

inline bool all_finite(std::span<const float> numbers) {
  return std::all_of(numbers.begin(), numbers.end(), [](float x) { return std::isfinite(x); });
}

// The upright box around them; at least one.
inline Box box_around(std::span<const Keypoint> points) {
  Box box{points[0].x, points[0].y, points[0].x, points[0].y};
  for (const Keypoint& point : points) {
    box = {std::min(box.x1, point.x), std::min(box.y1, point.y), std::max(box.x2, point.x),
           std::max(box.y2, point.y)};
  }
  return box;
}

// The part of a box that is inside a picture of this size.
inline Box clipped(const Box& box, int width, int height) {
  const auto w = static_cast<float>(width);
  const auto h = static_cast<float>(height);
  return {std::clamp(box.x1, 0.0F, w), std::clamp(box.y1, 0.0F, h), std::clamp(box.x2, 0.0F, w),
          std::clamp(box.y2, 0.0F, h)};
}

}  // namespace weir
