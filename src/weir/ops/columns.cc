#include "weir/ops/columns.h"

namespace weir::ops {
namespace {

// `from` is the position of the first output that is shown.
Columns axis(double region_from, double region_to, int offset, int inner, Shown shown, int samples,
             bool flip) {
  const double step = (region_to - region_from) / inner;
  const double from = region_from + (shown.from - offset + 0.5) * step;
  return {flip ? samples - from : from, flip ? -step : step, shown.count(), samples};
}

}  // namespace

StoredAxes stored_axes(const ImageView& image, const ResizePlan& plan) {
  const bool sideways = image.is_sideways();
  const Rotation turn = image.rotation;
  const bool flip_along = turn == Rotation::k180 || turn == Rotation::k270;
  const bool flip_down = turn == Rotation::k180 || turn == Rotation::k90;
  const Columns x =
      axis(plan.region.x1, plan.region.x2, plan.left, plan.inner_width, columns_shown(plan),
           sideways ? image.height : image.width, sideways ? flip_down : flip_along);
  const Columns y =
      axis(plan.region.y1, plan.region.y2, plan.top, plan.inner_height, rows_shown(plan),
           sideways ? image.width : image.height, sideways ? flip_along : flip_down);
  return sideways ? StoredAxes{y, x} : StoredAxes{x, y};
}

Columns half_of(const Columns& columns) {
  return {columns.from / 2, columns.step / 2, columns.count, (columns.samples + 1) / 2};
}

}  // namespace weir::ops
