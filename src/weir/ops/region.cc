#include "weir/ops/region.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>

#include "weir/ops/box.h"
#include "weir/ops/points.h"

namespace weir {
namespace {

// The keypoint `index` as a point, if the finding has it and it is a place.
bool point_of(const Finding& finding, int index, Point& point) {
  if (index < 0 || static_cast<std::size_t>(index) >= finding.keypoints.size()) return false;
  const Keypoint& keypoint = finding.keypoints[static_cast<std::size_t>(index)];
  point = {keypoint.x, keypoint.y};
  return is_finite(keypoint);
}

// Clockwise, by which the region is turned so that first -> second comes to point at the target. In
// the picture y grows downwards, in the direction upwards.
double turn(Point first, Point second, double target_deg) {
  const double direction = std::atan2(first.y - second.y, second.x - first.x);
  return target_deg * std::numbers::pi / 180 - direction;
}

// The square of this side around the box's centre, moved and enlarged.
Affine square(Point centre, double box_width, double box_height, double side, double angle,
              const RegionSpec& spec, int width, int height) {
  const double x = box_width * spec.shift_x;
  const double y = box_height * spec.shift_y;
  const Point moved{centre.x + std::cos(angle) * x - std::sin(angle) * y,
                    centre.y + std::sin(angle) * x + std::cos(angle) * y};
  const Affine region =
      rectangle(moved, side * spec.scale, side * spec.scale, angle, width, height);
  if (!spec.mirror) return region;
  return compose(region, {.a = -1, .tx = static_cast<double>(width)});
}

Error no_place() {
  return {ErrorCode::kInvalidArgument, "this finding has no place to look at", "",
          "it needs a box with an area, or the keypoints that the model is aligned by"};
}

}  // namespace

Result<Affine> region_around(const Finding& finding, const RegionSpec& spec, int width,
                             int height) {
  Point first;
  Point second;
  const bool has_points =
      point_of(finding, spec.start, first) && point_of(finding, spec.end, second);
  const double length = has_points ? std::hypot(second.x - first.x, second.y - first.y) : 0;
  if (spec.aligned && length > 0) {
    const double angle = turn(first, second, spec.target_deg);
    return square(first, 2 * length, 2 * length, 2 * length, angle, spec, width, height);
  }
  if (!finding.box || !is_proper(*finding.box)) return no_place();
  const Box& box = *finding.box;
  const Point centre{(double{box.x1} + double{box.x2}) / 2, (double{box.y1} + double{box.y2}) / 2};
  const double angle = length > 0 ? turn(first, second, spec.target_deg) : 0;
  return square(centre, box.width(), box.height(), std::max(box.width(), box.height()), angle, spec,
                width, height);
}

Result<Affine> region_between(Point first, Point second, const RegionSpec& spec, int width,
                              int height) {
  const double length = std::hypot(second.x - first.x, second.y - first.y);
  if (!(length > 0) || !std::isfinite(length)) return no_place();
  const Point centre{(first.x + second.x) / 2, (first.y + second.y) / 2};
  return square(centre, length, length, length, turn(first, second, spec.target_deg), spec, width,
                height);
}

}  // namespace weir
