#include "weir/ops/project_mask.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

namespace weir {
namespace {

TensorView view_of(std::vector<float>& values, const Shape& shape) {
  return {values.data(), DType::kFloat32, shape, {}, {}};
}

TEST(ProjectMask, APixelThatShowsAnElementIsOfItsSign) {
  std::mt19937 random(11);
  std::normal_distribution<float> normal;
  std::vector<float> logits(6 * 4);
  for (float& x : logits) x = normal(random);
  // Element for pixel, moved by two to the right and one down.
  const Affine map{1, 0, 2, 0, 1, 1};
  const auto pixels = project_mask(view_of(logits, {1, 6, 4, 1}), map, 9, 8)->decode().value();
  for (int y = 0; y < 8; ++y) {
    for (int x = 0; x < 9; ++x) {
      const bool inside = x >= 2 && x < 6 && y >= 1 && y < 7;
      const bool wanted = inside && logits[std::size_t((y - 1) * 4 + x - 2)] > 0;
      EXPECT_EQ(pixels[std::size_t(y * 9 + x)], wanted) << x << ' ' << y;
    }
  }
  EXPECT_EQ(project_mask(view_of(logits, {1, 1, 6, 4}), map, 9, 8).value(),
            project_mask(view_of(logits, {6, 4}), map, 9, 8).value());
}

TEST(ProjectMask, ACircleStaysACircleHoweverTheInputLay) {
  std::vector<float> logits(64 * 64);
  for (int y = 0; y < 64; ++y) {
    for (int x = 0; x < 64; ++x) {
      logits[std::size_t(y * 64 + x)] = 20 - float(std::hypot(x + 0.5 - 32, y + 0.5 - 32));
    }
  }
  for (const double angle : {0.0, 0.5, 2.0}) {
    const Affine map = rectangle({100, 70}, 128, 128, angle, 64, 64);
    const Mask mask = project_mask(view_of(logits, {64, 64}), map, 200, 150).value();
    EXPECT_NEAR(double(mask.area()), 3.14159265 * 40 * 40, 60);
    const auto pixels = mask.decode().value();
    for (int y = 0; y < 150; ++y) {
      for (int x = 0; x < 200; ++x) {
        const double distance = std::hypot(x + 0.5 - 100, y + 0.5 - 70);
        if (distance < 39) {
          ASSERT_EQ(pixels[std::size_t(y * 200 + x)], 1);
        }
        if (distance > 41) {
          ASSERT_EQ(pixels[std::size_t(y * 200 + x)], 0);
        }
      }
    }
  }
}

TEST(ProjectMask, WhatLiesOutsideIsEmptyAndWhatIsFlatAnError) {
  std::vector<float> logits(16, 1.0F);
  EXPECT_EQ(project_mask(view_of(logits, {4, 4}), {1, 0, 500, 0, 1, 0}, 20, 20)->area(), 0);
  EXPECT_FALSE(project_mask(view_of(logits, {4, 4}), {0, 0, 0, 0, 0, 0}, 20, 20));
  EXPECT_FALSE(project_mask(view_of(logits, {4, 4}), {}, 0, 20));
  EXPECT_FALSE(project_mask(view_of(logits, {2, 2, 4}), {}, 20, 20));
  std::vector<float> none;
  EXPECT_EQ(project_mask(view_of(none, {0, 0}), {}, 20, 20)->area(), 0);
}

}  // namespace
}  // namespace weir
