#include "weir/ops/box.h"

#include <gtest/gtest.h>

#include <limits>

namespace weir {
namespace {

TEST(Iou, IsTheSharedPartOfBothAreas) {
  EXPECT_FLOAT_EQ(iou(Box{0, 0, 2, 2}, Box{1, 0, 3, 2}), 1.0F / 3);
  EXPECT_EQ(iou(Box{0, 0, 2, 2}, Box{2, 0, 4, 2}), 0);
  EXPECT_EQ(iou(Box{1, 1, 1, 1}, Box{0, 0, 2, 2}), 0);
  EXPECT_EQ(iou(Box{2, 2, 0, 0}, Box{0, 0, 2, 2}), 0);
  EXPECT_EQ(iou(Box{std::numeric_limits<float>::quiet_NaN(), 0, 2, 2}, Box{0, 0, 2, 2}), 0);
}

TEST(Iou, CanCountTheLastPixelOfABox) {
  EXPECT_EQ(iou(Box{0, 0, 1, 1}, Box{1, 1, 2, 2}), 0);
  EXPECT_FLOAT_EQ(iou(Box{0, 0, 1, 1}, Box{1, 1, 2, 2}, 1), 1.0F / 7);
}

TEST(Box, IsProperWhenItIsFiniteAndHasAnArea) {
  const float infinite = std::numeric_limits<float>::infinity();
  const float nan = std::numeric_limits<float>::quiet_NaN();
  EXPECT_TRUE(is_proper(Box{0, 0, 1, 1}));
  EXPECT_FALSE(is_proper(Box{0, 0, 0, 1}));
  EXPECT_FALSE(is_proper(Box{2, 0, 1, 1}));
  EXPECT_FALSE(is_proper(Box{0, 0, infinite, 1}));
  EXPECT_FALSE(is_proper(Box{0, nan, 1, 1}));
}

}  // namespace
}  // namespace weir
