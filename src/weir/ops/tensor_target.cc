#include "weir/ops/tensor_target.h"

#include <string>

namespace weir::ops {
namespace {

Status check_numbers(const PrepareSpec& spec) {
  for (const float divisor : {spec.std[0], spec.std[1], spec.std[2], spec.step}) {
    if (divisor != 0 && std::isfinite(divisor)) continue;
    return Error(ErrorCode::kInvalidArgument,
                 "a picture cannot be divided by " + std::to_string(divisor), "",
                 "std and step are numbers other than 0");
  }
  const LevelMap map = level_map(spec);
  for (std::size_t c = 0; c < 3; ++c) {
    const float most = std::abs(map.factor[c]) * 255 + std::abs(map.offset[c]);
    if (std::isfinite(most) && std::isfinite(spec.pad[c])) continue;
    return Error(ErrorCode::kInvalidArgument,
                 "scale, mean, std and pad of a picture make no finite numbers");
  }
  return {};
}

Error cannot_be_written(const TensorView& out, bool planar, int channels) {
  return Error(ErrorCode::kInvalidArgument,
               "a picture cannot be written into a " + std::string(name(out.dtype)) +
                   " tensor of " + to_string(out.shape),
               "",
               "it takes a dense float32, uint8 or int8 tensor in host memory of " +
                   (planar ? "1x" + std::to_string(channels) + "xHxW"
                           : "1xHxWx" + std::to_string(channels)));
}

bool takes(DType dtype) {
  return dtype == DType::kFloat32 || dtype == DType::kUInt8 || dtype == DType::kInt8;
}

}  // namespace

LevelMap level_map(const PrepareSpec& spec) {
  LevelMap map;
  for (std::size_t c = 0; c < 3; ++c) {
    const double divisor = double{spec.std[c]} * spec.step;
    map.factor[c] = static_cast<float>(double{spec.scale} / divisor);
    map.offset[c] = static_cast<float>(spec.zero_point - double{spec.mean[c]} / divisor);
  }
  return map;
}

Result<TensorTarget> target_of(const TensorView& out, const PrepareSpec& spec) {
  WEIR_TRY(check_numbers(spec));
  const Shape& shape = out.shape;
  const std::size_t first = shape.rank() == 4 ? 1 : 0;
  const bool planar = spec.layout == TensorLayout::kNchw;
  const int channels = channel_count(spec.channels);
  if (shape.rank() < 3 || shape.rank() > 4 || (first == 1 && shape[0] != 1)) {
    return cannot_be_written(out, planar, channels);
  }
  for (const int64_t size : shape) {
    if (size < 1 || size > Image::kMaxSide) return cannot_be_written(out, planar, channels);
  }
  const auto size = [&](std::size_t axis) { return static_cast<int>(shape[first + axis]); };
  TensorTarget target;
  target.data = out.data;
  target.dtype = out.dtype;
  target.channels = size(planar ? 0 : 2);
  target.height = size(planar ? 1 : 0);
  target.width = size(planar ? 2 : 1);
  if (target.channels != channels || out.data == nullptr || !out.device.is_cpu() ||
      !out.is_dense() || !takes(out.dtype)) {
    return cannot_be_written(out, planar, channels);
  }
  target.column_step = planar ? 1 : channels;
  target.row_step = target.column_step * target.width;
  target.channel_step = planar ? std::ptrdiff_t{target.width} * target.height : 1;
  return target;
}

}  // namespace weir::ops
