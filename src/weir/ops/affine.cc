#include "weir/ops/affine.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace weir {

Keypoint Affine::apply(const Keypoint& point) const {
  const Point moved = apply(Point{point.x, point.y});
  return {static_cast<float>(moved.x), static_cast<float>(moved.y), point.score};
}

Box Affine::around(const Box& box) const {
  const Point corners[] = {apply(Point{box.x1, box.y1}), apply(Point{box.x2, box.y1}),
                           apply(Point{box.x1, box.y2}), apply(Point{box.x2, box.y2})};
  const auto by_x = [](const Point& p, const Point& q) { return p.x < q.x; };
  const auto by_y = [](const Point& p, const Point& q) { return p.y < q.y; };
  const auto [left, right] = std::minmax_element(std::begin(corners), std::end(corners), by_x);
  const auto [top, bottom] = std::minmax_element(std::begin(corners), std::end(corners), by_y);
  return {static_cast<float>(left->x), static_cast<float>(top->y), static_cast<float>(right->x),
          static_cast<float>(bottom->y)};
}

bool Affine::is_finite() const {
  return std::isfinite(a) && std::isfinite(b) && std::isfinite(tx) && std::isfinite(c) &&
         std::isfinite(d) && std::isfinite(ty);
}

Result<Affine> inverse(const Affine& map) {
  const double area = map.determinant();
  Affine back{map.d / area, -map.b / area, 0, -map.c / area, map.a / area, 0};
  back.tx = -(back.a * map.tx + back.b * map.ty);
  back.ty = -(back.c * map.tx + back.d * map.ty);
  if (area != 0 && back.is_finite()) return back;
  return Error(ErrorCode::kInvalidArgument, "this affine map has no inverse", "",
               "it must not bring different points to one");
}

Affine compose(const Affine& outer, const Affine& inner) {
  const Point shift = outer.apply(Point{inner.tx, inner.ty});
  return {outer.a * inner.a + outer.b * inner.c, outer.a * inner.b + outer.b * inner.d, shift.x,
          outer.c * inner.a + outer.d * inner.c, outer.c * inner.b + outer.d * inner.d, shift.y};
}

namespace {

Point mean_of(std::span<const Point> points) {
  Point sum;
  for (const Point& point : points) sum.x += point.x, sum.y += point.y;
  const auto count = static_cast<double>(points.size());
  return {sum.x / count, sum.y / count};
}

}  // namespace

// About their means, the points are complex numbers p and q, and the best factor is that of a
// regression: sum(q * conj(p)) / sum(|p|²).
Result<Affine> similarity(std::span<const Point> from, std::span<const Point> to) {
  const Error error(ErrorCode::kInvalidArgument,
                    "no similarity brings " + std::to_string(from.size()) + " points to " +
                        std::to_string(to.size()),
                    "", "give as many points of each, and two different ones at least");
  if (from.size() != to.size() || from.size() < 2) return error;
  const Point centre = mean_of(from);
  const Point goal = mean_of(to);
  double real = 0;
  double imaginary = 0;
  double spread = 0;
  for (std::size_t i = 0; i < from.size(); ++i) {
    const Point p{from[i].x - centre.x, from[i].y - centre.y};
    const Point q{to[i].x - goal.x, to[i].y - goal.y};
    real += p.x * q.x + p.y * q.y;
    imaginary += p.x * q.y - p.y * q.x;
    spread += p.x * p.x + p.y * p.y;
  }
  const double cosine = real / spread;
  const double sine = imaginary / spread;
  Affine map{cosine, -sine, 0, sine, cosine, 0};
  map.tx = goal.x - (map.a * centre.x + map.b * centre.y);
  map.ty = goal.y - (map.c * centre.x + map.d * centre.y);
  if (!(spread > 0) || !map.is_finite() || map.determinant() == 0) return error;
  return map;
}

Affine rectangle(Point centre, double width, double height, double angle_rad, int out_width,
                 int out_height) {
  const double cosine = std::cos(angle_rad);
  const double sine = std::sin(angle_rad);
  const double across = width / out_width;
  const double down = height / out_height;
  return {cosine * across, -sine * down,  centre.x - (cosine * width - sine * height) / 2,
          sine * across,   cosine * down, centre.y - (sine * width + cosine * height) / 2};
}

}  // namespace weir
