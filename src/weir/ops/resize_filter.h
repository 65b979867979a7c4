// How a picture is resampled where prepare_image resizes it.
//
// Each axis has weights of its own, which are all made in double and sum up to one; nothing is
// rounded between the axes, and R, G and B are limited to 0 … 255 at the end. Chroma planes are
// filtered like the others, at half the size. Plain values: any thread.
#pragma once

#include <string_view>

namespace weir {

enum class ResizeFilter {
  // The sample in which the output's centre lies. OpenCV's INTER_NEAREST_EXACT, PIL's NEAREST.
  kNearest,
  // The two samples around the centre, whatever the scale. OpenCV's INTER_LINEAR.
  kBilinear,
  // The mean over what the output covers. OpenCV's INTER_AREA, which leaves out shares of a sample
  // below 0.001 and, where one side grows and the other shrinks, is something else.
  kArea,
  // A cubic (a = -0.5) over four samples, or over four of the output's steps where it is made
  // smaller; at the border what lies outside is left out. PIL's BICUBIC, torchvision's bicubic with
  // antialias.
  kBicubic,
  // The same with a windowed sinc over six. PIL's LANCZOS.
  kLanczos,
};

// "nearest", "bilinear", "area", "bicubic", "lanczos".
std::string_view name(ResizeFilter filter);

}  // namespace weir
