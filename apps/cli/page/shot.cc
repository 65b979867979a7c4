#include "apps/cli/page/shot.h"

#include <algorithm>
#include <memory>

#include "weir/media/picture.h"
#include "weir/ops/prepare_image.h"

namespace weir::cli {
namespace {

constexpr int kJpegQuality = 85;

}  // namespace

Result<Image> resized_bgr(const ImageView& picture, ResizePolicy policy, int width, int height) {
  const PrepareSpec spec{
      .resize = policy, .layout = TensorLayout::kNhwc, .channels = ChannelOrder::kBgr};
  WEIR_ASSIGN(const Tensor pixels, Tensor::allocate(DType::kUInt8, {1, height, width, 3}));
  WEIR_TRY(prepare_image(picture, spec, pixels.view()));
  ImageView view;
  view.width = width;
  view.height = height;
  view.planes[0] = {pixels.as<uint8_t>(), std::ptrdiff_t{3} * width};
  return Image::shared(view, std::make_shared<Tensor>(pixels));
}

Result<Shot> encoded_shot(const Image& image) {
  Shot shot;
  WEIR_ASSIGN(shot.jpeg,
              encode_picture(image, PictureFormat::kJpeg, {.jpeg_quality = kJpegQuality}));
  shot.width = image.width();
  shot.height = image.height();
  return shot;
}

Result<Shot> shot_of(const ImageView& picture, int side) {
  const int longer = std::max(picture.upright_width(), picture.upright_height());
  const double share = std::min(1.0, static_cast<double>(side) / longer);
  const int width = std::max(1, static_cast<int>(picture.upright_width() * share));
  const int height = std::max(1, static_cast<int>(picture.upright_height() * share));
  WEIR_ASSIGN(const Image small, resized_bgr(picture, ResizePolicy::kStretch, width, height));
  return encoded_shot(small);
}

}  // namespace weir::cli
