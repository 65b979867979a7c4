#include "apps/cli/demo/picture_input.h"

#include <algorithm>
#include <vector>

namespace weir::cli::demo {
namespace {

constexpr int kLeastSide = 16;

std::array<float, 3> three(const std::vector<double>& values, float otherwise) {
  std::array<float, 3> result{otherwise, otherwise, otherwise};
  for (std::size_t i = 0; i < std::min<std::size_t>(values.size(), 3); ++i) {
    result[i] = static_cast<float>(values[i]);
  }
  if (values.size() == 1) result.fill(result[0]);
  return result;
}

// The layout that the shape shows; nothing if it cannot be a picture of three colours.
std::optional<TensorLayout> layout_of(const Shape& shape) {
  if (shape.rank() != 4 || shape[0] != 1) return std::nullopt;
  if (shape[1] == 3) return TensorLayout::kNchw;
  if (shape[3] == 3) return TensorLayout::kNhwc;
  return std::nullopt;
}

Status apply_hint(const catalogue::InputHint& hint, PrepareSpec& spec) {
  if (!hint.layout.empty()) {
    WEIR_ASSIGN(spec.layout, parse_tensor_layout(hint.layout));
  }
  if (!hint.colour.empty()) {
    WEIR_ASSIGN(spec.channels, parse_channel_order(hint.colour));
  }
  if (!hint.resize.empty()) {
    WEIR_ASSIGN(spec.resize, parse_resize_policy(hint.resize));
  }
  spec.scale = static_cast<float>(hint.scale);
  spec.mean = three(hint.mean, 0);
  spec.std = three(hint.std, 1);
  return {};
}

}  // namespace

Result<std::optional<PictureInput>> picture_input(const TensorInfo& input,
                                                  const std::optional<catalogue::InputHint>& hint) {
  const bool type = input.dtype == DType::kFloat32 || input.dtype == DType::kUInt8;
  const auto layout = layout_of(input.shape);
  if (!type || !layout) return std::optional<PictureInput>();
  PictureInput result;
  result.spec.layout = *layout;
  if (hint) {
    WEIR_TRY(apply_hint(*hint, result.spec));
  } else if (input.dtype == DType::kFloat32) {
    result.spec.scale = 1.0F / 255;
  }
  const bool nchw = result.spec.layout == TensorLayout::kNchw;
  result.height = static_cast<int>(input.shape[nchw ? 2 : 1]);
  result.width = static_cast<int>(input.shape[nchw ? 3 : 2]);
  if (std::min(result.width, result.height) < kLeastSide) return std::optional<PictureInput>();
  return std::optional(result);
}

Result<Shot> what_it_sees(const ImageView& picture, const PictureInput& input) {
  WEIR_ASSIGN(const Image seen, resized_bgr(picture, input.spec.resize, input.width, input.height));
  return encoded_shot(seen);
}

}  // namespace weir::cli::demo
