// Pictures made from others: turned by any angle, cut, of one level. Test-only.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "weir/data/image.h"
#include "weir/ops/warp_image.h"

namespace weir::test {

inline Image flat(int width, int height, uint8_t level) {
  Image image = Image::allocate(PixelFormat::kBgr, width, height).value();
  for (int y = 0; y < height; ++y) std::fill_n(image.view().row(0, y), 3 * width, level);
  return image;
}

// What a map shows of a picture, white where that has nothing.
inline Image seen_through(const Image& image, const Affine& to_source, int width, int height) {
  Image out = flat(width, height, 255);
  const Tensor pixels = Tensor::allocate(DType::kUInt8, {1, height, width, 3}).value();
  PrepareSpec spec;
  spec.layout = TensorLayout::kNhwc;
  spec.channels = ChannelOrder::kBgr;
  spec.pad = {255, 255, 255};
  EXPECT_TRUE(warp_image(image.view(), to_source, spec, pixels.view()));
  for (int y = 0; y < height; ++y) {
    std::copy_n(pixels.as<uint8_t>() + static_cast<std::ptrdiff_t>(y) * width * 3, 3 * width,
                out.view().row(0, y));
  }
  return out;
}

// The whole picture turned clockwise about its centre, on white.
inline Image turned(const Image& image, double degrees) {
  const double angle = degrees * std::numbers::pi / 180;
  const double c = std::cos(angle);
  const double s = std::sin(angle);
  const double w = image.width();
  const double h = image.height();
  const int width = static_cast<int>(std::ceil(std::abs(w * c) + std::abs(h * s)));
  const int height = static_cast<int>(std::ceil(std::abs(w * s) + std::abs(h * c)));
  const double x = width / 2.0;
  const double y = height / 2.0;
  return seen_through(image, {c, s, w / 2 - c * x - s * y, -s, c, h / 2 + s * x - c * y}, width,
                      height);
}

inline Image cut(const Image& image, int x, int y, int width, int height) {
  return seen_through(image, {1, 0, double(x), 0, 1, double(y)}, width, height);
}

}  // namespace weir::test
