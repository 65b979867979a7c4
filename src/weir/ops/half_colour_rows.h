// The inner loop of half_size.cc for pictures of three bytes a pixel: four of them become one, by
// their sum and the nearest of its fourths. Any thread.
#pragma once

#include <cstdint>

namespace weir::ops {

struct HalfColourJob {
  const uint8_t* above = nullptr;  // two rows, three bytes a pixel
  const uint8_t* below = nullptr;
  bool less_128 = false;     // bytes are signed
  uint8_t* out[3] = {};      // of the first, second and third byte
  bool interleaved = false;  // they go three by three to the lowest of these
  bool turned = false;       // there, the third byte first
  int count = 0;             // at least half_colour_lanes()
};

// 0: this CPU has no kernel.
int half_colour_lanes();
void half_colour_row(const HalfColourJob& job);

}  // namespace weir::ops
