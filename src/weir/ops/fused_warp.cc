#include "weir/ops/fused_warp.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "weir/ops/warp_span.h"

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

}  // namespace

FusedWarp::FusedWarp(const ImageView& image, const Affine& to_stored, const PrepareSpec& spec,
                     const TensorTarget& target)
    : image_(image), map_(to_stored), output_(image, spec, target, rows_of_thread()) {
  if (is_addressable(image) && is_fine(map_)) least_count_ = fused_lookup().lanes;
  job_.row = output_.job();
}

void FusedWarp::set_planes(Point first) {
  for (int i = 0; i < plane_count(image_.format); ++i) {
    const double share = i == 0 ? 1 : 0.5;
    job_.plane[i] = {image_.planes[i].data, static_cast<int32_t>(image_.planes[i].stride),
                     first.x * share - 0.5, first.y * share - 0.5,
                     map_.a * share,        map_.c * share};
  }
}

// A pixel from the border, because chroma samples lie that far in; and at the right a few more,
// because the samples of an output are read by eight bytes, or by four where there is one byte
// each.
Shown FusedWarp::row(int y, Shown within) {
  if (least_count_ == 0) return {within.from, within.from};
  const Point least{1 + kMargin, 1 + kMargin};
  const int reach = is_yuv(image_.format) ? 6 : image_.format == PixelFormat::kGrey ? 4 : 2;
  const Point most{image_.width - reach - kMargin, image_.height - 2 - kMargin};
  Shown inside = warp_span(map_, y, within.to, least, most);
  inside.from = std::max(inside.from, within.from);
  if (inside.count() < least_count_) return {within.from, within.from};
  set_planes(map_.apply(Point{inside.from + 0.5, y + 0.5}));
  output_.write(job_.row, y, inside.from, inside.count(),
                [this](const RowJob&) { fused_warp(job_); });
  return inside;
}

}  // namespace weir::ops
