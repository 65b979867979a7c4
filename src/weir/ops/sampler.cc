#include "weir/ops/sampler.h"

#include <algorithm>
#include <cmath>

namespace weir::ops {
namespace {

enum class Site { kEveryPixel, kEverySecond };

// Taps for `count` outputs over `length` source pixels, or over the chroma samples of as many.
// `flip` runs through the source from its end.
std::vector<Tap> make_taps(int count, int length, bool flip, Site site) {
  const int samples = site == Site::kEveryPixel ? length : (length + 1) / 2;
  std::vector<Tap> taps(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) {
    double at = (i + 0.5) * length / count - 0.5;
    if (flip) at = length - 1 - at;
    if (site == Site::kEverySecond) at = (at + 0.5) / 2 - 0.5;
    at = std::clamp(at, 0.0, static_cast<double>(samples - 1));
    const int first = static_cast<int>(at);
    taps[static_cast<std::size_t>(i)] = {first, std::min(first + 1, samples - 1),
                                         static_cast<float>(at - first)};
  }
  return taps;
}

float blend(float a, float b, float weight) {
  return a + (b - a) * weight;
}

float limit(float level) {
  return std::clamp(level, 0.0F, 255.0F);
}

// Weights of R and B in the brightness; the rest is G's.
struct Weights {
  float r;
  float b;
  float g() const { return 1 - r - b; }
};
constexpr Weights kBt601{0.299F, 0.114F};
constexpr Weights kBt709{0.2126F, 0.0722F};

}  // namespace

Sampler::Sampler(const ImageView& image, const ResizePlan& plan)
    : image_(image), sideways_(image.is_sideways()) {
  const bool flip_columns = image.rotation == Rotation::k180 || image.rotation == Rotation::k270;
  const bool flip_rows = image.rotation == Rotation::k180 || image.rotation == Rotation::k90;
  // The plan's columns run along the stored columns of a picture that lies on its side, and which
  // end they begin at depends on the side.
  const bool flip_x = sideways_ ? flip_rows : flip_columns;
  const bool flip_y = sideways_ ? flip_columns : flip_rows;
  const auto taps = [&](Site site, bool columns) {
    return columns ? make_taps(plan.inner_width, plan.source_width, flip_x, site)
                   : make_taps(plan.inner_height, plan.source_height, flip_y, site);
  };
  columns_ = taps(Site::kEveryPixel, true);
  rows_ = taps(Site::kEveryPixel, false);
  if (!is_yuv(image.format)) return;
  chroma_columns_ = taps(Site::kEverySecond, true);
  chroma_rows_ = taps(Site::kEverySecond, false);
}

Sampler::Taps Sampler::luma(int x, int y) const {
  const Tap& column = columns_[static_cast<std::size_t>(x)];
  const Tap& row = rows_[static_cast<std::size_t>(y)];
  return sideways_ ? Taps{row, column} : Taps{column, row};
}

Sampler::Taps Sampler::chroma(int x, int y) const {
  const Tap& column = chroma_columns_[static_cast<std::size_t>(x)];
  const Tap& row = chroma_rows_[static_cast<std::size_t>(y)];
  return sideways_ ? Taps{row, column} : Taps{column, row};
}

float Sampler::sample(int plane, int channels, int channel, const Taps& taps) const {
  const uint8_t* const above = image_.row(plane, taps.y.first) + channel;
  const uint8_t* const below = image_.row(plane, taps.y.second) + channel;
  const int first = taps.x.first * channels;
  const int second = taps.x.second * channels;
  return blend(blend(above[first], above[second], taps.x.weight),
               blend(below[first], below[second], taps.x.weight), taps.y.weight);
}

// Y, spread to 0 … 255 but not limited: the matrix comes first.
float Sampler::bright(int x, int y) const {
  const float level = sample(0, 1, 0, luma(x, y));
  return image_.full_range ? level : (level - 16) * (255.0F / 219);
}

Rgb Sampler::rgb(int x, int y) const {
  if (image_.format == PixelFormat::kGrey) {
    const float level = sample(0, 1, 0, luma(x, y));
    return {level, level, level};
  }
  if (!is_yuv(image_.format)) {
    const Taps taps = luma(x, y);
    const float first = sample(0, 3, 0, taps);
    const float green = sample(0, 3, 1, taps);
    const float last = sample(0, 3, 2, taps);
    return image_.format == PixelFormat::kRgb ? Rgb{first, green, last} : Rgb{last, green, first};
  }
  const Taps taps = chroma(x, y);
  const bool pairs = image_.format == PixelFormat::kNv12;
  const float spread = image_.full_range ? 1 : 255.0F / 224;
  const float u = (sample(1, pairs ? 2 : 1, 0, taps) - 128) * spread;
  const float v = (pairs ? sample(1, 2, 1, taps) - 128 : sample(2, 1, 0, taps) - 128) * spread;
  const Weights weights = image_.matrix == YuvMatrix::kBt709 ? kBt709 : kBt601;
  const float level = bright(x, y);
  const float red = 2 * (1 - weights.r) * v;  // how far R and B are from the brightness
  const float blue = 2 * (1 - weights.b) * u;
  const float green = -(weights.r * red + weights.b * blue) / weights.g();
  return {limit(level + red), limit(level + green), limit(level + blue)};
}

float Sampler::grey(int x, int y) const {
  if (is_yuv(image_.format)) return limit(bright(x, y));
  if (image_.format == PixelFormat::kGrey) return sample(0, 1, 0, luma(x, y));
  const Rgb levels = rgb(x, y);
  return kBt601.r * levels.r + kBt601.g() * levels.g + kBt601.b * levels.b;
}

}  // namespace weir::ops
