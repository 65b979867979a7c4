#include "weir/ops/half_size.h"

#include <cmath>
#include <vector>

#include "weir/ops/columns.h"
#include "weir/ops/fused_output.h"
#include "weir/ops/fused_rows.h"
#include "weir/ops/half_colour_rows.h"
#include "weir/ops/half_video_rows.h"
#include "weir/ops/pad_writer.h"

namespace weir::ops {
namespace {

// Two samples each, the first an even one, and none of them beyond the picture.
bool halves(const Columns& columns) {
  const double last = columns.from + 2.0 * (columns.count - 1);
  return columns.count > 0 && columns.step == 2 && std::fmod(columns.from, 2) == 1 &&
         columns.from >= 1 && last + 1 <= columns.samples;
}

// Whether levels are written as they are, or, as int8, less 128.
bool keeps_levels(const PrepareSpec& spec, DType dtype) {
  if (dtype != DType::kUInt8 && dtype != DType::kInt8) return false;
  const LevelMap map = level_map(spec);
  const float offset = dtype == DType::kInt8 ? -128 : 0;
  for (std::size_t c = 0; c < 3; ++c) {
    if (map.factor[c] != 1 || map.offset[c] != offset) return false;
  }
  return true;
}

// The first sample of a row of the output: x and y are even.
struct Start {
  int x;
  int y;
};

// Where a row goes.
struct Place {
  int y;
  int from;
  int count;
};

// Where the channels of a row of bytes go; all to one place if they are written three by three.
template <class Job>
void set_outputs(Job& job, const Place& to, const TensorTarget& target, bool turned) {
  uint8_t* const row =
      static_cast<uint8_t*>(target.data) + to.y * target.row_step + to.from * target.column_step;
  job.count = to.count;
  for (int c = 0; c < 3; ++c) {
    const int channel = turned ? 2 - c : c;
    job.out[c] = row + (job.interleaved ? 0 : channel * target.channel_step);
  }
}

class VideoBytes {
 public:
  VideoBytes(const ImageView& image, const PrepareSpec& spec, const TensorTarget& target)
      : image_(image), target_(target), turned_(spec.channels == ChannelOrder::kBgr) {
    job_.less_128 = target.dtype == DType::kInt8;
    job_.matrix = half_video_matrix(yuv_to_rgb(image), job_.less_128 ? 128 : 0);
    job_.interleaved = target.column_step == 3;
    job_.blue_first = turned_;
  }

  void row(Start at, const Place& to) {
    const bool pairs = image_.format == PixelFormat::kNv12;
    job_.above = image_.row(0, at.y) + at.x;
    job_.below = image_.row(0, at.y + 1) + at.x;
    job_.u = image_.row(1, at.y / 2) + (pairs ? at.x : at.x / 2);
    job_.v = pairs ? nullptr : image_.row(2, at.y / 2) + at.x / 2;
    set_outputs(job_, to, target_, turned_);
    half_video_row(job_);
  }

 private:
  const ImageView& image_;
  const TensorTarget& target_;
  const bool turned_;
  HalfVideoJob job_;
};

class ColourBytes {
 public:
  ColourBytes(const ImageView& image, const PrepareSpec& spec, const TensorTarget& target)
      : image_(image), target_(target) {
    job_.less_128 = target.dtype == DType::kInt8;
    job_.interleaved = target.column_step == 3;
    job_.turned = (image.format == PixelFormat::kBgr) != (spec.channels == ChannelOrder::kBgr);
  }

  void row(Start at, const Place& to) {
    job_.above = image_.row(0, at.y) + 3 * at.x;
    job_.below = image_.row(0, at.y + 1) + 3 * at.x;
    set_outputs(job_, to, target_, job_.turned);
    half_colour_row(job_);
  }

 private:
  const ImageView& image_;
  const TensorTarget& target_;
  HalfColourJob job_;
};

class Floats {
 public:
  Floats(const ImageView& image, const PrepareSpec& spec, const TensorTarget& target,
         std::vector<float>& scratch)
      : image_(image), output_(image, spec, target, scratch), job_(output_.job()) {}

  void row(Start at, const Place& to) {
    const int pixel = job_.source == RowSource::kPacked ? 3 : 1;
    job_.first = rows_of(0, at.y, 2, pixel * at.x);
    if (job_.source == RowSource::kNv12) job_.chroma[0] = rows_of(1, at.y / 2, 1, at.x);
    if (job_.source == RowSource::kI420) {
      for (int c : {0, 1}) job_.chroma[c] = rows_of(1 + c, at.y / 2, 1, at.x / 2);
    }
    output_.write(job_, to.y, to.from, to.count, fused_half_row);
  }

 private:
  // One row or two, from byte x on.
  RowPair rows_of(int plane, int y, int count, int x) const {
    const uint8_t* const above = image_.row(plane, y) + x;
    const bool more = y + 2 * count <= image_.plane_rows(plane);
    return {.above = above,
            .below = count == 2 ? image_.row(plane, y + 1) + x : above,
            .weight = count == 2 ? 0.5F : 0,
            .ahead = more ? image_.row(plane, y + count) + x - above : 0};
  }

  const ImageView& image_;
  FusedOutput output_;
  RowJob job_;
};

template <class Rows>
bool write(Rows rows, Start first, const ResizePlan& plan, const PrepareSpec& spec,
           const TensorTarget& target) {
  const PadWriter padding(target, spec);
  const Shown columns = columns_shown(plan);
  const Shown shown = rows_shown(plan);
  for (int y = 0; y < plan.height; ++y) {
    if (y < shown.from || y >= shown.to) {
      padding.pad(0, plan.width, y);
      continue;
    }
    padding.pad(0, columns.from, y);
    rows.row({first.x, first.y + 2 * (y - shown.from)}, {y, columns.from, columns.count()});
    padding.pad(columns.to, plan.width, y);
  }
  return true;
}

}  // namespace

bool half_size(const ImageView& image, const ResizePlan& plan, const PrepareSpec& spec,
               const TensorTarget& target) {
  if (image.rotation != Rotation::k0) return false;
  const StoredAxes axes = stored_axes(image, plan);
  if (!halves(axes.along) || !halves(axes.down)) return false;
  const Start first{static_cast<int>(axes.along.from - 1), static_cast<int>(axes.down.from - 1)};
  const auto fits = [&](int lanes) { return lanes > 0 && axes.along.count >= lanes; };
  const bool bytes = target.channels == 3 && keeps_levels(spec, target.dtype);
  if (bytes && is_yuv(image.format) && fits(half_video_lanes())) {
    return write(VideoBytes(image, spec, target), first, plan, spec, target);
  }
  const bool colour = image.format == PixelFormat::kBgr || image.format == PixelFormat::kRgb;
  if (bytes && colour && fits(half_colour_lanes())) {
    return write(ColourBytes(image, spec, target), first, plan, spec, target);
  }
  if (!fits(2 * fused_lookup().lanes)) return false;
  thread_local std::vector<float> scratch;
  return write(Floats(image, spec, target, scratch), first, plan, spec, target);
}

}  // namespace weir::ops
