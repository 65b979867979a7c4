#include "weir/ops/warp_image.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <random>

#include "tests/ops/picture_reference.h"
#include "tests/ops/simd_targets.h"
#include "weir/ops/warp_span.h"

namespace weir {
namespace {

using test::noise;
using test::shape_of;

// Of a warp from its definition in double; infinite if it is refused.
double largest_difference(const ImageView& view, const Affine& map, const PrepareSpec& spec,
                          DType dtype, int width, int height) {
  const Tensor out = Tensor::allocate(dtype, shape_of(spec, width, height)).value();
  if (!warp_image(view, map, spec, out.view())) return std::numeric_limits<double>::infinity();
  const test::PictureReference reference(view, spec);
  return test::largest_difference(out, spec, width, height, [&](int x, int y, int c) {
    return reference.warped(map, x, y, c);
  });
}

void agrees_with_the_definition() {
  std::mt19937 random(31);
  const auto below = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  std::uniform_real_distribution<double> unit(-1, 1);
  for (int round = 0; round < 400; ++round) {
    const auto format = static_cast<PixelFormat>(below(kPixelFormatCount));
    const Image source = noise(format, 1 + below(40), 1 + below(40), static_cast<unsigned>(round));
    ImageView view = source.view();
    view.rotation = static_cast<Rotation>(below(4));
    view.full_range = below(2) == 0;
    PrepareSpec spec;
    spec.layout = static_cast<TensorLayout>(below(2));
    spec.channels = static_cast<ChannelOrder>(below(3));
    spec.pad = {0, 200, 17};
    const DType dtype = below(2) == 0 ? DType::kUInt8 : DType::kFloat32;
    const int width = 1 + below(30);
    const int height = 1 + below(30);
    const Affine map = rectangle(
        {view.upright_width() * unit(random) * 1.2, view.upright_height() * unit(random) * 1.2},
        60 * unit(random), 60 * unit(random), 4 * unit(random), width, height);
    ASSERT_LE(largest_difference(view, map, spec, dtype, width, height),
              dtype == DType::kFloat32 ? 0.02 : 0.51)
        << name(format) << " round " << round;
  }
}

TEST(WarpImage, AgreesWithTheDefinitionInDouble) {
  test::for_each_simd_target(agrees_with_the_definition);
}

// Far inside of a picture, and along its border, with sides that groups of outputs do not divide.
void large_warps_agree() {
  std::mt19937 random(37);
  const auto below = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  std::uniform_real_distribution<double> unit(-1, 1);
  for (int round = 0; round < 60; ++round) {
    const auto format = static_cast<PixelFormat>(round % kPixelFormatCount);
    const Image source = noise(format, 301 + below(90), 201 + below(90), 3);
    ImageView view = source.view();
    view.rotation = static_cast<Rotation>(below(4));
    PrepareSpec spec;
    spec.layout = static_cast<TensorLayout>(below(2));
    spec.channels = static_cast<ChannelOrder>(below(3));
    const DType dtype = round % 2 == 0 ? DType::kFloat32 : DType::kUInt8;
    const int width = 20 + below(300);  // more than a kernel looks up at a time
    const int height = 1 + below(50);
    const double size = 40 + 400 * std::abs(unit(random));
    const Affine map = rectangle({view.upright_width() * (0.5 + 0.4 * unit(random)),
                                  view.upright_height() * (0.5 + 0.4 * unit(random))},
                                 size, size * height / width, 4 * unit(random), width, height);
    ASSERT_LE(largest_difference(view, map, spec, dtype, width, height),
              dtype == DType::kFloat32 ? 0.02 : 0.51)
        << name(format) << " round " << round;
  }
}

TEST(WarpImage, LargeWarpsAgreeToo) {
  test::for_each_simd_target(large_warps_agree);
}

TEST(WarpImage, ThePlanOfARegionIsAWarp) {
  const Image image = noise(PixelFormat::kNv12, 64, 48, 1);
  const PrepareSpec spec;
  const ResizePlan plan =
      plan_resize(ResizePolicy::kStretch, 64, 48, 20, 10, {11.5F, 7.25F, 50, 30}).value();
  const Tensor cut = Tensor::allocate(DType::kFloat32, {3, 10, 20}).value();
  const Tensor warped = Tensor::allocate(DType::kFloat32, {3, 10, 20}).value();
  ASSERT_TRUE(prepare_image(image.view(), plan, spec, cut.view()));
  ASSERT_TRUE(warp_image(image.view(), plan.to_source(), spec, warped.view()));
  for (int i = 0; i < 600; ++i) EXPECT_NEAR(cut.as<float>()[i], warped.as<float>()[i], 0.03);
}

// OpenCV counts from the centre of the first pixel, and in 1/32 of a pixel.
TEST(WarpImage, AgreesWithOpenCvUpToItsGrid) {
  const Image image = Image::allocate(PixelFormat::kBgr, 90, 70).value();
  const ImageView& view = image.view();
  for (int y = 0; y < 70; ++y) {
    for (int x = 0; x < 270; ++x) {
      view.row(0, y)[x] = static_cast<uint8_t>(128 + 100 * std::sin(x / 40.0) * std::cos(y / 9.0));
    }
  }
  const cv::Mat pixels(70, 90, CV_8UC3, view.planes[0].data,
                       static_cast<std::size_t>(view.planes[0].stride));
  const Affine map = rectangle({45, 35}, 60, 50, 0.5, 40, 40);
  const cv::Matx23d matrix(map.a, map.b, map.tx + (map.a + map.b) / 2 - 0.5, map.c, map.d,
                           map.ty + (map.c + map.d) / 2 - 0.5);
  cv::Mat expected;
  cv::warpAffine(pixels, expected, matrix, {40, 40}, cv::INTER_LINEAR | cv::WARP_INVERSE_MAP,
                 cv::BORDER_CONSTANT, {9, 9, 9});
  const PrepareSpec spec{
      .layout = TensorLayout::kNhwc, .channels = ChannelOrder::kBgr, .pad = {9, 9, 9}};
  const Tensor out = Tensor::allocate(DType::kUInt8, {40, 40, 3}).value();
  ASSERT_TRUE(warp_image(view, map, spec, out.view()));
  for (int i = 0; i < 40 * 40 * 3; ++i) {
    ASSERT_NEAR(out.as<uint8_t>()[i], expected.ptr<uint8_t>()[i], 3) << i;
  }
}

// As if the picture lay in the middle of a larger one that goes on as its border is.
TEST(WarpImage, RepeatsTheBorderWhereAsked) {
  const Image image = noise(PixelFormat::kBgr, 40, 30, 1);
  const Image around = Image::allocate(PixelFormat::kBgr, 120, 110).value();
  for (int y = 0; y < 110; ++y) {
    const uint8_t* const row = image.view().row(0, std::clamp(y - 40, 0, 29));
    for (int x = 0; x < 120; ++x) {
      std::copy_n(row + 3 * std::clamp(x - 40, 0, 39), 3, around.view().row(0, y) + 3 * x);
    }
  }
  const auto warp_all = [&] {
    for (const double angle : {0.0, 0.4, 2.5}) {
      const Affine map = rectangle({22, 12}, 70, 50, angle, 90, 64);
      const Affine moved = compose({1, 0, 40, 0, 1, 40}, map);
      const PrepareSpec spec{.pad = {1, 2, 3}};
      const Tensor repeated = Tensor::allocate(DType::kFloat32, {3, 64, 90}).value();
      const Tensor inside = Tensor::allocate(DType::kFloat32, {3, 64, 90}).value();
      ASSERT_TRUE(warp_image(image.view(), map, spec, repeated.view(), WarpBorder::kRepeat));
      ASSERT_TRUE(warp_image(around.view(), moved, spec, inside.view()));
      for (int i = 0; i < 3 * 64 * 90; ++i) {
        ASSERT_NEAR(repeated.as<float>()[i], inside.as<float>()[i], 0.03) << angle << " " << i;
      }
    }
  };
  test::for_each_simd_target(warp_all);
}

TEST(WarpImage, RefusesAMapWithoutNumbers) {
  const Image image = noise(PixelFormat::kBgr, 8, 8, 1);
  const Tensor out = Tensor::allocate(DType::kFloat32, {3, 2, 2}).value();
  EXPECT_FALSE(
      warp_image(image.view(), {.tx = std::numeric_limits<double>::infinity()}, {}, out.view()));
  EXPECT_TRUE(warp_image(image.view(), {.a = 1e308, .tx = 1e308}, {}, out.view()));
}

TEST(WarpSpan, IsEmptyForAMapThatShowsNothing) {
  // Along a row it would be inside only from column 4e37 on, and down the columns never.
  const Affine nowhere{1e-37, 0, -4.27, 0, 1, -100};
  const ops::Shown shown = ops::warp_span(nowhere, 3, 100, {0.5, 0.5}, {60, 60});
  EXPECT_EQ(shown.from, shown.to);
}

}  // namespace
}  // namespace weir
