// Connected patches of a picture of numbers, and the smallest rectangle around points.
// Pure functions: any thread.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "weir/ops/affine.h"

namespace weir {

// A run of pixels in a row: x1 … x2, both of them in it.
struct PatchRun {
  int32_t y = 0;
  int32_t x1 = 0;
  int32_t x2 = 0;
  int32_t patch = 0;  // the patches are numbered by their first pixel, row by row
};

struct Patches {
  std::vector<PatchRun> runs;  // of one patch after the other, each from top to bottom
  struct Range {
    std::size_t first = 0;
    std::size_t count = 0;
    int64_t pixels = 0;
  };
  std::vector<Range> patches;

  std::span<const PatchRun> of(std::size_t patch) const {
    return std::span(runs).subspan(patches[patch].first, patches[patch].count);
  }
};

// The patches of the pixels that are finite and at least `threshold`; pixels that touch at a corner
// belong together. Rows lie without gaps.
Patches find_patches(const float* pixels, int width, int height, float threshold);
// The same over what was in `found`, whose memory is used again.
void find_patches(const float* pixels, int width, int height, float threshold, Patches& found);

// The smallest rectangle around points, turned as it needs to be.
struct TurnedRect {
  Point centre;
  double width = 0;   // along (cosine, sine)
  double height = 0;  // across, clockwise from it
  double cosine = 1;
  double sine = 0;

  double area() const { return width * height; }
  // Clockwise as y grows downwards.
  std::array<Point, 4> corners() const;
};

// Around the centres of a patch's pixels, in which pixel (0, 0) has the centre (0, 0). Of equally
// small ones that of the first edge of the hull, which begins at the top.
TurnedRect smallest_rect(std::span<const PatchRun> patch);

}  // namespace weir
