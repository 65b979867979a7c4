#include "weir/ops/fused_output.h"

#include <algorithm>
#include <cstdint>

#include "weir/ops/row_store.h"

namespace weir::ops {
namespace {

RowSource source_of(PixelFormat format, bool grey) {
  switch (format) {
    case PixelFormat::kBgr:
    case PixelFormat::kRgb:
      return RowSource::kPacked;
    case PixelFormat::kNv12:
      return grey ? RowSource::kPlane : RowSource::kNv12;
    case PixelFormat::kI420:
      return grey ? RowSource::kPlane : RowSource::kI420;
    case PixelFormat::kGrey:
      break;
  }
  return RowSource::kPlane;
}

ElementType element_type(DType dtype) {
  if (dtype == DType::kUInt8) return ElementType::kUInt8;
  return dtype == DType::kInt8 ? ElementType::kInt8 : ElementType::kFloat32;
}

}  // namespace

FusedOutput::FusedOutput(const ImageView& image, const PrepareSpec& spec,
                         const TensorTarget& target, std::vector<float>& rows)
    : image_(image),
      target_(target),
      rows_(rows),
      map_(level_map(spec)),
      red_first_(image.format != PixelFormat::kBgr),
      in_order_(red_first_ == (spec.channels != ChannelOrder::kBgr)),
      lanes_(fused_lookup().lanes) {}

RowJob FusedOutput::job() const {
  RowJob job;
  job.source = source_of(image_.format, target_.channels == 1);
  job.video = is_yuv(image_.format);
  if (job.video) job.yuv = yuv_to_rgb(image_);
  job.brightness = target_.channels == 1 && job.source == RowSource::kPacked;
  job.weigh[0] = red_first_ ? kBrightness.r : kBrightness.b;
  job.weigh[1] = kBrightness.g;
  job.weigh[2] = red_first_ ? kBrightness.b : kBrightness.r;
  return job;
}

void FusedOutput::begin(RowJob& job, int count) {
  job.count = count;
  count_ = static_cast<std::size_t>(count);
  direct_ = target_.dtype == DType::kFloat32 && target_.column_step == 1 && count >= lanes_;
  if (direct_) return;
  row_floats_ = static_cast<std::size_t>(std::max(count, lanes_));
  if (rows_.size() < 3 * row_floats_) rows_.resize(3 * row_floats_);
}

float* FusedOutput::row_of(int channel, int y, int from) {
  if (!direct_) return rows_.data() + row_floats_ * static_cast<std::size_t>(channel);
  return static_cast<float*>(target_.data) + channel * target_.channel_step + y * target_.row_step +
         from;
}

void FusedOutput::aim(RowJob& job, int source_channel, int channel, int y, int from) {
  const auto i = static_cast<std::size_t>(channel);
  job.out[source_channel] = row_of(channel, y, from);
  job.factor[source_channel] = map_.factor[i];
  job.offset[source_channel] = map_.offset[i];
}

void FusedOutput::store(int y, int from) {
  const ElementType type = element_type(target_.dtype);
  const auto size = static_cast<std::ptrdiff_t>(size_of(target_.dtype));
  uint8_t* const first = static_cast<uint8_t*>(target_.data) +
                         size * (y * target_.row_step + from * target_.column_step);
  if (target_.column_step == 1) {
    for (int c = 0; c < target_.channels; ++c) {
      store_row(row_of(c, y, from), count_, type, first + size * c * target_.channel_step);
    }
    return;
  }
  if (target_.channels != 3 || target_.column_step != 3) return scatter(y, from);
  const float* const rows[3] = {row_of(0, y, from), row_of(1, y, from), row_of(2, y, from)};
  store_interleaved(rows, count_, type, first);
}

void FusedOutput::scatter(int y, int from) {
  if (target_.dtype == DType::kUInt8) return scatter_as<uint8_t>(y, from);
  if (target_.dtype == DType::kInt8) return scatter_as<int8_t>(y, from);
  scatter_as<float>(y, from);
}

template <class T>
void FusedOutput::scatter_as(int y, int from) {
  for (int c = 0; c < target_.channels; ++c) {
    const float* const row = row_of(c, y, from);
    T* out = static_cast<T*>(target_.data) + c * target_.channel_step + y * target_.row_step +
             from * target_.column_step;
    for (std::size_t i = 0; i < count_; ++i, out += target_.column_step) {
      *out = element_of<T>(row[i]);
    }
  }
}

}  // namespace weir::ops
