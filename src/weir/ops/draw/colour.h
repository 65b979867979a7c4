// Colours for things that are told apart by a number: labels, tracks, steps.
//
// Pure functions: any thread.
#pragma once

#include <cstdint>

namespace weir {

struct Colour {
  uint8_t red = 0;
  uint8_t green = 0;
  uint8_t blue = 0;
  bool operator==(const Colour&) const = default;
};

// A colour for a label or a track, the same in every run. Neighbours are easy to tell apart, and
// all are equally bright to the eye, so that none is lost on a dark or a bright picture.
Colour colour_of(int64_t number);

// Black or white: what is easier to read on `plate`.
Colour ink_on(Colour plate);

// `share` of `to` in `from`: 0 is `from`, 1 is `to`.
Colour mixed(Colour from, Colour to, double share);

}  // namespace weir
