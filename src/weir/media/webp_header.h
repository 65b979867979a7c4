// The size of a WebP picture, as the library that decodes it will find it.
#pragma once

#include "weir/base/result.h"
#include "weir/media/header_bytes.h"
#include "weir/media/picture_header.h"

namespace weir {

// Walks the chunks up to the picture's and checks each as libwebp does. That is more than a matter
// of size: what libwebp does not take for WebP, OpenCV offers to its other decoders, DICOM's for
// one, whose sizes are bounded by nobody. kUnsupported for animations.
Result<PictureHeader> read_webp_header(HeaderBytes bytes);

}  // namespace weir
