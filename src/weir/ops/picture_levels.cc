#include "weir/ops/picture_levels.h"

#include <algorithm>

namespace weir::ops {
namespace {

float blend(float a, float b, float weight) {
  return a + (b - a) * weight;
}

float limit(float level) {
  return std::clamp(level, 0.0F, 255.0F);
}

}  // namespace

Tap tap_at(double position, int samples) {
  const double at = std::clamp(position - 0.5, 0.0, static_cast<double>(samples - 1));
  const int first = static_cast<int>(at);
  return {first, std::min(first + 1, samples - 1), static_cast<float>(at - first)};
}

YuvToRgb yuv_to_rgb(const ImageView& image) {
  // The weights of R and B in the brightness; the rest is G's.
  const bool hd = image.matrix == YuvMatrix::kBt709;
  const double red = hd ? 0.2126 : 0.299;
  const double blue = hd ? 0.0722 : 0.114;
  const double green = 1 - red - blue;
  const double spread = image.full_range ? 1 : 255.0 / 224;
  YuvToRgb yuv;
  yuv.y_zero = image.full_range ? 0 : 16;
  yuv.y_gain = image.full_range ? 1 : 255.0F / 219;
  // How far R and B are from the brightness; G makes up for both.
  yuv.v_to_red = static_cast<float>(2 * (1 - red) * spread);
  yuv.u_to_blue = static_cast<float>(2 * (1 - blue) * spread);
  yuv.v_to_green = static_cast<float>(-2 * (1 - red) * spread * red / green);
  yuv.u_to_green = static_cast<float>(-2 * (1 - blue) * spread * blue / green);
  return yuv;
}

Taps PictureLevels::luma_taps(double x, double y) const {
  return {tap_at(x, image_.width), tap_at(y, image_.height)};
}

Taps PictureLevels::chroma_taps(double x, double y) const {
  return {tap_at(x / 2, (image_.width + 1) / 2), tap_at(y / 2, (image_.height + 1) / 2)};
}

float PictureLevels::sample(int plane, int channels, int channel, const Taps& taps) const {
  const uint8_t* const above = image_.row(plane, taps.y.first) + channel;
  const uint8_t* const below = image_.row(plane, taps.y.second) + channel;
  const int first = taps.x.first * channels;
  const int second = taps.x.second * channels;
  return blend(blend(above[first], above[second], taps.x.weight),
               blend(below[first], below[second], taps.x.weight), taps.y.weight);
}

// Y, spread to 0 … 255 but not limited: the matrix comes first.
float PictureLevels::bright(const Taps& luma) const {
  return (sample(0, 1, 0, luma) - yuv_.y_zero) * yuv_.y_gain;
}

Rgb PictureLevels::rgb(const Taps& luma, const Taps& chroma) const {
  if (image_.format == PixelFormat::kGrey) {
    const float level = sample(0, 1, 0, luma);
    return {level, level, level};
  }
  if (!is_yuv(image_.format)) {
    const float first = sample(0, 3, 0, luma);
    const float green = sample(0, 3, 1, luma);
    const float last = sample(0, 3, 2, luma);
    return image_.format == PixelFormat::kRgb ? Rgb{first, green, last} : Rgb{last, green, first};
  }
  const bool pairs = image_.format == PixelFormat::kNv12;
  const float u = sample(1, pairs ? 2 : 1, 0, chroma) - 128;
  const float v = (pairs ? sample(1, 2, 1, chroma) : sample(2, 1, 0, chroma)) - 128;
  const float level = bright(luma);
  return {limit(level + yuv_.v_to_red * v),
          limit(level + yuv_.u_to_green * u + yuv_.v_to_green * v),
          limit(level + yuv_.u_to_blue * u)};
}

float PictureLevels::grey(const Taps& luma) const {
  if (is_yuv(image_.format)) return limit(bright(luma));
  if (image_.format == PixelFormat::kGrey) return sample(0, 1, 0, luma);
  const Rgb levels = rgb(luma, {});
  return kBrightness.r * levels.r + kBrightness.g * levels.g + kBrightness.b * levels.b;
}

}  // namespace weir::ops
