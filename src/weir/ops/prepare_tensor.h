// From a tensor of any number of channels to the input of a model: numbers of any type, resampled,
// normalised, laid out. And pictures of one size stacked into such a tensor.
//
//   WEIR_ASSIGN(const Tensor five, stack_images(views, ChannelOrder::kRgb));   // rgb, depth, heat
//   WEIR_ASSIGN(const ResizePlan plan, prepare_tensor(five.view(), spec, input));
//
// out = (value * scale - mean[c]) / std[c], after bilinear resampling as that of prepare_image
// where the sizes differ. Pure functions: any thread.
#pragma once

#include <span>
#include <vector>

#include "weir/base/result.h"
#include "weir/data/image.h"
#include "weir/data/tensor.h"
#include "weir/ops/prepare_image.h"
#include "weir/ops/resize_plan.h"

namespace weir {

struct PrepareTensorSpec {
  TensorLayout from = TensorLayout::kNchw;  // how the given tensor lies
  TensorLayout to = TensorLayout::kNchw;    // how the input does
  float scale = 1;
  std::vector<float> mean;  // none, one, or one a channel
  std::vector<float> std;
};

// Channels, height and width of a tensor of three dimensions, or of four with a leading 1.
struct PlaneShape {
  int64_t channels = 0;
  int64_t height = 0;
  int64_t width = 0;
};
Result<PlaneShape> plane_shape(const Shape& shape, TensorLayout layout);

// Both are dense, in host memory, and have as many channels; `out` is float32.
Result<ResizePlan> prepare_tensor(const TensorView& from, const PrepareTensorSpec& spec,
                                  const TensorView& out);

// The channels of all pictures one after another, as uint8 CxHxW: one of a grey picture, three of
// others in the order `colours` (rgb or bgr). The pictures are equally large.
Result<Tensor> stack_images(std::span<const ImageView> images,
                            ChannelOrder colours = ChannelOrder::kRgb);

}  // namespace weir
