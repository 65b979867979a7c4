#include "weir/ops/filter_prepare.h"

#include <cmath>
#include <utility>
#include <vector>

#include "weir/ops/columns.h"
#include "weir/ops/filter_rows.h"
#include "weir/ops/filter_taps.h"
#include "weir/ops/fused_output.h"
#include "weir/ops/pad_writer.h"

namespace weir::ops {
namespace {

// What a thread keeps.
struct Scratch {
  FilterTaps along[2];  // of the picture, and of its planes of half the size
  FilterTaps down[2];
  std::vector<const uint8_t*> rows;
  std::vector<float> blended;    // a row of the source, blended down
  std::vector<float> halves[2];  // its two channels, if it has two
  std::vector<float> levels[3];  // rows of outputs
  std::vector<float> stored;     // FusedOutput's
};

Scratch& scratch_of_thread() {
  thread_local Scratch scratch;
  return scratch;
}

float* room(std::vector<float>& row, std::size_t count) {
  if (row.size() < count + kFilterSlack) row.resize(count + kFilterSlack);
  return row.data();
}

// A picture that lies on its side is made row by row all the same: what is a row of it as it is
// stored is a column of the input.
TensorTarget seen_from_the_side(TensorTarget target) {
  std::swap(target.width, target.height);
  std::swap(target.column_step, target.row_step);
  return target;
}

class FilterPass {
 public:
  FilterPass(const ImageView& image, const ResizePlan& plan, const PrepareSpec& spec,
             const TensorTarget& target, Scratch& scratch)
      : image_(image),
        plan_(plan),
        target_(target),
        turned_(image.is_sideways() ? seen_from_the_side(target) : target),
        scratch_(scratch),
        padding_(target_, spec),
        output_(image, spec, turned_, scratch.stored),
        job_(output_.job()) {
    const StoredAxes axes = stored_axes(image, plan);
    scratch.along[0].make(axes.along, spec.filter);
    scratch.down[0].make(axes.down, spec.filter);
    if (!is_yuv(image.format) || job_.source == RowSource::kPlane) return;
    scratch.along[1].make(half_of(axes.along), spec.filter);
    scratch.down[1].make(half_of(axes.down), spec.filter);
  }

  void run() {
    pad();
    const Shown columns = columns_shown(plan_);
    const Shown rows = rows_shown(plan_);
    if (columns.count() == 0 || rows.count() == 0) return;
    const Shown along = image_.is_sideways() ? rows : columns;
    const Shown down = image_.is_sideways() ? columns : rows;
    for (int y = 0; y < down.count(); ++y) {
      make_levels(y);
      const float* const levels[3] = {scratch_.levels[0].data(), scratch_.levels[1].data(),
                                      scratch_.levels[2].data()};
      output_.write(job_, down.from + y, along.from, along.count(),
                    [&](const RowJob& job) { level_row(job, levels); });
    }
  }

 private:
  void pad() const {
    const Shown columns = columns_shown(plan_);
    const Shown rows = rows_shown(plan_);
    for (int y = 0; y < plan_.height; ++y) {
      const bool inside = columns.count() > 0 && y >= rows.from && y < rows.to;
      padding_.pad(0, inside ? columns.from : plan_.width, y);
      if (inside) padding_.pad(columns.to, plan_.width, y);
    }
  }

  // The rows of a plane that output row y is made of, blended.
  const float* blended(int plane, int y) {
    const FilterTaps& down = scratch_.down[plane == 0 ? 0 : 1];
    const float* weights = down.weights(y);
    int first = down.first(y);
    int count = down.taps();
    for (; count > 1 && weights[0] == 0; ++weights, ++first) --count;
    for (; count > 1 && weights[count - 1] == 0;) --count;
    scratch_.rows.clear();
    for (int k = 0; k < count; ++k) scratch_.rows.push_back(image_.row(plane, first + k));
    const std::size_t bytes = image_.row_bytes(plane);
    float* const row = room(scratch_.blended, bytes);
    blend_rows(scratch_.rows.data(), weights, count, bytes, row);
    return row;
  }

  void make_plane(const float* row, const FilterTaps& taps, int channel) {
    float* const out =
        room(scratch_.levels[channel], static_cast<std::size_t>(taps.columns().count));
    blend_plane(row, taps, out);
  }

  void make_levels(int y) {
    const FilterTaps& along = scratch_.along[0];
    if (job_.source == RowSource::kPacked) {
      const auto count = static_cast<std::size_t>(along.columns().count);
      float* const out[3] = {room(scratch_.levels[0], count), room(scratch_.levels[1], count),
                             room(scratch_.levels[2], count)};
      return blend_pixels(blended(0, y), along, out);
    }
    make_plane(blended(0, y), along, 0);
    if (job_.source == RowSource::kPlane) return;
    const FilterTaps& chroma = scratch_.along[1];
    if (job_.source == RowSource::kI420) {
      make_plane(blended(1, y), chroma, 1);
      return make_plane(blended(2, y), chroma, 2);
    }
    const std::size_t pairs = image_.row_bytes(1) / 2;
    float* const u = room(scratch_.halves[0], pairs);
    float* const v = room(scratch_.halves[1], pairs);
    split_pairs(blended(1, y), pairs, u, v);
    make_plane(u, chroma, 1);
    make_plane(v, chroma, 2);
  }

  const ImageView& image_;
  const ResizePlan& plan_;
  const TensorTarget& target_;
  const TensorTarget turned_;
  Scratch& scratch_;
  const PadWriter padding_;
  FusedOutput output_;
  RowJob job_;
};

// Two pixels become one, the first two the first; those of chroma one each.
bool halves(const Columns& columns) {
  return std::abs(columns.step) == 2 && std::fmod(columns.from, 2) == 1;
}

// As many pixels as there were.
bool keeps(const Columns& columns) {
  return std::abs(columns.step) == 1 && columns.from - std::floor(columns.from) == 0.5;
}

}  // namespace

bool is_bilinear(ResizeFilter filter, const ImageView& image, const ResizePlan& plan) {
  if (filter == ResizeFilter::kBilinear) return true;
  const StoredAxes axes = stored_axes(image, plan);
  if (keeps(axes.along) && keeps(axes.down)) return !is_yuv(image.format);
  // Each of an odd number of pixels would need a partner.
  return filter == ResizeFilter::kArea && halves(axes.along) && halves(axes.down);
}

void filter_prepare(const ImageView& image, const ResizePlan& plan, const PrepareSpec& spec,
                    const TensorTarget& target) {
  FilterPass(image, plan, spec, target, scratch_of_thread()).run();
}

}  // namespace weir::ops
