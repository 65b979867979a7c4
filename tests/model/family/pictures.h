// Pictures made of pictures: mirrored, turned, as a decoder of video would give them. Test-only.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>

#include "weir/data/image.h"
#include "weir/data/tensor.h"
#include "weir/ops/warp_image.h"

namespace weir::test {

// Left and right change places. BGR.
inline Image mirrored(const Image& image) {
  Image made = Image::allocate(PixelFormat::kBgr, image.width(), image.height()).value();
  for (int y = 0; y < image.height(); ++y) {
    for (int x = 0; x < image.width(); ++x) {
      std::copy_n(image.view().row(0, y) + 3 * x, 3,
                  made.view().row(0, y) + 3 * (image.width() - 1 - x));
    }
  }
  return made;
}

// How points of a turned picture lie in the one that it was made of.
struct Turned {
  Image image;
  Affine to_original;
};

// Clockwise about its centre, on a canvas that holds all of it.
inline Turned turned(const Image& image, double degrees) {
  const double angle = degrees * std::numbers::pi / 180;
  const double c = std::abs(std::cos(angle));
  const double s = std::abs(std::sin(angle));
  const int width = int(std::ceil(image.width() * c + image.height() * s - 1e-9));
  const int height = int(std::ceil(image.width() * s + image.height() * c - 1e-9));
  // What is seen upright on the canvas is turned the other way in the original.
  const Affine map =
      rectangle({image.width() / 2.0, image.height() / 2.0}, width, height, -angle, width, height);
  std::vector<uint8_t> pixels(std::size_t(width) * std::size_t(height) * 3);
  PrepareSpec spec;
  spec.layout = TensorLayout::kNhwc;
  spec.channels = ChannelOrder::kBgr;
  spec.pad = {0, 0, 0};
  const TensorView out{pixels.data(), DType::kUInt8, {1, height, width, 3}, {}, {}};
  EXPECT_TRUE(warp_image(image.view(), map, spec, out));
  Image made = Image::allocate(PixelFormat::kBgr, width, height).value();
  for (int y = 0; y < height; ++y) {
    std::copy_n(pixels.data() + std::size_t(y) * std::size_t(width) * 3, width * 3,
                made.view().row(0, y));
  }
  return {std::move(made), map};
}

// As NV12 or I420, full range BT.601, with the mean of two by two pixels as their colour.
inline Image as_video(const Image& image, PixelFormat format) {
  const int width = image.width() / 2 * 2;
  const int height = image.height() / 2 * 2;
  Image made = Image::allocate(format, width, height).value();
  ImageView view = made.view();
  const auto level = [](double value) { return uint8_t(std::clamp(std::lround(value), 0L, 255L)); };
  for (int y = 0; y < height; y += 2) {
    for (int x = 0; x < width; x += 2) {
      double u = 0;
      double v = 0;
      for (int k = 0; k < 4; ++k) {
        const uint8_t* pixel = image.view().row(0, y + k / 2) + 3 * (x + k % 2);
        const double b = pixel[0];
        const double g = pixel[1];
        const double r = pixel[2];
        const double luma = 0.299 * r + 0.587 * g + 0.114 * b;
        view.row(0, y + k / 2)[x + k % 2] = level(luma);
        u += (b - luma) / 1.772 / 4;
        v += (r - luma) / 1.402 / 4;
      }
      if (format == PixelFormat::kNv12) {
        view.row(1, y / 2)[x] = level(u + 128);
        view.row(1, y / 2)[x + 1] = level(v + 128);
      } else {
        view.row(1, y / 2)[x / 2] = level(u + 128);
        view.row(2, y / 2)[x / 2] = level(v + 128);
      }
    }
  }
  view.full_range = true;
  view.matrix = YuvMatrix::kBt601;
  return Image::shared(view, std::make_shared<Image>(made)).value();
}

}  // namespace weir::test
