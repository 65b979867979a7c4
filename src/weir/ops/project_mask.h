// What a model says of each pixel of its input, as a mask of the whole source picture.
//
//   WEIR_ASSIGN(Mask body, project_mask(logits, plan.to_source, 1280, 720));
//
// A pixel of the source belongs to the mask where the bilinear mean of the logits around it is
// above 0; what lies outside of the input never does. Pure function: any thread.
#pragma once

#include "weir/base/result.h"
#include "weir/data/mask.h"
#include "weir/data/tensor.h"
#include "weir/ops/affine.h"

namespace weir {

// `logits` is [H,W], [1,H,W,1] or [1,1,H,W], dense float32 in host memory; `to_source` takes its
// pixels into the source of width x height.
Result<Mask> project_mask(const TensorView& logits, const Affine& to_source, int width, int height);

}  // namespace weir
