// Shapes painted into an upright picture of any format. Everything is clipped: whatever the
// coordinates, also NaN, infinite or huge ones, no byte outside of the picture is touched.
//
//   Canvas canvas(picture);
//   canvas.fill({10, 10, 60, 24}, colour);
//   canvas.line({20, 30}, {80, 90}, 3, colour);
//
// Borrows the picture's pixels; whoever has the Canvas is their only user. Coordinates are those of
// findings: (0, 0) is the outer corner of the top left pixel.
#pragma once

#include <algorithm>
#include <cstdint>

#include "weir/data/image.h"
#include "weir/ops/affine.h"
#include "weir/ops/draw/colour.h"
#include "weir/ops/draw/row_mixer.h"

namespace weir {

// Whole pixels, from (x1, y1) to just before (x2, y2).
struct PixelRect {
  int x1 = 0;
  int y1 = 0;
  int x2 = 0;
  int y2 = 0;

  int width() const { return x2 - x1; }
  int height() const { return y2 - y1; }
  bool empty() const { return x2 <= x1 || y2 <= y1; }
  int64_t area() const { return empty() ? 0 : int64_t{width()} * height(); }
  bool operator==(const PixelRect&) const = default;
};

inline PixelRect common(const PixelRect& a, const PixelRect& b) {
  return {std::max(a.x1, b.x1), std::max(a.y1, b.y1), std::min(a.x2, b.x2), std::min(a.y2, b.y2)};
}

// How much of each pixel a glyph covers, row by row.
struct Coverage {
  const uint8_t* pixels = nullptr;
  int stride = 0;
  int width = 0;
  int height = 0;
};

class Canvas {
 public:
  // `picture` is not rotated, and has passed check().
  explicit Canvas(const ImageView& picture);

  int width() const { return picture_.width; }
  int height() const { return picture_.height; }
  PixelRect bounds() const { return {0, 0, width(), height()}; }

  // `alpha` is how much of the colour is seen, 0 … 255.
  void blend(int x, int y, Colour colour, int alpha);
  void fill(const PixelRect& rect, Colour colour, int alpha = 255);
  // With corners rounded by `radius` pixels.
  void fill_rounded(const PixelRect& rect, int radius, Colour colour, int alpha = 255);
  // The outline of a rectangle, `thickness` pixels inwards.
  void frame(const PixelRect& rect, int thickness, Colour colour, int alpha = 255);
  // Smooth; with round ends, or cut off square.
  void line(Point from, Point to, double width, Colour colour, int alpha = 255,
            bool round_ends = true);
  void disc(Point centre, double radius, Colour colour, int alpha = 255);
  // `x`, `y`: where the top left pixel of the coverage goes.
  void stamp(const Coverage& coverage, int x, int y, Colour colour);

 private:
  // A colour as the picture stores it: B, G, R or R, G, B or Y, U, V.
  struct Ink {
    uint8_t level[3] = {};
  };
  void take_ink(Colour colour);
  // Inside of the picture, with the ink that was taken.
  void put(int x, int y, int alpha);
  void put_colour(int x, int y, int alpha);
  void fill_luma(const PixelRect& seen, int alpha);
  void fill_colour(const PixelRect& seen, int alpha);
  // Into bytes of that plane: `count` levels of the ink from `first` on, again and again.
  void mix_run(int plane, uint8_t* out, int bytes, int first, int count, int alpha);

  ImageView picture_;
  int step_ = 3;  // bytes of a pixel in the first plane
  Colour taken_;  // what ink_ is of
  Ink ink_;
  RowMixer mixers_[3];  // of the planes
};

}  // namespace weir
