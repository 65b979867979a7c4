// A picture, or a part of it, as an upright BGR picture of its own: to be drawn into and written.
//
// Pure functions: any thread.
#pragma once

#include "weir/base/result.h"
#include "weir/data/finding.h"
#include "weir/data/image.h"

namespace weir {

Result<Image> bgr_copy(const ImageView& picture);
// The same pixels in memory of their own: in their format if they are upright, else as bgr_copy.
Result<Image> upright_copy(const ImageView& picture);
// The pixels that a box touches, made larger by `margin` of its sides on each side and cut to the
// picture. kInvalidArgument if none are left.
Result<Image> bgr_crop(const ImageView& picture, const Box& box, double margin);

}  // namespace weir
