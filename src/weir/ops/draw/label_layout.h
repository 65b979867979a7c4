// Where labels go: beside what they name, inside the picture, and where there is room, not on top
// of each other.
//
//   LabelLayout layout({0, 0, 640, 480});
//   const PixelRect plate = layout.place({100, 80, 180, 300}, 70, 18);
//
// One picture, one thread.
#pragma once

#include <vector>

#include "weir/ops/draw/canvas.h"

namespace weir {

class LabelLayout {
 public:
  explicit LabelLayout(PixelRect picture) : picture_(picture) {}

  // Keeps free, if that can be: what is drawn there must be seen.
  void keep_free(const PixelRect& rect);
  // A place for a plate of this size at the object: above its top left corner if that is free, else
  // under it, inside, or at its other corners; the one that hides the least if none is. The plate
  // is not larger than the picture, and inside of it.
  PixelRect place(const PixelRect& object, int width, int height);
  // A place in the top left corner of the picture, under those placed there before.
  PixelRect place_in_legend(int width, int height);

 private:
  // How much it would hide; not counted on from `enough`.
  int64_t hidden_by(const PixelRect& plate, int64_t enough) const;
  PixelRect inside(int x, int y, int width, int height) const;
  PixelRect picture_;
  std::vector<PixelRect> plates_;
  std::vector<PixelRect> free_;
  int legend_bottom_ = 0;
};

}  // namespace weir
