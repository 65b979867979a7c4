// prepare_image at half the size into bytes that are levels: what cameras of 1280x720 and quantised
// models ask for most. Any thread.
#pragma once

#include "weir/data/image.h"
#include "weir/ops/prepare_image.h"
#include "weir/ops/resize_plan.h"
#include "weir/ops/tensor_target.h"

namespace weir::ops {

// False, with nothing written, if this is not its case. It makes what bilinear weights make.
bool half_size(const ImageView& image, const ResizePlan& plan, const PrepareSpec& spec,
               const TensorTarget& target);

}  // namespace weir::ops
