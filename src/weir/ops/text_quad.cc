#include "weir/ops/text_quad.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>

#include "weir/ops/box.h"

namespace weir {
namespace {

constexpr double kDegree = std::numbers::pi / 180;
// A long line within so much of upright is read downwards.
constexpr double kUprightMargin = 15 * kDegree;

double distance(Point a, Point b) {
  return std::hypot(b.x - a.x, b.y - a.y);
}

std::array<Point, 4> corners_of(const Box& box) {
  return {{{box.x1, box.y1}, {box.x2, box.y1}, {box.x2, box.y2}, {box.x1, box.y2}}};
}

// Angles are in (low, low + 2 pi].
double wrapped(double angle, double low) {
  constexpr double kTurn = 2 * std::numbers::pi;
  while (angle <= low) angle += kTurn;
  while (angle > low + kTurn) angle -= kTurn;
  return angle;
}

bool is_usable(const TextQuad& quad) {
  for (const Point& corner : quad.corners) {
    if (!std::isfinite(corner.x) || !std::isfinite(corner.y)) return false;
  }
  return quad.width() > 0 && quad.height() > 0;
}

TextQuad from_tall(const TextQuad& quad) {
  return quad.height() >= kTallText * quad.width() ? quad.turned(1) : quad;
}

}  // namespace

double TextQuad::width() const {
  return (distance(corners[0], corners[1]) + distance(corners[3], corners[2])) / 2;
}

double TextQuad::height() const {
  return (distance(corners[0], corners[3]) + distance(corners[1], corners[2])) / 2;
}

Point TextQuad::centre() const {
  return {(corners[0].x + corners[1].x + corners[2].x + corners[3].x) / 4,
          (corners[0].y + corners[1].y + corners[2].y + corners[3].y) / 4};
}

double TextQuad::angle() const {
  const double dx = corners[1].x - corners[0].x + corners[2].x - corners[3].x;
  const double dy = corners[1].y - corners[0].y + corners[2].y - corners[3].y;
  return std::atan2(dy, dx);
}

TextQuad TextQuad::turned(int quarters) const {
  TextQuad other;
  const auto first = static_cast<std::size_t>((quarters % 4 + 4) % 4);
  for (std::size_t i = 0; i < 4; ++i) other.corners[i] = corners[(i + first) % 4];
  return other;
}

TextQuad read_along(const std::array<Point, 4>& clockwise) {
  const TextQuad quad{clockwise};
  const double width = quad.width();
  const double height = quad.height();
  const bool is_long = std::max(width, height) >= kTallText * std::min(width, height);
  // A long one has two ways to be read, which are opposite; another has four.
  const double low = is_long ? kUprightMargin - 90 * kDegree : -45 * kDegree;
  const double range = is_long ? 180 * kDegree : 90 * kDegree;
  const int first = is_long && height > width ? 1 : 0;
  for (int quarters = first; quarters < 4; quarters += is_long ? 2 : 1) {
    const TextQuad turned = quad.turned(quarters);
    if (wrapped(turned.angle(), low) <= low + range) return turned;
  }
  return quad.turned(first);
}

Result<TextQuad> text_quad(const Finding& finding) {
  TextQuad quad;
  if (finding.keypoints.size() == 4) {
    for (std::size_t i = 0; i < 4; ++i) {
      quad.corners[i] = {finding.keypoints[i].x, finding.keypoints[i].y};
    }
  } else if (finding.box) {
    quad.corners = corners_of(*finding.box);
  } else {
    return Error(ErrorCode::kInvalidArgument, "a finding without a box is no line of text", "",
                 "text is read on findings that have a box, or four corners as keypoints");
  }
  if (!is_usable(quad)) {
    return Error(ErrorCode::kInvalidArgument, "a line of text without area cannot be read");
  }
  return from_tall(quad);
}

TextQuad text_quad(int width, int height) {
  return from_tall({corners_of({0, 0, static_cast<float>(width), static_cast<float>(height)})});
}

void set_quad(Finding& finding, const TextQuad& quad, int source_width, int source_height) {
  const auto w = static_cast<float>(source_width);
  const auto h = static_cast<float>(source_height);
  finding.keypoints.clear();
  finding.keypoints.reserve(quad.corners.size());
  Box box{w, h, 0, 0};
  for (const Point& corner : quad.corners) {
    const auto x = static_cast<float>(corner.x);
    const auto y = static_cast<float>(corner.y);
    finding.keypoints.push_back({x, y, 1});
    box = {std::min(box.x1, x), std::min(box.y1, y), std::max(box.x2, x), std::max(box.y2, y)};
  }
  finding.box = Box{std::clamp(box.x1, 0.0F, w), std::clamp(box.y1, 0.0F, h),
                    std::clamp(box.x2, 0.0F, w), std::clamp(box.y2, 0.0F, h)};
}

Affine crop_to_source(const TextQuad& quad, double width, double height) {
  const auto& p = quad.corners;
  const Point along{(p[1].x - p[0].x + p[2].x - p[3].x) / 2,
                    (p[1].y - p[0].y + p[2].y - p[3].y) / 2};
  const Point across{(p[3].x - p[0].x + p[2].x - p[1].x) / 2,
                     (p[3].y - p[0].y + p[2].y - p[1].y) / 2};
  const Point centre = quad.centre();
  return {along.x / width, across.x / height, centre.x - (along.x + across.x) / 2,
          along.y / width, across.y / height, centre.y - (along.y + across.y) / 2};
}

}  // namespace weir
