// prepare_image at exactly half the size: what cameras of 1280x720 ask for most. Four pixels become
// one, without tables; bytes that are levels are made in whole numbers. Any thread.
#pragma once

#include "weir/data/image.h"
#include "weir/ops/prepare_image.h"
#include "weir/ops/resize_plan.h"
#include "weir/ops/tensor_target.h"

namespace weir::ops {

// False, with nothing written, if this is not its case. It makes what bilinear weights make. The
// thread keeps three rows of floats for what is not written in place.
bool half_size(const ImageView& image, const ResizePlan& plan, const PrepareSpec& spec,
               const TensorTarget& target);

}  // namespace weir::ops
