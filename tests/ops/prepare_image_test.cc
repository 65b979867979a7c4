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

#include "tests/ops/picture_reference.h"
#include "tests/ops/simd_targets.h"

namespace weir {
namespace {

using test::noise;
using test::PictureReference;
using test::shape_of;

// What every test over random pictures chooses from.
class Chance {
 public:
  explicit Chance(unsigned seed) : random_(seed) {}
  int below(int n) { return static_cast<int>(random_() % static_cast<unsigned>(n)); }
  double between(double low, double high) {
    return std::uniform_real_distribution<double>(low, high)(random_);
  }

  ImageView view_of(const Image& image) {
    ImageView view = image.view();
    view.rotation = static_cast<Rotation>(below(4));
    view.matrix = static_cast<YuvMatrix>(below(2));
    view.full_range = below(2) == 0;
    return view;
  }

  DType dtype() {
    return std::array{DType::kFloat32, DType::kUInt8,
                      DType::kInt8}[static_cast<std::size_t>(below(3))];
  }

  PrepareSpec spec_for(DType dtype) {
    PrepareSpec spec;
    spec.resize = static_cast<ResizePolicy>(below(3));
    spec.layout = static_cast<TensorLayout>(below(2));
    spec.channels = static_cast<ChannelOrder>(below(3));
    spec.pad = {114, 3, 250};
    if (dtype != DType::kUInt8) {
      spec.scale = 1 / 255.0F;
      spec.mean = {0.485F, 0.456F, 0.406F};
      spec.std = {0.229F, 0.224F, 0.225F};
    }
    if (dtype == DType::kInt8) spec.step = 0.0187F, spec.zero_point = -14;
    return spec;
  }

 private:
  std::mt19937 random_;
};

// Half an element of rounding, and a hundredth, where elements are whole; two hundredths of a level
// for floats.
double tolerance_of(DType dtype) {
  return dtype == DType::kFloat32 ? 0.02 / 255 / 0.224 : 0.51;
}

// A random picture and a random input for it.
struct Drawn {
  Drawn(Chance& chance, int largest_input, int number)
      : round(number),
        format(static_cast<PixelFormat>(chance.below(kPixelFormatCount))),
        source(noise(format, 1 + chance.below(40), 1 + chance.below(40),
                     static_cast<unsigned>(number))),
        view(chance.view_of(source)),
        dtype(chance.dtype()),
        spec(chance.spec_for(dtype)),
        width(1 + chance.below(largest_input)),
        height(1 + chance.below(largest_input)),
        out(Tensor::allocate(dtype, shape_of(spec, width, height, chance.below(2) == 0)).value()) {}

  void expect_as_defined(const ResizePlan& plan) const {
    const PictureReference reference(view, spec);
    EXPECT_LE(test::largest_difference(
                  out, spec, width, height,
                  [&](int x, int y, int c) { return reference.prepared(plan, x, y, c); }),
              tolerance_of(dtype))
        << name(format) << " round " << round;
  }

  int round;
  PixelFormat format;
  Image source;
  ImageView view;
  DType dtype;
  PrepareSpec spec;
  int width, height;
  Tensor out;
};

void agrees_with_the_definition() {
  Chance chance(23);
  for (int round = 0; round < 600; ++round) {
    const Drawn drawn(chance, 50, round);
    drawn.expect_as_defined(prepare_image(drawn.view, drawn.spec, drawn.out.view()).value());
  }
}

TEST(PrepareImage, AgreesWithTheDefinitionInDouble) {
  test::for_each_simd_target(agrees_with_the_definition);
}

void cuts_a_region_out() {
  Chance chance(24);
  for (int round = 0; round < 400; ++round) {
    const Drawn drawn(chance, 40, round);
    const int width = drawn.view.upright_width();
    const int height = drawn.view.upright_height();
    Box region;  // reaches beyond the picture now and then
    region.x1 = static_cast<float>(chance.between(-5, width));
    region.y1 = static_cast<float>(chance.between(-5, height));
    region.x2 = region.x1 + static_cast<float>(chance.between(0.1, 30));
    region.y2 = region.y1 + static_cast<float>(chance.between(0.1, 30));
    ResizePlan plan =
        plan_resize(drawn.spec.resize, width, height, drawn.width, drawn.height, region).value();
    plan.left += chance.below(9) - 4;  // and is cut at the border of the input
    plan.top += chance.below(9) - 4;
    ASSERT_TRUE(prepare_image(drawn.view, plan, drawn.spec, drawn.out.view()));
    drawn.expect_as_defined(plan);
  }
}

TEST(PrepareImage, CutsARegionOutOfTheSource) {
  test::for_each_simd_target(cuts_a_region_out);
}

TEST(PrepareImage, RefusesAPlanOfOtherSizes) {
  const Image image = noise(PixelFormat::kBgr, 8, 6, 1);
  const Tensor out = Tensor::allocate(DType::kFloat32, {3, 4, 4}).value();
  const auto accepts = [&](ResizePlan plan) {
    return prepare_image(image.view(), plan, {}, out.view()).has_value();
  };
  const ResizePlan good = plan_resize(ResizePolicy::kStretch, 8, 6, 4, 4).value();
  EXPECT_TRUE(accepts(good));
  EXPECT_FALSE(accepts(plan_resize(ResizePolicy::kStretch, 6, 8, 4, 4).value()));
  EXPECT_FALSE(accepts(plan_resize(ResizePolicy::kStretch, 8, 6, 4, 5).value()));
  EXPECT_FALSE(accepts({}));
  ResizePlan broken = good;
  broken.region.x2 = std::numeric_limits<float>::quiet_NaN();
  EXPECT_FALSE(accepts(broken));
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
