// prepare_image in one pass over the source, row by row with vectors; what of it is general is in
// prepare_image.cc, the inner loops are in fused_rows.cc.
//
// Its tables and rows belong to the thread: they are kept from call to call, so that a stream whose
// geometry stays takes nothing from the heap and makes no table twice, and a worker that prepares
// many kinds of items in turn makes them anew. They are not the caller's, because those who prepare
// (families, on any worker, re-entrant) would have to carry them through every layer; and not the
// model's, because then workers would share them.
#pragma once

#include "weir/data/image.h"
#include "weir/ops/prepare_image.h"
#include "weir/ops/resize_plan.h"
#include "weir/ops/tensor_target.h"

namespace weir::ops {

// False, with nothing written, if this is not its case: a picture that lies on its side, or columns
// that are further apart than a kernel can see.
bool fused_prepare(const ImageView& image, const ResizePlan& plan, const PrepareSpec& spec,
                   const TensorTarget& target);

}  // namespace weir::ops
