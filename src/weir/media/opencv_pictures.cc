// The library of pictures: OpenCV behind the table of picture_codec.h, and the only source that
// sees it. Uses nothing of libweir but what its headers hold.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <span>
#include <string>
#include <vector>

#include "weir/base/tagged_library.h"
#include "weir/media/picture_codec.h"

namespace weir {
namespace {

// The turns of cv::rotate are in the order of Rotation.
static_assert(cv::ROTATE_90_CLOCKWISE == static_cast<int>(Rotation::k90) - 1 &&
              cv::ROTATE_180 == static_cast<int>(Rotation::k180) - 1 &&
              cv::ROTATE_90_COUNTERCLOCKWISE == static_cast<int>(Rotation::k270) - 1);

bool decode(std::span<const uint8_t> bytes, ImageView& view, std::shared_ptr<const void>& owner,
            std::string& why) {
  try {
    const cv::Mat input(1, static_cast<int>(bytes.size()), CV_8UC1,
                        const_cast<uint8_t*>(bytes.data()));
    auto pixels = std::make_shared<cv::Mat>(cv::imdecode(input, cv::IMREAD_COLOR));
    if (pixels->empty()) return false;
    view.format = PixelFormat::kBgr;
    view.width = pixels->cols;
    view.height = pixels->rows;
    view.planes[0] = {pixels->data, static_cast<std::ptrdiff_t>(pixels->step[0])};
    owner = std::move(pixels);
    return true;
  } catch (const std::exception& error) {
    why = error.what();
    return false;
  }
}

// The picture as OpenCV wants to write it: upright, BGR or grey.
cv::Mat to_write(const ImageView& view) {
  const int type = view.format == PixelFormat::kGrey ? CV_8UC1 : CV_8UC3;
  cv::Mat pixels(view.height, view.width, type, view.planes[0].data,
                 static_cast<std::size_t>(view.planes[0].stride));
  if (view.format == PixelFormat::kRgb) {
    cv::Mat bgr;
    cv::cvtColor(pixels, bgr, cv::COLOR_RGB2BGR);
    pixels = bgr;
  }
  if (view.rotation == Rotation::k0) return pixels;
  cv::Mat upright;
  cv::rotate(pixels, upright, static_cast<int>(view.rotation) - 1);
  return upright;
}

bool encode(const ImageView& view, PictureFormat format, const PictureOptions& options,
            std::vector<uint8_t>& bytes, std::string& why) {
  try {
    const bool jpeg = format == PictureFormat::kJpeg;
    const std::vector<int> parameters =
        jpeg ? std::vector<int>{cv::IMWRITE_JPEG_QUALITY, std::clamp(options.jpeg_quality, 1, 100)}
             : std::vector<int>{};
    return cv::imencode(jpeg ? ".jpg" : ".png", to_write(view), bytes, parameters);
  } catch (const std::exception& error) {
    why = error.what();
    return false;
  }
}

}  // namespace
}  // namespace weir

WEIR_LIBRARY_TAG

const weir::PictureCodec* weir_picture_codec() {
  static constexpr weir::PictureCodec kCodec{weir::decode, weir::encode};
  return &kCodec;
}
