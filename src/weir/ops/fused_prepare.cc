#include "weir/ops/fused_prepare.h"

#include <algorithm>
#include <cstring>
#include <vector>

#include "weir/ops/columns.h"
#include "weir/ops/fused_output.h"
#include "weir/ops/fused_rows.h"
#include "weir/ops/pad_writer.h"
#include "weir/ops/row_taps.h"

namespace weir::ops {
namespace {

bool has_chroma(RowSource source) {
  return source == RowSource::kNv12 || source == RowSource::kI420;
}

// What a thread keeps; see the header.
struct Scratch {
  // What the tables were made for.
  Columns columns;
  RowSource source = RowSource::kPacked;
  LookupShape shape;
  bool fits = false;

  RowTaps taps;
  RowTaps chroma_taps;
  std::vector<float> rows;          // three, of outputs
  std::vector<uint8_t> short_rows;  // six, of sources that are shorter than a window

  bool make_taps(const Columns& wanted, RowSource from, const LookupShape& with) {
    if (wanted == columns && from == source && with == shape) return fits;
    columns = wanted;
    source = from;
    shape = with;
    fits = taps.make(columns, source == RowSource::kPacked ? 3 : 1, shape);
    if (!fits || !has_chroma(source)) return fits;
    const int channels = source == RowSource::kNv12 ? 2 : 1;
    fits = chroma_taps.make(half_of(columns), channels, shape, taps.windows());
    if (fits && chroma_taps.windows() > taps.windows()) {
      fits = taps.make(columns, 1, shape, chroma_taps.windows());
    }
    return fits;
  }
};

Scratch& scratch_of_thread() {
  thread_local Scratch scratch;
  return scratch;
}

class FusedPass {
 public:
  FusedPass(const ImageView& image, const ResizePlan& plan, const PrepareSpec& spec,
            const TensorTarget& target, Scratch& scratch)
      : image_(image),
        plan_(plan),
        scratch_(scratch),
        shown_(columns_shown(plan)),
        padding_(target, spec),
        output_(image, spec, target, scratch.rows),
        job_(output_.job()) {}

  bool run() {
    const Shown rows = rows_shown(plan_);
    const StoredAxes axes = stored_axes(image_, plan_);
    if (shown_.count() > 0 && rows.count() > 0) {
      if (!scratch_.make_taps(axes.along, job_.source, fused_lookup())) return false;
    }
    job_.taps = &scratch_.taps;
    job_.chroma_taps = &scratch_.chroma_taps;
    for (int y = 0; y < plan_.height; ++y) {
      if (shown_.count() == 0 || y < rows.from || y >= rows.to) {
        padding_.pad(0, plan_.width, y);
        continue;
      }
      padding_.pad(0, shown_.from, y);
      set_rows(axes.down.from + (y - rows.from) * axes.down.step, axes.down.step);
      output_.write(job_, y, shown_.from, shown_.count(), fused_row);
      padding_.pad(shown_.to, plan_.width, y);
    }
    return true;
  }

 private:
  // A row of the plane that has as many bytes as its taps look at.
  const uint8_t* source_row(int plane, int y, const RowTaps& taps, int slot) {
    const uint8_t* const row = image_.row(plane, y);
    const std::size_t bytes = image_.row_bytes(plane);
    const auto needed = static_cast<std::size_t>(taps.row_bytes());
    if (bytes >= needed) return row;
    if (scratch_.short_rows.size() < 6 * needed) scratch_.short_rows.resize(6 * needed);
    uint8_t* const longer = scratch_.short_rows.data() + static_cast<std::size_t>(slot) * needed;
    std::memcpy(longer, row, bytes);
    std::memset(longer + bytes, 0, needed - bytes);
    return longer;
  }

  RowPair rows_at(int plane, double position, double step, const RowTaps& taps) {
    const Tap tap = tap_at(position, image_.plane_rows(plane));
    const Tap next = tap_at(position + step, image_.plane_rows(plane));
    const uint8_t* const above = source_row(plane, tap.first, taps, 2 * plane);
    const bool two = tap.weight > 0;
    return {.above = above,
            .below = two ? source_row(plane, tap.second, taps, 2 * plane + 1) : above,
            .weight = tap.weight,
            .ahead = image_.row(plane, next.first) - image_.row(plane, tap.first)};
  }

  void set_rows(double position, double step) {
    job_.first = rows_at(0, position, step, scratch_.taps);
    if (!has_chroma(job_.source)) return;
    job_.chroma[0] = rows_at(1, position / 2, step / 2, scratch_.chroma_taps);
    if (job_.source == RowSource::kI420) {
      job_.chroma[1] = rows_at(2, position / 2, step / 2, scratch_.chroma_taps);
    }
  }

  const ImageView& image_;
  const ResizePlan& plan_;
  Scratch& scratch_;
  const Shown shown_;  // columns
  const PadWriter padding_;
  FusedOutput output_;
  RowJob job_;
};

}  // namespace

bool fused_prepare(const ImageView& image, const ResizePlan& plan, const PrepareSpec& spec,
                   const TensorTarget& target) {
  if (image.is_sideways() || fused_lookup().lanes == 0) return false;
  return FusedPass(image, plan, spec, target, scratch_of_thread()).run();
}

}  // namespace weir::ops
