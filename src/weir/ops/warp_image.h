// A picture seen through an affine map, written straight into the input of a model: a face turned
// level, a line of text cut out and laid flat.
//
//   WEIR_ASSIGN(const Affine to_source, similarity(kTemplate, landmarks));
//   WEIR_TRY(warp_image(frame, to_source, spec, input));
//
//   // A rotated rectangle, as an input of 320x48:
//   WEIR_TRY(warp_image(frame, rectangle(centre, 250, 40, angle_rad, 320, 48), spec, input));
//
// `to_source` brings pixels of the input to pixels of the upright source (see affine.h for where
// positions count from). What it computes, exactly: the rules of prepare_image, at the point of the
// source to which the centre of each pixel is brought; where that point is within half a pixel of
// the border or outside, `spec.pad` takes the share of the pixels that are not there. `spec.resize`
// is not looked at.
//
// With WarpBorder::kRepeat the source goes on beyond its border as it is there, and nothing is pad:
// what PaddleOCR's crops of text are (OpenCV's BORDER_REPLICATE).
//
// Pure function: any thread.
#pragma once

#include "weir/base/result.h"
#include "weir/data/image.h"
#include "weir/data/tensor.h"
#include "weir/ops/affine.h"
#include "weir/ops/prepare_image.h"

namespace weir {

enum class WarpBorder { kPad, kRepeat };

// `out` is as prepare_image takes it. A map may show any part of the source, or none.
Status warp_image(const ImageView& image, const Affine& to_source, const PrepareSpec& spec,
                  const TensorView& out, WarpBorder border = WarpBorder::kPad);

}  // namespace weir
