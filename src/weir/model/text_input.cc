#include "weir/model/text_input.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>

#include "weir/ops/warp_image.h"

namespace weir {
namespace {

template <class T>
void fill(const TensorView& view, bool planar, int from_x, const std::array<T, 3>& values) {
  const Shape& shape = view.shape;
  const std::size_t first = shape.rank() - 3;
  const int64_t channels = shape[planar ? first : first + 2];
  const int64_t height = shape[planar ? first + 1 : first];
  const int64_t width = shape[planar ? first + 2 : first + 1];
  T* data = view.as<T>();
  for (int64_t y = 0; y < height; ++y) {
    for (int64_t x = from_x; x < width; ++x) {
      for (int64_t c = 0; c < channels; ++c) {
        data[planar ? (c * height + y) * width + x : (y * width + x) * channels + c] =
            values[static_cast<std::size_t>(c)];
      }
    }
  }
}

template <class T>
std::array<T, 3> rounded(const std::array<float, 3>& values) {
  constexpr auto least = static_cast<float>(std::numeric_limits<T>::min());
  constexpr auto most = static_cast<float>(std::numeric_limits<T>::max());
  std::array<T, 3> whole{};
  for (std::size_t c = 0; c < whole.size(); ++c) {
    whole[c] = static_cast<T>(std::lround(std::clamp(values[c], least, most)));
  }
  return whole;
}

}  // namespace

Result<TextQuad> line_of(const ItemSource& item) {
  if (item.picture == nullptr) {
    return Error(ErrorCode::kInvalidArgument, "the model reads pictures of text, and this is none");
  }
  if (item.on != nullptr) return text_quad(*item.on);
  return text_quad(item.picture->upright_width(), item.picture->upright_height());
}

InputSpec text_line_input() {
  InputSpec input;
  input.colour = InputSpec::Colour::kBgr;
  input.scale = Scale{1 / 127.5};
  input.mean = {1};
  input.std = {1};
  input.resize.policy = ResizeSpec::Policy::kLetterbox;
  input.resize.anchor = ResizeSpec::Anchor::kTopLeft;
  input.resize.pad = {127.5};
  return input;
}

Result<TextInput> TextInput::make(const FamilyContext& context, const TensorInfo& input,
                                  const TextInputRules& rules) {
  WEIR_ASSIGN(PictureInput picture, PictureInput::make(context, input));
  WEIR_TRY(picture.expect_bilinear());
  TextInputRules used = rules;
  if (picture.height() > 0) used.height = picture.height();
  if (picture.width() > 0) used.width = picture.width();
  if (context.spec.input.resize.multiple > 0) used.multiple = context.spec.input.resize.multiple;
  used.max_width = std::max(used.max_width, used.min_width);
  return TextInput(std::move(picture), used);
}

double TextInput::width_of(const TextQuad& line, int height) {
  return std::max(1.0, std::ceil(line.width() * height / line.height() - 1e-6));
}

Status TextInput::shape_for(const ItemSource& item, Shape& shape) const {
  WEIR_ASSIGN(const TextQuad line, line_of(item));
  int width = rules_.width;
  if (width == 0) {
    const double wanted = std::clamp(width_of(line, rules_.height), double(rules_.min_width),
                                     double(rules_.max_width));
    width = (static_cast<int>(wanted) + rules_.multiple - 1) / rules_.multiple * rules_.multiple;
  }
  shape = picture_.shape(width, rules_.height);
  return {};
}

Status TextInput::prepare(const ItemSource& item, const TensorView& input, ItemPlan& plan) const {
  WEIR_ASSIGN(const TextQuad line, line_of(item));
  const bool planar = picture_.spec().layout == TensorLayout::kNchw;
  const std::size_t first = input.shape.rank() - 3;
  const auto height = static_cast<int>(input.shape[planar ? first + 1 : first]);
  const auto width = static_cast<int>(input.shape[planar ? first + 2 : first + 1]);
  const double shown = std::min<double>(width, width_of(line, height));
  plan.to_source = crop_to_source(line, shown, height);
  WEIR_TRY(warp_image(*item.picture, plan.to_source, picture_.spec(), input, WarpBorder::kRepeat));
  fill_pad(input, static_cast<int>(shown));
  return {};
}

void TextInput::fill_pad(const TensorView& input, int from_x) const {
  const PrepareSpec& spec = picture_.spec();
  std::array<float, 3> values{};
  for (std::size_t c = 0; c < values.size(); ++c) {
    values[c] = (spec.pad[c] * spec.scale - spec.mean[c]) / (spec.std[c] * spec.step) +
                static_cast<float>(spec.zero_point);
  }
  const bool planar = spec.layout == TensorLayout::kNchw;
  if (input.dtype == DType::kFloat32) return fill(input, planar, from_x, values);
  if (input.dtype == DType::kInt8) return fill(input, planar, from_x, rounded<int8_t>(values));
  fill(input, planar, from_x, rounded<uint8_t>(values));
}

}  // namespace weir
