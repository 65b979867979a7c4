#include "weir/ops/project_mask.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "weir/ops/tensor_check.h"

namespace weir {
namespace {

struct Plane {
  const float* values;
  int64_t width;
  int64_t height;

  double at(int64_t x, int64_t y) const { return double{values[y * width + x]}; }
};

Result<Plane> plane_of(const TensorView& logits) {
  TensorView view = logits;
  // One channel that comes last is as good as one that comes first.
  if (view.shape.rank() == 4 && view.shape[3] == 1) {
    view.shape = {view.shape[0], view.shape[1], view.shape[2]};
    view.strides = {};
  }
  WEIR_ASSIGN(const TensorView plane,
              ops::expect_floats("the values of a mask", view, {Shape::kDynamic, Shape::kDynamic}));
  return Plane{plane.as<float>(), plane.shape[1], plane.shape[0]};
}

// Bilinear around (x, y), which lies inside, with pixels' values at their centres.
double sample(const Plane& plane, double x, double y) {
  const double left = std::floor(x - 0.5);
  const double top = std::floor(y - 0.5);
  const double fx = x - 0.5 - left;
  const double fy = y - 0.5 - top;
  const auto clamped = [](double value, int64_t count) {
    return std::clamp(static_cast<int64_t>(value), int64_t{0}, count - 1);
  };
  const int64_t x0 = clamped(left, plane.width);
  const int64_t x1 = clamped(left + 1, plane.width);
  const int64_t y0 = clamped(top, plane.height);
  const int64_t y1 = clamped(top + 1, plane.height);
  return (plane.at(x0, y0) * (1 - fx) + plane.at(x1, y0) * fx) * (1 - fy) +
         (plane.at(x0, y1) * (1 - fx) + plane.at(x1, y1) * fx) * fy;
}

// The whole pixels of the source that the plane can cover: [first, last).
struct Span {
  int first;
  int last;
};
Span covered(float low, float high, int side) {
  const auto first = std::clamp(std::floor(double{low}), 0.0, static_cast<double>(side));
  const auto last = std::clamp(std::ceil(double{high}), first, static_cast<double>(side));
  return {static_cast<int>(first), static_cast<int>(last)};
}

}  // namespace

Result<Mask> project_mask(const TensorView& logits, const Affine& to_source, int width,
                          int height) {
  WEIR_ASSIGN(const Plane plane, plane_of(logits));
  WEIR_ASSIGN(const Affine to_plane, inverse(to_source));
  if (width < 1 || height < 1 || width > Mask::kMaxSide || height > Mask::kMaxSide) {
    return Error(ErrorCode::kInvalidArgument,
                 "a mask of " + std::to_string(width) + "x" + std::to_string(height) + " pixels");
  }
  const auto w = static_cast<double>(plane.width);
  const auto h = static_cast<double>(plane.height);
  const Box area =
      to_source.around({0, 0, static_cast<float>(plane.width), static_cast<float>(plane.height)});
  const Span columns = covered(area.x1, area.x2, width);
  const Span rows = covered(area.y1, area.y2, height);
  thread_local std::vector<uint8_t> pixels;  // kept, since pictures of a stream are of one size
  pixels.assign(static_cast<std::size_t>(width) * static_cast<std::size_t>(height), 0);
  for (int y = rows.first; y < rows.last; ++y) {
    uint8_t* row = pixels.data() + static_cast<std::ptrdiff_t>(y) * width;
    for (int x = columns.first; x < columns.last; ++x) {
      const Point at = to_plane.apply(Point{x + 0.5, y + 0.5});
      const bool inside = at.x >= 0 && at.y >= 0 && at.x < w && at.y < h;
      row[x] = inside && sample(plane, at.x, at.y) > 0 ? 1 : 0;
    }
  }
  return Mask::encode(pixels.data(), width, width, height);
}

}  // namespace weir
