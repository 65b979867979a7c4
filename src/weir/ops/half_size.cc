#include "weir/ops/half_size.h"

#include <cmath>

#include "weir/ops/columns.h"
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

// The first sample of the output's rows and columns.
struct Start {
  int x;
  int y;
};

// Where the channels of a row go; all to one place if they are written three by three.
template <class Job>
void set_outputs(Job& job, uint8_t* row, const TensorTarget& target, bool turned) {
  for (int c = 0; c < 3; ++c) {
    const int channel = turned ? 2 - c : c;
    job.out[c] = row + (job.interleaved ? 0 : channel * target.channel_step);
  }
}

class VideoRows {
 public:
  VideoRows(const ImageView& image, const PrepareSpec& spec, const TensorTarget& target)
      : image_(image), target_(target), turned_(spec.channels == ChannelOrder::kBgr) {
    job_.less_128 = target.dtype == DType::kInt8;
    job_.matrix = half_video_matrix(yuv_to_rgb(image), job_.less_128 ? 128 : 0);
    job_.interleaved = target.column_step == 3;
    job_.blue_first = turned_;
  }

  void row(Start at, int count, uint8_t* out) {
    const bool pairs = image_.format == PixelFormat::kNv12;
    job_.count = count;
    job_.above = image_.row(0, at.y) + at.x;
    job_.below = image_.row(0, at.y + 1) + at.x;
    job_.u = image_.row(1, at.y / 2) + (pairs ? at.x : at.x / 2);
    job_.v = pairs ? nullptr : image_.row(2, at.y / 2) + at.x / 2;
    set_outputs(job_, out, target_, turned_);
    half_video_row(job_);
  }

 private:
  const ImageView& image_;
  const TensorTarget& target_;
  const bool turned_;
  HalfVideoJob job_;
};

class ColourRows {
 public:
  ColourRows(const ImageView& image, const PrepareSpec& spec, const TensorTarget& target)
      : image_(image), target_(target) {
    job_.less_128 = target.dtype == DType::kInt8;
    job_.interleaved = target.column_step == 3;
    job_.turned = (image.format == PixelFormat::kBgr) != (spec.channels == ChannelOrder::kBgr);
  }

  void row(Start at, int count, uint8_t* out) {
    job_.count = count;
    job_.above = image_.row(0, at.y) + 3 * at.x;
    job_.below = image_.row(0, at.y + 1) + 3 * at.x;
    set_outputs(job_, out, target_, job_.turned);
    half_colour_row(job_);
  }

 private:
  const ImageView& image_;
  const TensorTarget& target_;
  HalfColourJob job_;
};

template <class Rows>
void write(Rows rows, Start first, const ResizePlan& plan, const PrepareSpec& spec,
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
    uint8_t* const row = static_cast<uint8_t*>(target.data) + y * target.row_step +
                         columns.from * target.column_step;
    rows.row({first.x, first.y + 2 * (y - shown.from)}, columns.count(), row);
    padding.pad(columns.to, plan.width, y);
  }
}

}  // namespace

bool half_size(const ImageView& image, const ResizePlan& plan, const PrepareSpec& spec,
               const TensorTarget& target) {
  if (image.format == PixelFormat::kGrey || image.rotation != Rotation::k0) return false;
  if (target.channels != 3 || !keeps_levels(spec, target.dtype)) return false;
  const StoredAxes axes = stored_axes(image, plan);
  const int lanes = is_yuv(image.format) ? half_video_lanes() : half_colour_lanes();
  if (lanes == 0 || axes.along.count < lanes) return false;
  if (!halves(axes.along) || !halves(axes.down)) return false;
  const Start first{static_cast<int>(axes.along.from - 1), static_cast<int>(axes.down.from - 1)};
  if (is_yuv(image.format)) {
    write(VideoRows(image, spec, target), first, plan, spec, target);
  } else {
    write(ColourRows(image, spec, target), first, plan, spec, target);
  }
  return true;
}

}  // namespace weir::ops
