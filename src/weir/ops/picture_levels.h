// The levels of a picture between its pixels: the scalar rules of prepare_image and warp_image, in
// the place where they are easiest to read. Bilinear, at half-pixel centres, clamped at the border;
// Y, U and V are blended first and made R, G and B then. Pure: any thread.
#pragma once

#include <cstdint>

#include "weir/data/image.h"

namespace weir::ops {

// Between which two samples of a row or column to blend, and how much of the second to take.
struct Tap {
  int first = 0;
  int second = 0;
  float weight = 0;
};

// For a point at `position` from the outer corner of the first of `samples`.
Tap tap_at(double position, int samples);

struct Taps {
  Tap x;  // along a stored row
  Tap y;  // down the stored columns
};

struct Rgb {
  float r = 0;
  float g = 0;
  float b = 0;
};

// How Y, U and V become R, G and B: level = (Y - y_zero) * y_gain, red = level + v_to_red * (V -
// 128), and so on.
struct YuvToRgb {
  float y_zero = 0;
  float y_gain = 1;
  float v_to_red = 0;
  float u_to_green = 0;
  float v_to_green = 0;
  float u_to_blue = 0;
};
YuvToRgb yuv_to_rgb(const ImageView& image);

// The weights of R, G and B in the brightness (BT.601).
inline constexpr Rgb kBrightness{0.299F, 0.587F, 0.114F};

class PictureLevels {
 public:
  // `image` outlives it.
  explicit PictureLevels(const ImageView& image) : image_(image), yuv_(yuv_to_rgb(image)) {}

  // Taps of a point of the stored picture, from its outer corner.
  Taps luma_taps(double x, double y) const;
  Taps chroma_taps(double x, double y) const;

  // `chroma` is only looked at in video formats.
  Rgb rgb(const Taps& luma, const Taps& chroma) const;
  // The brightness only: Y of a video frame, the usual weights of R, G and B otherwise.
  float grey(const Taps& luma) const;

 private:
  float sample(int plane, int channels, int channel, const Taps& taps) const;
  float bright(const Taps& luma) const;

  const ImageView& image_;
  YuvToRgb yuv_;
};

}  // namespace weir::ops
