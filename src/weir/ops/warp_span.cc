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
  const int first = static_cast<int>(std::ceil(from - 0.5));
  const int last = static_cast<int>(std::floor(to - 0.5));
  return last < first ? Shown{} : Shown{first, last + 1};
}

}  // namespace weir::ops
