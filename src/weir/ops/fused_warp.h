// warp_image with vectors, where all four samples lie inside of the picture; the border is left to
// whoever calls.
#pragma once

#include <vector>

#include "weir/data/image.h"
#include "weir/ops/affine.h"
#include "weir/ops/fused_output.h"
#include "weir/ops/pad_writer.h"
#include "weir/ops/warp_span.h"

namespace weir::ops {

class FusedWarp {
 public:
  // `to_stored` brings pixels of the input to the picture as it is stored. All but it outlive this.
  FusedWarp(const ImageView& image, const Affine& to_stored, const PrepareSpec& spec,
            const TensorTarget& target);

  // Writes the columns of row y, of those that `within` has, that lie inside, and says which: none
  // where there are too few.
  Shown row(int y, Shown within);

 private:
  void set_planes();
  void look_from(Point first);

  const ImageView& image_;
  const Affine map_;
  const WarpSpans inside_;
  FusedOutput output_;
  WarpJob job_;
  int least_count_ = 0;  // 0: no row can be done
};

}  // namespace weir::ops
