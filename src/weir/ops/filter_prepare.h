// prepare_image with any ResizeFilter: of each plane the rows are blended first, then the columns,
// in floats; then it goes on as in fused_prepare.h. Like there, tables and rows belong to the
// thread.
#pragma once

#include "weir/data/image.h"
#include "weir/ops/prepare_image.h"
#include "weir/ops/resize_plan.h"
#include "weir/ops/tensor_target.h"

namespace weir::ops {

// Whether bilinear weights are this filter's for the plan, so that the quicker pass may do it.
bool is_bilinear(ResizeFilter filter, const ImageView& image, const ResizePlan& plan);

void filter_prepare(const ImageView& image, const ResizePlan& plan, const PrepareSpec& spec,
                    const TensorTarget& target);

}  // namespace weir::ops
