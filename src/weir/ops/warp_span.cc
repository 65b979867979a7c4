#include "weir/ops/warp_span.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace weir::ops {
namespace {

// Narrows from … to to the x for which least <= slope * x + start <= most.
void narrow(double slope, double start, double least, double most, double& from, double& to) {
  if (slope == 0 || least > most) {
    // Not from - 1: for a huge `from` that is the same number.
    if (!(start >= least && start <= most)) to = -std::numeric_limits<double>::infinity();
    return;
  }
  const double a = (least - start) / slope;
  const double b = (most - start) / slope;
  from = std::max(from, std::min(a, b));
  to = std::min(to, std::max(a, b));
}

bool lies_within(Point p, Point least, Point most) {
  return p.x >= least.x && p.x <= most.x && p.y >= least.y && p.y <= most.y;
}

}  // namespace

Affine to_stored(const ImageView& image) {
  const double width = image.width;
  const double height = image.height;
  switch (image.rotation) {
    case Rotation::k90:
      return {0, 1, 0, -1, 0, height};
    case Rotation::k180:
      return {-1, 0, width, 0, -1, height};
    case Rotation::k270:
      return {0, -1, width, 1, 0, 0};
    case Rotation::k0:
      break;
  }
  return {};
}

Shown warp_span(const Affine& map, int y, int width, Point least, Point most) {
  double from = 0.5;  // centres of columns
  double to = width - 0.5;
  narrow(map.a, map.b * (y + 0.5) + map.tx, least.x, most.x, from, to);
  narrow(map.c, map.d * (y + 0.5) + map.ty, least.y, most.y, from, to);
  if (!(from <= to)) return {};
  // Neither is below 0, where a conversion rounds down; std::ceil is a call.
  const int before = static_cast<int>(from - 0.5);
  const int first = before + (before < from - 0.5 ? 1 : 0);
  const int last = static_cast<int>(to - 0.5);
  return last < first ? Shown{} : Shown{first, last + 1};
}

WarpSpans::WarpSpans(const Affine& map, int width, int height, Point least, Point most)
    : map_(map), width_(width), least_(least), most_(most), all_(true) {
  for (const double x : {0.5, width - 0.5}) {
    for (const double y : {0.5, height - 0.5}) {
      all_ = all_ && lies_within(map.apply(Point{x, y}), least, most);
    }
  }
}

}  // namespace weir::ops
