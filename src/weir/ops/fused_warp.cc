#include "weir/ops/fused_warp.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace weir::ops {
namespace {

// What the map's steps are rounded to, many times over.
constexpr double kMargin = 1e-3;

std::vector<float>& rows_of_thread() {
  thread_local std::vector<float> rows;
  return rows;
}

bool is_addressable(const ImageView& image) {
  for (int plane = 0; plane < plane_count(image.format); ++plane) {
    const int64_t stride = image.planes[plane].stride;
    if (stride * image.plane_rows(plane) > std::numeric_limits<int32_t>::max()) return false;
  }
  return true;
}

bool is_fine(const Affine& map) {
  return std::abs(map.a) <= WarpJob::kMaxStep && std::abs(map.c) <= WarpJob::kMaxStep;
}

int32_t in_ones(double samples) {
  return static_cast<int32_t>(std::floor(samples * WarpPlane::kOne + 0.5));
}

// A pixel from the border, because chroma samples lie that far in; and at the right a few more,
// because the samples of an output are read by eight bytes, or by four where there is one byte
// each.
WarpSpans spans_inside(const ImageView& image, const Affine& map, const TensorTarget& target) {
  const Point least{1 + kMargin, 1 + kMargin};
  const int reach = is_yuv(image.format) ? 6 : image.format == PixelFormat::kGrey ? 4 : 2;
  const Point most{image.width - reach - kMargin, image.height - 2 - kMargin};
  return {map, target.width, target.height, least, most};
}

}  // namespace

FusedWarp::FusedWarp(const ImageView& image, const Affine& to_stored, const PrepareSpec& spec,
                     const TensorTarget& target)
    : image_(image),
      map_(to_stored),
      inside_(spans_inside(image, to_stored, target)),
      output_(image, spec, target, rows_of_thread()) {
  job_.row = output_.job();
  if (!is_addressable(image) || !is_fine(map_)) return;
  least_count_ = fused_lookup().lanes;
  set_planes();
}

void FusedWarp::set_planes() {
  for (int i = 0; i < plane_count(image_.format); ++i) {
    const double share = i == 0 ? 1 : 0.5;
    WarpPlane& plane = job_.plane[i];
    plane.data = image_.planes[i].data;
    plane.stride = static_cast<int32_t>(image_.planes[i].stride);
    plane.step_x = map_.a * share;
    plane.step_y = map_.c * share;
    for (int lane = 0; lane < WarpPlane::kMostLanes; ++lane) {
      plane.steps_x[lane] = in_ones(lane * plane.step_x);
      plane.steps_y[lane] = in_ones(lane * plane.step_y);
    }
  }
}

void FusedWarp::look_from(Point first) {
  for (int i = 0; i < plane_count(image_.format); ++i) {
    const double share = i == 0 ? 1 : 0.5;
    job_.plane[i].x = first.x * share - 0.5;
    job_.plane[i].y = first.y * share - 0.5;
  }
}

Shown FusedWarp::row(int y, Shown within) {
  if (least_count_ == 0) return {within.from, within.from};
  Shown inside = inside_.of_row(y);
  inside.to = std::min(inside.to, within.to);
  inside.from = std::max(inside.from, within.from);
  if (inside.count() < least_count_) return {within.from, within.from};
  look_from(map_.apply(Point{inside.from + 0.5, y + 0.5}));
  output_.write(job_.row, y, inside.from, inside.count(),
                [this](const RowJob&) { fused_warp(job_); });
  return inside;
}

}  // namespace weir::ops
