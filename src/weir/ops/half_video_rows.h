// The inner loop of half_size.cc: a row of bytes from video at half its size, in whole numbers.
//
// There four pixels of Y become one, and the samples of U and V are those of the output; so the sum
// of the four, U and V are whole numbers, and a level is a sum of their products, in 1 / 65536. The
// factors are rounded to 16 bits, which makes levels wrong by less than 0.01 before they are
// rounded to the nearest byte. Any thread.
#pragma once

#include <cstdint>

#include "weir/ops/picture_levels.h"

namespace weir::ops {

// Of Y: the sum of four; of U and V: eight times the sample. `red`, `green` and `blue` are what is
// added, with the half that makes it the nearest.
struct HalfVideoMatrix {
  int16_t y = 0;
  int16_t v_to_red = 0;
  int16_t u_to_green = 0;
  int16_t v_to_green = 0;
  int16_t u_to_blue = 0;
  int32_t red = 0;
  int32_t green = 0;
  int32_t blue = 0;
};
// For levels less `less`.
HalfVideoMatrix half_video_matrix(const YuvToRgb& yuv, int less);

struct HalfVideoJob {
  const uint8_t* above = nullptr;  // two rows of Y
  const uint8_t* below = nullptr;
  const uint8_t* u = nullptr;  // or pairs of U and V
  const uint8_t* v = nullptr;  // null: pairs
  HalfVideoMatrix matrix;
  bool less_128 = false;     // as the matrix: bytes are signed
  uint8_t* out[3] = {};      // of red, green, blue
  bool interleaved = false;  // they go three by three to the first
  bool blue_first = false;   // there
  int count = 0;             // at least half_video_lanes()
};

// 0: this CPU has no kernel.
int half_video_lanes();
void half_video_row(const HalfVideoJob& job);

}  // namespace weir::ops
