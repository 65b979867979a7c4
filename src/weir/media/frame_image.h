// A decoder's frame as an Image: the same memory where the layout is one of ours, converted where
// it is not.
//
// One thread at a time; keeps the converter between frames of one kind.
#pragma once

#include "weir/base/result.h"
#include "weir/data/image.h"
#include "weir/media/av_support.h"

namespace weir {

class FrameImages {
 public:
  Result<Image> image_of(av::Frame frame, Rotation rotation);

 private:
  Result<Image> shared(av::Frame frame, ImageView view);
  Result<Image> converted(const AVFrame& frame, ImageView view);
  // Brightness without colour, in the range of video.
  Result<Image> from_limited_grey(const AVFrame& frame, ImageView view);

  av::Scaler scaler_;
};

}  // namespace weir
