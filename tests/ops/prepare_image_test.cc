#include "weir/ops/prepare_image.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <random>
#include <string>
#include <vector>

namespace weir {
namespace {

Image noise(PixelFormat format, int width, int height, unsigned seed) {
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

// What prepare_image computes, written down again in double and without any of its tables: it
// turns the point, then asks for the samples around it.
class Reference {
 public:
  Reference(const ImageView& image, const PrepareSpec& spec, const ResizePlan& plan)
      : image_(image), spec_(spec), plan_(plan) {}

  // The output's channel c at (x, y) of the model's input.
  double at(int x, int y, int c) const {
    const auto i = static_cast<std::size_t>(c);
    const int inner_x = x - plan_.left;
    const int inner_y = y - plan_.top;
    double level = spec_.pad;
    if (inner_x >= 0 && inner_x < plan_.inner_width && inner_y >= 0 &&
        inner_y < plan_.inner_height) {
      const auto rgb = picture((inner_x + 0.5) * plan_.source_width / plan_.inner_width,
                               (inner_y + 0.5) * plan_.source_height / plan_.inner_height);
      level = spec_.channels == ChannelOrder::kGrey  ? rgb[3]
              : spec_.channels == ChannelOrder::kRgb ? rgb[i]
                                                     : rgb[2 - i];
    }
    return (level * spec_.scale - spec_.mean[i]) / spec_.std[i];
  }

 private:
  // R, G, B and brightness at a point of the upright picture, from its outer corner.
  std::array<double, 4> picture(double u, double v) const {
    double x = u;
    double y = v;
    if (image_.rotation == Rotation::k90) x = v, y = image_.height - u;
    if (image_.rotation == Rotation::k180) x = image_.width - u, y = image_.height - v;
    if (image_.rotation == Rotation::k270) x = image_.width - v, y = u;
    const auto grey_of = [](double r, double g, double b) {
      return 0.299 * r + 0.587 * g + 0.114 * b;
    };
    if (image_.format == PixelFormat::kGrey) {
      const double g = sample(0, 1, 0, x, y);
      return {g, g, g, g};
    }
    if (!is_yuv(image_.format)) {
      double r = sample(0, 3, 0, x, y);
      const double g = sample(0, 3, 1, x, y);
      double b = sample(0, 3, 2, x, y);
      if (image_.format == PixelFormat::kBgr) std::swap(r, b);
      return {r, g, b, grey_of(r, g, b)};
    }
    const bool pairs = image_.format == PixelFormat::kNv12;
    double luma = sample(0, 1, 0, x, y);
    double cb = sample(1, pairs ? 2 : 1, 0, x / 2, y / 2) - 128;
    double cr = (pairs ? sample(1, 2, 1, x / 2, y / 2) : sample(2, 1, 0, x / 2, y / 2)) - 128;
    if (!image_.full_range) luma = (luma - 16) * 255 / 219, cb *= 255.0 / 224, cr *= 255.0 / 224;
    const bool hd = image_.matrix == YuvMatrix::kBt709;
    const auto limit = [](double level) { return std::clamp(level, 0.0, 255.0); };
    const double r = luma + (hd ? 1.5748 : 1.402) * cr;
    const double g = luma - (hd ? 0.187324 : 0.344136) * cb - (hd ? 0.468124 : 0.714136) * cr;
    const double b = luma + (hd ? 1.8556 : 1.772) * cb;
    return {limit(r), limit(g), limit(b), limit(luma)};
  }

  double sample(int plane, int channels, int channel, double x, double y) const {
    const int columns = static_cast<int>(image_.row_bytes(plane)) / channels;
    const int rows = image_.plane_rows(plane);
    const auto value = [&](double column, double row) {
      const int i = std::clamp(static_cast<int>(column), 0, columns - 1);
      const int j = std::clamp(static_cast<int>(row), 0, rows - 1);
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
  const ResizePlan& plan_;
};

Shape shape_of(const PrepareSpec& spec, int width, int height, bool batch = true) {
  const int64_t channels = channel_count(spec.channels);
  Shape shape;
  if (batch) shape.push_back(1);
  if (spec.layout == TensorLayout::kNchw) shape.push_back(channels);
  shape.push_back(height);
  shape.push_back(width);
  if (spec.layout == TensorLayout::kNhwc) shape.push_back(channels);
  return shape;
}

double element(const Tensor& tensor, const PrepareSpec& spec, int width, int height, int x, int y,
               int c) {
  const int channels = channel_count(spec.channels);
  const int index = spec.layout == TensorLayout::kNchw ? (c * height + y) * width + x
                                                       : (y * width + x) * channels + c;
  return tensor.dtype() == DType::kUInt8 ? tensor.as<uint8_t>()[index]
                                         : static_cast<double>(tensor.as<float>()[index]);
}

TEST(PrepareImage, AgreesWithTheDefinitionInDouble) {
  std::mt19937 random(23);
  const auto below = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  for (int round = 0; round < 600; ++round) {
    const auto format = static_cast<PixelFormat>(below(kPixelFormatCount));
    const Image source = noise(format, 1 + below(40), 1 + below(40), static_cast<unsigned>(round));
    ImageView view = source.view();
    view.rotation = static_cast<Rotation>(below(4));
    view.matrix = static_cast<YuvMatrix>(below(2));
    view.full_range = below(2) == 0;
    PrepareSpec spec;
    spec.resize = static_cast<ResizePolicy>(below(3));
    spec.layout = static_cast<TensorLayout>(below(2));
    spec.channels = static_cast<ChannelOrder>(below(3));
    const bool bytes = below(2) == 0;
    if (!bytes) {
      spec.scale = 1 / 255.0F;
      spec.mean = {0.485F, 0.456F, 0.406F};
      spec.std = {0.229F, 0.224F, 0.225F};
    }
    const int width = 1 + below(50);
    const int height = 1 + below(50);
    const Tensor out = Tensor::allocate(bytes ? DType::kUInt8 : DType::kFloat32,
                                        shape_of(spec, width, height, below(2) == 0))
                           .value();
    const ResizePlan plan = prepare_image(view, spec, out.view()).value();
    const Reference reference(view, spec, plan);
    // Half a level of rounding for bytes; a hundredth of a level for floats.
    const double tolerance = bytes ? 0.501 : 0.01 / 255 / 0.224;
    for (int y = 0; y < height; ++y) {
      for (int x = 0; x < width; ++x) {
        for (int c = 0; c < channel_count(spec.channels); ++c) {
          ASSERT_NEAR(element(out, spec, width, height, x, y, c), reference.at(x, y, c), tolerance)
              << name(format) << " round " << round << " at " << x << "," << y << "," << c;
        }
      }
    }
  }
}

TEST(PrepareImage, ResizesAsOpenCvDoesInFloat) {
  const Image image = noise(PixelFormat::kBgr, 131, 77, 3);
  const ImageView& view = image.view();
  const cv::Mat pixels(77, 131, CV_8UC3, view.planes[0].data,
                       static_cast<std::size_t>(view.planes[0].stride));
  cv::Mat exact;
  pixels.convertTo(exact, CV_32FC3);
  for (const auto& [width, height] : {std::pair{64, 64}, {131, 77}, {300, 200}}) {
    cv::Mat expected;
    cv::resize(exact, expected, {width, height}, 0, 0, cv::INTER_LINEAR);
    const PrepareSpec spec{.layout = TensorLayout::kNhwc, .channels = ChannelOrder::kBgr};
    const Tensor out = Tensor::allocate(DType::kFloat32, {1, height, width, 3}).value();
    ASSERT_TRUE(prepare_image(view, spec, out.view()));
    for (int i = 0; i < width * height * 3; ++i) {
      ASSERT_NEAR(out.as<float>()[i], expected.ptr<float>()[i], 0.02);
    }
  }
}

TEST(PrepareImage, KnowsTheColoursOfVideo) {
  struct Row {
    uint8_t y, u, v;
    float r, g, b;
  };
  // BT.601 in limited range: black, white, and pure red as encoders write it.
  for (const Row& row : {Row{16, 128, 128, 0, 0, 0}, Row{235, 128, 128, 255, 255, 255},
                         Row{81, 90, 240, 254, 0, 0}, Row{0, 128, 128, 0, 0, 0}}) {
    const Image image = Image::allocate(PixelFormat::kNv12, 4, 4).value();
    for (int y = 0; y < 4; ++y) std::fill_n(image.view().row(0, y), 4, row.y);
    for (int y = 0; y < 2; ++y) {
      for (int x = 0; x < 2; ++x) {
        image.view().row(1, y)[2 * x] = row.u;
        image.view().row(1, y)[2 * x + 1] = row.v;
      }
    }
    const Tensor out = Tensor::allocate(DType::kFloat32, {3, 2, 2}).value();
    ASSERT_TRUE(prepare_image(image.view(), {}, out.view()));
    EXPECT_NEAR(out.as<float>()[0], row.r, 1.0);
    EXPECT_NEAR(out.as<float>()[4], row.g, 1.0);
    EXPECT_NEAR(out.as<float>()[8], row.b, 1.0);
  }
}

TEST(PrepareImage, RefusesOutputsThatDoNotFit) {
  const Image image = noise(PixelFormat::kBgr, 8, 8, 1);
  const auto refused = [&](DType dtype, const Shape& shape, const PrepareSpec& spec = {}) {
    const Tensor out = Tensor::allocate(dtype, shape).value();
    const auto result = prepare_image(image.view(), spec, out.view());
    return !result && result.error().code == ErrorCode::kInvalidArgument;
  };
  EXPECT_TRUE(refused(DType::kFloat32, {2, 3, 4, 4}));
  EXPECT_TRUE(refused(DType::kFloat32, {1, 4, 4, 3}));
  EXPECT_TRUE(refused(DType::kFloat32, {1, 1, 4, 4}));
  EXPECT_TRUE(refused(DType::kFloat32, {3, 4}));
  EXPECT_TRUE(refused(DType::kFloat32, {1, 3, 0, 4}));
  EXPECT_TRUE(refused(DType::kFloat64, {1, 3, 4, 4}));
  EXPECT_TRUE(refused(DType::kFloat32, {1, 3, 4, 4}, {.std = {1, 0, 1}}));
  EXPECT_FALSE(
      prepare_image(ImageView{}, {}, Tensor::allocate(DType::kFloat32, {3, 2, 2})->view()));
}

TEST(PrepareImage, NamesAreWrittenAndReadBack) {
  for (const char* text : {"rgb", "bgr", "grey"}) {
    EXPECT_EQ(name(parse_channel_order(text).value()), text);
  }
  for (const char* text : {"nchw", "nhwc"}) {
    EXPECT_EQ(name(parse_tensor_layout(text).value()), text);
  }
  EXPECT_EQ(parse_channel_order("yuv").error().hint, "write rgb, bgr or grey");
}

}  // namespace
}  // namespace weir
