// Which part of an input's row an affine map shows from where in the source. Pure: any thread.
#pragma once

#include "weir/data/image.h"
#include "weir/ops/affine.h"
#include "weir/ops/pad_writer.h"

namespace weir::ops {

// From the upright picture to the one that is stored.
Affine to_stored(const ImageView& image);

// The columns of row y (0 … width) whose centres the map brings to `least` … `most` in both
// directions; none where it is empty. Rounded inwards where a border lies on a column.
Shown warp_span(const Affine& map, int y, int width, Point least, Point most);

// The same for all rows of an input, most of which lie wholly inside: four corners show that.
class WarpSpans {
 public:
  WarpSpans(const Affine& map, int width, int height, Point least, Point most);
  Shown of_row(int y) const {
    return all_ ? Shown{0, width_} : warp_span(map_, y, width_, least_, most_);
  }

 private:
  Affine map_;
  int width_;
  Point least_;
  Point most_;
  bool all_;
};

}  // namespace weir::ops
