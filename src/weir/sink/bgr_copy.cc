#include "weir/sink/bgr_copy.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <memory>
#include <utility>

#include "weir/ops/box.h"
#include "weir/ops/prepare_image.h"

namespace weir {
namespace {

// The rows of a BGR picture are only copied.
Result<Image> rows_of(const ImageView& picture, int left, int top, int width, int height) {
  WEIR_ASSIGN(Image copy, Image::allocate(PixelFormat::kBgr, width, height));
  for (int y = 0; y < height; ++y) {
    std::memcpy(copy.view().row(0, y), picture.row(0, top + y) + 3 * left,
                static_cast<std::size_t>(3 * width));
  }
  return copy;
}

Result<Image> region_of(const ImageView& picture, int left, int top, int width, int height) {
  if (picture.format == PixelFormat::kBgr && picture.rotation == Rotation::k0) {
    return rows_of(picture, left, top, width, height);
  }
  WEIR_ASSIGN(Tensor pixels, Tensor::allocate(DType::kUInt8, {1, height, width, 3}));
  const PrepareSpec spec{.layout = TensorLayout::kNhwc, .channels = ChannelOrder::kBgr};
  const Box region{static_cast<float>(left), static_cast<float>(top),
                   static_cast<float>(left + width), static_cast<float>(top + height)};
  WEIR_ASSIGN(const ResizePlan plan, plan_resize(ResizePolicy::kStretch, picture.upright_width(),
                                                 picture.upright_height(), width, height, region));
  WEIR_TRY(prepare_image(picture, plan, spec, pixels.view()));
  ImageView view;
  view.width = width;
  view.height = height;
  view.planes[0] = {pixels.as<uint8_t>(), 3 * static_cast<std::ptrdiff_t>(width)};
  return Image::shared(view, std::make_shared<const Tensor>(pixels));
}

}  // namespace

Result<Image> bgr_copy(const ImageView& picture) {
  WEIR_TRY(check(picture));
  return region_of(picture, 0, 0, picture.upright_width(), picture.upright_height());
}

Result<Image> upright_copy(const ImageView& picture) {
  WEIR_TRY(check(picture));
  if (picture.rotation != Rotation::k0) return bgr_copy(picture);
  WEIR_ASSIGN(const Image copy, Image::allocate(picture.format, picture.width, picture.height));
  for (int plane = 0; plane < plane_count(picture.format); ++plane) {
    for (int y = 0; y < picture.plane_rows(plane); ++y) {
      std::memcpy(copy.view().row(plane, y), picture.row(plane, y), picture.row_bytes(plane));
    }
  }
  ImageView view = picture;
  view.planes = copy.view().planes;
  return Image::shared(view, std::make_shared<const Image>(copy));
}

Result<Image> bgr_crop(const ImageView& picture, const Box& box, double margin) {
  WEIR_TRY(check(picture));
  const double width = picture.upright_width();
  const double height = picture.upright_height();
  if (is_finite(box)) {
    const double more_x = margin * (double{box.x2} - box.x1);
    const double more_y = margin * (double{box.y2} - box.y1);
    const auto left = static_cast<int>(std::clamp(std::floor(box.x1 - more_x), 0.0, width));
    const auto top = static_cast<int>(std::clamp(std::floor(box.y1 - more_y), 0.0, height));
    const auto right = static_cast<int>(std::clamp(std::ceil(box.x2 + more_x), 0.0, width));
    const auto bottom = static_cast<int>(std::clamp(std::ceil(box.y2 + more_y), 0.0, height));
    if (right > left && bottom > top) {
      return region_of(picture, left, top, right - left, bottom - top);
    }
  }
  return Error(ErrorCode::kInvalidArgument, "the box has no pixels in the picture");
}

}  // namespace weir
