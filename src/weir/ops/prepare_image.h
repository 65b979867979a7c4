// From a picture to the input of a model in one call: colour, resize, pad, normalise, lay out.
//
//   PrepareSpec spec{.channels = ChannelOrder::kRgb, .scale = 1 / 127.5F, .mean = {1, 1, 1}};
//   WEIR_ASSIGN(const ResizePlan plan, prepare_image(frame, spec, input));
//
//   // The part of the picture that is in a box:
//   WEIR_TRY(prepare_image(frame, plan_of_the_box, spec, input));
//
// Reads every PixelFormat as it lies, turned or not, and writes straight into `out`, which is not
// owned. What it computes, exactly:
//
// 1. Each plane is resampled at half-pixel centres, with bilinear weights, clamped at the border,
//    or with those of another `filter`; chroma planes are sited in the centre of their 2x2 pixels.
// 2. Y, U and V then become R, G and B by the picture's matrix and range, limited to 0 … 255.
// 3. out = (level * scale - mean[c]) / std[c], with c in the order of the output's channels; for
//    uint8 and int8 outputs then divided by `step`, moved by `zero_point`, rounded to the nearest
//    and limited to what the type holds.
//
// Pure function: any thread.
#pragma once

#include <array>
#include <string_view>

#include "weir/base/result.h"
#include "weir/data/image.h"
#include "weir/data/tensor.h"
#include "weir/ops/resize_filter.h"
#include "weir/ops/resize_plan.h"

namespace weir {

enum class ChannelOrder { kRgb, kBgr, kGrey };
enum class TensorLayout { kNchw, kNhwc };

// "rgb", "bgr", "grey"; "nchw", "nhwc".
std::string_view name(ChannelOrder order);
std::string_view name(TensorLayout layout);
Result<ChannelOrder> parse_channel_order(std::string_view text);
Result<TensorLayout> parse_tensor_layout(std::string_view text);
constexpr int channel_count(ChannelOrder order) {
  return order == ChannelOrder::kGrey ? 1 : 3;
}

struct PrepareSpec {
  ResizePolicy resize = ResizePolicy::kStretch;  // where no plan is given
  ResizeFilter filter = ResizeFilter::kBilinear;
  TensorLayout layout = TensorLayout::kNchw;
  ChannelOrder channels = ChannelOrder::kRgb;
  float scale = 1;
  std::array<float, 3> mean{0, 0, 0};
  std::array<float, 3> std{1, 1, 1};
  // The level around a picture, before it is normalised, in the order of the output's channels.
  std::array<float, 3> pad{114, 114, 114};
  // What a quantised model takes: element = value / step + zero_point.
  float step = 1;
  int zero_point = 0;
};

// `out` is dense float32, uint8 or int8 in host memory, 1xCxHxW or CxHxW (NHWC alike); its H and W
// are the size that the picture is brought to.
Result<ResizePlan> prepare_image(const ImageView& image, const PrepareSpec& spec,
                                 const TensorView& out);
// The same along a plan of the caller's, made for this picture and this output: of a region, say.
Status prepare_image(const ImageView& image, const ResizePlan& plan, const PrepareSpec& spec,
                     const TensorView& out);

}  // namespace weir
