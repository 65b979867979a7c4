#include "weir/ops/prepare_image.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>

#include "weir/ops/sampler.h"

namespace weir {
namespace {

constexpr std::array<std::string_view, 3> kOrderNames = {"rgb", "bgr", "grey"};
constexpr std::array<std::string_view, 2> kLayoutNames = {"nchw", "nhwc"};

template <class Enum, std::size_t count>
Result<Enum> parse(std::string_view text, const std::array<std::string_view, count>& names,
                   std::string_view what) {
  std::string choices;
  for (std::size_t i = 0; i < count; ++i) {
    if (names[i] == text) return static_cast<Enum>(i);
    choices += (i == 0 ? "write " : i + 1 == count ? " or " : ", ") + std::string(names[i]);
  }
  return Error(ErrorCode::kInvalidArgument,
               "unknown " + std::string(what) + " '" + std::string(text) + "'", "", choices);
}

// Where the elements of the output are.
struct Target {
  int channels = 0;
  int height = 0;
  int width = 0;
  std::ptrdiff_t channel_step = 0;  // in elements
  std::ptrdiff_t row_step = 0;
  std::ptrdiff_t column_step = 0;
};

Result<Target> target_of(const TensorView& out, const PrepareSpec& spec) {
  const Shape& shape = out.shape;
  const std::size_t first = shape.rank() == 4 ? 1 : 0;
  const bool planar = spec.layout == TensorLayout::kNchw;
  const int channels = channel_count(spec.channels);
  const Error error(ErrorCode::kInvalidArgument,
                    "a picture cannot be written into a " + std::string(name(out.dtype)) +
                        " tensor of " + to_string(shape),
                    "",
                    "it takes a dense float32 or uint8 tensor in host memory of " +
                        (planar ? "1x" + std::to_string(channels) + "xHxW"
                                : "1xHxWx" + std::to_string(channels)));
  if (shape.rank() < 3 || shape.rank() > 4 || (first == 1 && shape[0] != 1)) return error;
  for (const int64_t size : shape) {
    if (size < 1 || size > Image::kMaxSide) return error;
  }
  const auto size = [&](std::size_t axis) { return static_cast<int>(shape[first + axis]); };
  Target target;
  target.channels = size(planar ? 0 : 2);
  target.height = size(planar ? 1 : 0);
  target.width = size(planar ? 2 : 1);
  if (target.channels != channels || out.data == nullptr || !out.device.is_cpu() ||
      !out.is_dense() || (out.dtype != DType::kFloat32 && out.dtype != DType::kUInt8)) {
    return error;
  }
  target.column_step = planar ? 1 : channels;
  target.row_step = target.column_step * target.width;
  target.channel_step = planar ? std::ptrdiff_t{target.width} * target.height : 1;
  return target;
}

void put(float value, float& out) {
  out = value;
}
void put(float value, uint8_t& out) {
  out = static_cast<uint8_t>(std::clamp(value, 0.0F, 255.0F) + 0.5F);
}

// Normalises levels and puts them where they belong.
template <class T>
class Output {
 public:
  Output(T* data, const Target& target, const PrepareSpec& spec)
      : data_(data), target_(target), channels_(spec.channels) {
    for (std::size_t c = 0; c < 3; ++c) {
      factor_[c] = static_cast<float>(double{spec.scale} / spec.std[c]);
      offset_[c] = static_cast<float>(-double{spec.mean[c]} / spec.std[c]);
    }
  }

  void write(int x, int y, const ops::Sampler& picture, int inner_x, int inner_y) {
    if (channels_ == ChannelOrder::kGrey) return level(x, y, 0, picture.grey(inner_x, inner_y));
    const ops::Rgb rgb = picture.rgb(inner_x, inner_y);
    const bool red_first = channels_ == ChannelOrder::kRgb;
    level(x, y, 0, red_first ? rgb.r : rgb.b);
    level(x, y, 1, rgb.g);
    level(x, y, 2, red_first ? rgb.b : rgb.r);
  }

  void fill(int from_x, int to_x, int y, float pad) {
    for (int x = from_x; x < to_x; ++x) {
      for (int c = 0; c < target_.channels; ++c) level(x, y, c, pad);
    }
  }

 private:
  void level(int x, int y, int c, float value) {
    const auto channel = static_cast<std::size_t>(c);
    put(value * factor_[channel] + offset_[channel],
        data_[y * target_.row_step + x * target_.column_step + c * target_.channel_step]);
  }

  T* const data_;
  const Target& target_;
  const ChannelOrder channels_;
  std::array<float, 3> factor_{};
  std::array<float, 3> offset_{};
};

template <class T>
void write_all(const ImageView& image, const PrepareSpec& spec, const ResizePlan& plan,
               const Target& target, T* data) {
  const ops::Sampler picture(image, plan);
  Output<T> output(data, target, spec);
  for (int y = 0; y < plan.height; ++y) {
    const int inner_y = y - plan.top;
    if (inner_y < 0 || inner_y >= plan.inner_height) {
      output.fill(0, plan.width, y, spec.pad);
      continue;
    }
    output.fill(0, plan.left, y, spec.pad);
    for (int x = 0; x < plan.inner_width; ++x) {
      output.write(plan.left + x, y, picture, x, inner_y);
    }
    output.fill(plan.left + plan.inner_width, plan.width, y, spec.pad);
  }
}

}  // namespace

std::string_view name(ChannelOrder order) {
  return kOrderNames[static_cast<std::size_t>(order)];
}
std::string_view name(TensorLayout layout) {
  return kLayoutNames[static_cast<std::size_t>(layout)];
}
Result<ChannelOrder> parse_channel_order(std::string_view text) {
  return parse<ChannelOrder>(text, kOrderNames, "channel order");
}
Result<TensorLayout> parse_tensor_layout(std::string_view text) {
  return parse<TensorLayout>(text, kLayoutNames, "layout");
}

Result<ResizePlan> prepare_image(const ImageView& image, const PrepareSpec& spec,
                                 const TensorView& out) {
  WEIR_TRY(check(image));
  for (const float divisor : spec.std) {
    if (divisor == 0 || !std::isfinite(divisor)) {
      return Error(ErrorCode::kInvalidArgument, "a std of " + std::to_string(divisor));
    }
  }
  WEIR_ASSIGN(const Target target, target_of(out, spec));
  WEIR_ASSIGN(const ResizePlan plan,
              plan_resize(spec.resize, image.upright_width(), image.upright_height(), target.width,
                          target.height));
  if (out.dtype == DType::kUInt8) {
    write_all(image, spec, plan, target, out.as<uint8_t>());
  } else {
    write_all(image, spec, plan, target, out.as<float>());
  }
  return plan;
}

}  // namespace weir
