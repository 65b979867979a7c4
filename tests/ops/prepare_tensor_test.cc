#include "weir/ops/prepare_tensor.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <vector>

#include "tests/ops/plain_detections.h"

namespace weir {
namespace {

template <class T>
TensorView view_of(std::vector<T>& values, const Shape& shape) {
  return {values.data(), kDTypeOf<T>, shape, {}, {}};
}

// Pixel (x, y) of channel c in the definition: bilinear between the centres, clamped at the border.
double plainly(const std::vector<float>& from, int rows, int columns, int c, double y, double x) {
  const auto pixel = [&](int row, int column) {
    row = std::clamp(row, 0, rows - 1);
    column = std::clamp(column, 0, columns - 1);
    return double{from[std::size_t((c * rows + row) * columns + column)]};
  };
  const int x0 = int(std::floor(x)), y0 = int(std::floor(y));
  const double u = x - x0, v = y - y0;
  return (pixel(y0, x0) * (1 - u) + pixel(y0, x0 + 1) * u) * (1 - v) +
         (pixel(y0 + 1, x0) * (1 - u) + pixel(y0 + 1, x0 + 1) * u) * v;
}

TEST(PrepareTensor, AgreesWithTheDefinition) {
  test::WildNumbers numbers(41, 0);
  for (int round = 0; round < 60; ++round) {
    const int channels = 1 + numbers.below(6);
    const int rows = 1 + numbers.below(9), columns = 1 + numbers.below(9);
    const int height = 1 + numbers.below(9), width = 1 + numbers.below(9);
    std::vector<float> from;
    for (int i = 0; i < channels * rows * columns; ++i) from.push_back(numbers.normal());
    PrepareTensorSpec spec;
    spec.scale = 0.5F;
    for (int c = 0; c < channels; ++c) spec.mean.push_back(numbers.normal());
    spec.std = {2};
    std::vector<float> out(std::size_t(channels * height * width));
    ASSERT_TRUE(prepare_tensor(view_of(from, {channels, rows, columns}), spec,
                               view_of(out, {1, channels, height, width})));
    std::vector<float> nhwc(out.size());
    spec.to = TensorLayout::kNhwc;
    ASSERT_TRUE(prepare_tensor(view_of(from, {1, channels, rows, columns}), spec,
                               view_of(nhwc, {1, height, width, channels})));
    for (int c = 0; c < channels; ++c) {
      for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
          const double value = plainly(from, rows, columns, c, (y + 0.5) * rows / height - 0.5,
                                       (x + 0.5) * columns / width - 0.5);
          const double wanted = (value * 0.5 - spec.mean[std::size_t(c)]) / 2;
          ASSERT_NEAR(out[std::size_t((c * height + y) * width + x)], wanted, 1e-5);
          ASSERT_NEAR(nhwc[std::size_t((y * width + x) * channels + c)], wanted, 1e-5);
        }
      }
    }
  }
}

TEST(PrepareTensor, TakesNumbersOfManyTypes) {
  std::vector<float> out(8);
  const auto first_of = [&](auto values) {
    const auto plan = prepare_tensor(view_of(values, {2, 2, 2}), {}, view_of(out, {1, 2, 2, 2}));
    EXPECT_TRUE(plan) << plan.error().to_string();
    return out[7];
  };
  EXPECT_EQ(first_of(std::vector<uint8_t>(8, 200)), 200);
  EXPECT_EQ(first_of(std::vector<int8_t>(8, -3)), -3);
  EXPECT_EQ(first_of(std::vector<uint16_t>(8, 60000)), 60000);
  EXPECT_EQ(first_of(std::vector<int16_t>(8, -300)), -300);
  EXPECT_EQ(first_of(std::vector<int32_t>(8, -70000)), -70000);
  EXPECT_EQ(first_of(std::vector<double>(8, 0.25)), 0.25F);
}

TEST(PrepareTensor, SaysWhatItFoundAndWhatItExpects) {
  std::vector<float> x(1000);
  std::vector<uint64_t> wide(100);
  const TensorView five = view_of(x, {1, 5, 4, 4});
  const auto message = [&](const TensorView& from, const PrepareTensorSpec& spec) {
    const auto plan = prepare_tensor(from, spec, five);
    return plan ? "" : plan.error().to_string();
  };
  EXPECT_EQ(message(view_of(x, {5, 9, 9}), {}), "");
  EXPECT_EQ(message(view_of(x, {3, 4, 4}), {}),
            "a tensor of 3x4x4 has 3 channels, the model takes 5");
  EXPECT_EQ(message(view_of(x, {5, 4}), {}),
            "a tensor of 5x4 has no planes; 1xCxHxW or CxHxW is expected");
  EXPECT_EQ(message(view_of(x, {2, 5, 4, 4}), {}),
            "a tensor of 2x5x4x4 has no planes; 1xCxHxW or CxHxW is expected");
  EXPECT_EQ(message(view_of(wide, {5, 4, 4}), {}),
            "a tensor of uint64 cannot be prepared; convert it to float32");
  PrepareTensorSpec spec;
  spec.mean = {1, 2, 3};
  EXPECT_EQ(message(five, spec),
            "input.mean has 3 values for 5 channels; write one value, or one a channel");
  spec.mean = {};
  spec.std = {0};
  EXPECT_EQ(message(five, spec), "input.std has a 0.000000");
}

TEST(StackImages, PutsChannelsOneAfterAnother) {
  const Image colour = Image::allocate(PixelFormat::kBgr, 3, 2).value();
  const Image grey = Image::allocate(PixelFormat::kGrey, 3, 2).value();
  for (int y = 0; y < 2; ++y) {
    for (int x = 0; x < 3; ++x) {
      for (int c = 0; c < 3; ++c) {
        colour.view().row(0, y)[3 * x + c] = uint8_t(100 * c + 10 * y + x);
      }
      grey.view().row(0, y)[x] = uint8_t(77 + x);
    }
  }
  const ImageView views[] = {grey.view(), colour.view(), grey.view()};
  const Tensor stack = stack_images(views).value();
  ASSERT_EQ(stack.shape(), (Shape{5, 2, 3}));
  const auto at = [&](int c, int y, int x) {
    return int{stack.as<uint8_t>()[(c * 2 + y) * 3 + x]};
  };
  EXPECT_EQ(at(0, 1, 2), 79);
  EXPECT_EQ(at(1, 1, 2), 212);  // red, the last of BGR
  EXPECT_EQ(at(2, 1, 2), 112);
  EXPECT_EQ(at(3, 1, 2), 12);
  EXPECT_EQ(at(4, 0, 0), 77);
}

TEST(StackImages, AreEquallyLarge) {
  const Image a = Image::allocate(PixelFormat::kGrey, 3, 2).value();
  const Image b = Image::allocate(PixelFormat::kGrey, 2, 3).value();
  const ImageView views[] = {a.view(), b.view()};
  EXPECT_EQ(stack_images(views).error().to_string(),
            "pictures of 3x2 and 2x3 cannot be stacked; they have to be equally large");
  EXPECT_EQ(stack_images({}).error().to_string(), "no pictures to stack");
  const ImageView turned[] = {a.view(), b.rotated(Rotation::k90).view()};
  EXPECT_TRUE(stack_images(turned));
}

}  // namespace
}  // namespace weir
