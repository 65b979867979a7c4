// What prepare_image and warp_image compute, written down again in double and without any of their
// tables: it turns the point, then asks for the samples around it.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <random>
#include <utility>
#include <vector>

#include "weir/data/image.h"
#include "weir/data/tensor.h"
#include "weir/ops/affine.h"
#include "weir/ops/prepare_image.h"
#include "weir/ops/resize_plan.h"

namespace weir::test {

inline Image noise(PixelFormat format, int width, int height, unsigned seed) {
  std::mt19937 random(seed);
  const Image image = Image::allocate(format, width, height).value();
  for (int plane = 0; plane < plane_count(format); ++plane) {
    for (int y = 0; y < image.view().plane_rows(plane); ++y) {
      for (std::size_t i = 0; i < image.view().row_bytes(plane); ++i) {
        image.view().row(plane, y)[i] = static_cast<uint8_t>(random());
      }
    }
  }
  return image;
}

// What each of `count` samples weighs in an output whose centre is at `centre`, with `step` to the
// next one: as resize_filter.h says it, sample by sample.
inline std::vector<double> filter_weights(ResizeFilter filter, double centre, double step,
                                          int count) {
  std::vector<double> weights(static_cast<std::size_t>(count), 0.0);
  const auto limited = [&](double at) { return std::clamp(at, 0.0, count - 1.0); };
  if (filter == ResizeFilter::kNearest) {
    weights[static_cast<std::size_t>(limited(std::floor(centre + 1e-6)))] = 1;
    return weights;
  }
  if (filter == ResizeFilter::kArea) {
    const double from = centre - step / 2;
    const double to = centre + step / 2;
    for (double k = std::floor(from); k < to; ++k) {
      const double share = std::min(to, k + 1) - std::max(from, k);
      weights[static_cast<std::size_t>(limited(k))] += share / step;
    }
    return weights;
  }
  const bool is_cubic = filter == ResizeFilter::kBicubic;
  const double scale = std::max(step, 1.0);
  const double reach = (is_cubic ? 2 : 3) * scale;
  const double middle = std::clamp(centre, 0.0, static_cast<double>(count));
  const auto sinc = [](double x) {
    return x == 0 ? 1 : std::sin(std::numbers::pi * x) / (std::numbers::pi * x);
  };
  const auto kernel = [&](double x) {
    x = std::abs(x);
    if (!is_cubic) return x < 3 ? sinc(x) * sinc(x / 3) : 0;
    if (x < 1) return 1.5 * x * x * x - 2.5 * x * x + 1;
    return x < 2 ? -0.5 * x * x * x + 2.5 * x * x - 4 * x + 2 : 0;
  };
  double sum = 0;
  for (int k = 0; k < count; ++k) {
    const double away = k + 0.5 - middle;
    if (std::abs(away) > reach) continue;
    sum += weights[static_cast<std::size_t>(k)] = kernel(away / scale);
  }
  for (double& weight : weights) weight /= sum;
  return weights;
}

class PictureReference {
 public:
  PictureReference(const ImageView& image, const PrepareSpec& spec) : image_(image), spec_(spec) {}

  // The output's channel c at (x, y) of the model's input; what a quantised type would hold is not
  // rounded and not limited.
  double prepared(const ResizePlan& plan, int x, int y, int c) const {
    const bool shown = x >= plan.left && x < plan.left + plan.inner_width && y >= plan.top &&
                       y < plan.top + plan.inner_height;
    if (!shown) return value(0, 0, c);
    const double across = double{plan.region.x2} - plan.region.x1;
    const double down = double{plan.region.y2} - plan.region.y1;
    const auto stored = turned(plan.region.x1 + (x - plan.left + 0.5) * across / plan.inner_width,
                               plan.region.y1 + (y - plan.top + 0.5) * down / plan.inner_height);
    const double along = across / plan.inner_width;
    const double below = down / plan.inner_height;
    const bool sideways = image_.is_sideways();
    return value(level(stored, c, sideways ? Point{below, along} : Point{along, below}), 1, c);
  }

  double warped(const Affine& to_source, int x, int y, int c) const {
    const Point at = to_source.apply(Point{x + 0.5, y + 0.5});
    const auto stored = turned(at.x, at.y);
    const double share =
        share_inside(stored.x, image_.width) * share_inside(stored.y, image_.height);
    return value(share > 0 ? level(stored, c, {1, 1}) : 0, share, c);
  }

 private:
  Point turned(double u, double v) const {
    switch (image_.rotation) {
      case Rotation::k90:
        return {v, image_.height - u};
      case Rotation::k180:
        return {image_.width - u, image_.height - v};
      case Rotation::k270:
        return {image_.width - v, u};
      case Rotation::k0:
        break;
    }
    return {u, v};
  }

  // Of the two samples around a position, the share of those that exist.
  static double share_inside(double position, int length) {
    const double first = std::floor(position - 0.5);
    const double right_share = position - 0.5 - first;
    const auto exists = [&](double at) { return at >= 0 && at < length ? 1.0 : 0.0; };
    return exists(first) * (1 - right_share) + exists(first + 1) * right_share;
  }

  double value(double level, double share, int c) const {
    const auto i = static_cast<std::size_t>(c);
    const double mixed = level * share + double{spec_.pad[i]} * (1 - share);
    const double normal = (mixed * double{spec_.scale} - spec_.mean[i]) / spec_.std[i];
    return normal / spec_.step + spec_.zero_point;
  }

  double level(Point at, int c, Point step) const {
    const auto rgb = picture(at.x, at.y, step);
    if (spec_.channels == ChannelOrder::kGrey) return rgb[3];
    return rgb[static_cast<std::size_t>(spec_.channels == ChannelOrder::kRgb ? c : 2 - c)];
  }

  // R, G, B and brightness at a point of the stored picture, from its outer corner; from there to
  // the next output it is `step`.
  std::array<double, 4> picture(double x, double y, Point step) const {
    const auto limit = [](double level) { return std::clamp(level, 0.0, 255.0); };
    const auto grey_of = [](double r, double g, double b) {
      return 0.299 * r + 0.587 * g + 0.114 * b;
    };
    if (image_.format == PixelFormat::kGrey) {
      const double g = limit(sample(0, 1, 0, x, y, step));
      return {g, g, g, g};
    }
    if (!is_yuv(image_.format)) {
      double r = limit(sample(0, 3, 0, x, y, step));
      const double g = limit(sample(0, 3, 1, x, y, step));
      double b = limit(sample(0, 3, 2, x, y, step));
      if (image_.format == PixelFormat::kBgr) std::swap(r, b);
      return {r, g, b, grey_of(r, g, b)};
    }
    const bool pairs = image_.format == PixelFormat::kNv12;
    const Point half{step.x / 2, step.y / 2};
    double luma = sample(0, 1, 0, x, y, step);
    double cb = sample(1, pairs ? 2 : 1, 0, x / 2, y / 2, half) - 128;
    double cr =
        (pairs ? sample(1, 2, 1, x / 2, y / 2, half) : sample(2, 1, 0, x / 2, y / 2, half)) - 128;
    if (!image_.full_range) luma = (luma - 16) * 255 / 219, cb *= 255.0 / 224, cr *= 255.0 / 224;
    const bool hd = image_.matrix == YuvMatrix::kBt709;
    const double r = luma + (hd ? 1.5748 : 1.402) * cr;
    const double g = luma - (hd ? 0.187324 : 0.344136) * cb - (hd ? 0.468124 : 0.714136) * cr;
    const double b = luma + (hd ? 1.8556 : 1.772) * cb;
    return {limit(r), limit(g), limit(b), limit(luma)};
  }

  double sample(int plane, int channels, int channel, double x, double y, Point step) const {
    const int columns = static_cast<int>(image_.row_bytes(plane)) / channels;
    const int rows = image_.plane_rows(plane);
    if (spec_.filter != ResizeFilter::kBilinear) {
      const std::vector<double> across = filter_weights(spec_.filter, x, step.x, columns);
      const std::vector<double> down = filter_weights(spec_.filter, y, step.y, rows);
      double sum = 0;
      for (int j = 0; j < rows; ++j) {
        const double weight = down[static_cast<std::size_t>(j)];
        if (weight == 0) continue;
        const uint8_t* const row = image_.row(plane, j) + channel;
        for (int i = 0; i < columns; ++i) {
          sum += weight * across[static_cast<std::size_t>(i)] * row[i * channels];
        }
      }
      return sum;
    }
    const auto value = [&](double column, double row) {
      const int i = static_cast<int>(std::clamp(column, 0.0, columns - 1.0));
      const int j = static_cast<int>(std::clamp(row, 0.0, rows - 1.0));
      return static_cast<double>(image_.row(plane, j)[i * channels + channel]);
    };
    const double left = std::floor(x - 0.5);
    const double top = std::floor(y - 0.5);
    const double right_share = x - 0.5 - left;
    const double low_share = y - 0.5 - top;
    return (value(left, top) * (1 - right_share) + value(left + 1, top) * right_share) *
               (1 - low_share) +
           (value(left, top + 1) * (1 - right_share) + value(left + 1, top + 1) * right_share) *
               low_share;
  }

  const ImageView& image_;
  const PrepareSpec& spec_;
};

inline Shape shape_of(const PrepareSpec& spec, int width, int height, bool batch = true) {
  const int64_t channels = channel_count(spec.channels);
  Shape shape;
  if (batch) shape.push_back(1);
  if (spec.layout == TensorLayout::kNchw) shape.push_back(channels);
  shape.push_back(height);
  shape.push_back(width);
  if (spec.layout == TensorLayout::kNhwc) shape.push_back(channels);
  return shape;
}

inline double element(const Tensor& tensor, const PrepareSpec& spec, int width, int height, int x,
                      int y, int c) {
  const int channels = channel_count(spec.channels);
  const int index = spec.layout == TensorLayout::kNchw ? (c * height + y) * width + x
                                                       : (y * width + x) * channels + c;
  if (tensor.dtype() == DType::kUInt8) return tensor.as<uint8_t>()[index];
  if (tensor.dtype() == DType::kInt8) return tensor.as<int8_t>()[index];
  return static_cast<double>(tensor.as<float>()[index]);
}

// The largest difference between a tensor and `expected(x, y, c)`, which is limited to what the
// tensor's type can hold.
template <class F>
double largest_difference(const Tensor& tensor, const PrepareSpec& spec, int width, int height,
                          const F& expected) {
  double largest = 0;
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      for (int c = 0; c < channel_count(spec.channels); ++c) {
        double right = expected(x, y, c);
        if (tensor.dtype() == DType::kUInt8) right = std::clamp(right, 0.0, 255.0);
        if (tensor.dtype() == DType::kInt8) right = std::clamp(right, -128.0, 127.0);
        const double error = std::abs(element(tensor, spec, width, height, x, y, c) - right);
        largest = error <= largest ? largest : error;  // a NaN is the largest
      }
    }
  }
  return largest;
}

}  // namespace weir::test
