// A picture of one colour, for examples that need no files.
#pragma once

#include <cstdint>

#include "weir/data/image.h"

inline weir::Image flat_picture(uint8_t red, uint8_t green, uint8_t blue) {
  const weir::Image image = weir::Image::allocate(weir::PixelFormat::kRgb, 32, 24).value();
  for (int y = 0; y < 24; ++y) {
    uint8_t* row = image.view().row(0, y);
    for (int x = 0; x < 32; ++x, row += 3) row[0] = red, row[1] = green, row[2] = blue;
  }
  return image;
}
