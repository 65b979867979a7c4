#include "weir/step/move_along.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

namespace weir {
namespace {

constexpr int kWidth = 40;
constexpr int kHeight = 30;

// All pixels whose centre is inside of one of the boxes.
Mask mask_of(const std::vector<Box>& boxes) {
  std::vector<uint8_t> pixels(std::size_t{kWidth} * kHeight);
  for (int y = 0; y < kHeight; ++y) {
    for (int x = 0; x < kWidth; ++x) {
      const float cx = static_cast<float>(x) + 0.5F;
      const float cy = static_cast<float>(y) + 0.5F;
      for (const Box& box : boxes) {
        if (cx < box.x1 || cx >= box.x2 || cy < box.y1 || cy >= box.y2) continue;
        pixels[static_cast<std::size_t>(y) * kWidth + static_cast<std::size_t>(x)] = 1;
      }
    }
  }
  return Mask::encode(pixels.data(), kWidth, kWidth, kHeight).value();
}

struct MoveCase {
  std::string name;
  Box from;
  Box to;
  std::vector<Box> mask;
  std::vector<Box> expected;
};

class MaskMoves : public testing::TestWithParam<MoveCase> {};

TEST_P(MaskMoves, WithItsBox) {
  const MoveCase& row = GetParam();
  Finding finding{.box = row.from, .mask = mask_of(row.mask)};
  move_along(finding, row.from, row.to);
  EXPECT_EQ(finding.box, row.to);
  ASSERT_TRUE(finding.mask->check());
  EXPECT_EQ(*finding.mask, mask_of(row.expected));
}

INSTANTIATE_TEST_SUITE_P(
    All, MaskMoves,
    testing::Values(
        MoveCase{"stays", {5, 5, 15, 15}, {5, 5, 15, 15}, {{5, 5, 15, 15}}, {{5, 5, 15, 15}}},
        MoveCase{"right_and_down",
                 {5, 5, 15, 15},
                 {15, 10, 25, 20},
                 {{5, 5, 10, 15}, {10, 5, 15, 8}},
                 {{15, 10, 20, 20}, {20, 10, 25, 13}}},
        MoveCase{
            "twice_as_large", {5, 5, 10, 10}, {5, 5, 15, 15}, {{6, 7, 9, 8}}, {{7, 9, 13, 11}}},
        MoveCase{"half_as_large", {0, 0, 20, 20}, {0, 0, 10, 10}, {{4, 8, 12, 16}}, {{2, 4, 6, 8}}},
        MoveCase{"two_rows_of_a_column",
                 {0, 0, 10, 10},
                 {10, 5, 20, 15},
                 {{2, 1, 4, 3}, {2, 6, 4, 9}},
                 {{12, 6, 14, 8}, {12, 11, 14, 14}}},
        MoveCase{
            "out_at_the_left", {5, 5, 15, 15}, {-5, 5, 5, 15}, {{5, 5, 15, 15}}, {{0, 5, 5, 15}}},
        MoveCase{"out_at_the_corner",
                 {5, 5, 15, 15},
                 {35, 25, 45, 35},
                 {{5, 5, 15, 15}},
                 {{35, 25, 40, 30}}},
        MoveCase{"out_of_sight", {5, 5, 15, 15}, {100, 5, 110, 15}, {{5, 5, 15, 15}}, {}},
        MoveCase{
            "whole_columns", {0, 0, 10, 30}, {20, 0, 30, 30}, {{0, 0, 10, 30}}, {{20, 0, 30, 30}}},
        MoveCase{"nothing", {0, 0, 10, 10}, {5, 5, 15, 15}, {}, {}}),
    [](const auto& row) { return row.param.name; });

TEST(MoveAlong, TakesBoxPointsAndDepthsWithIt) {
  Finding finding{
      .box = Box{2, 2, 4, 4}, .keypoints = {{0, 0, 0.5F}, {10, 10}, {5, 5}}, .depths = {-3, 0, 2}};
  move_along(finding, {0, 0, 10, 10}, {100, 50, 120, 55});
  EXPECT_EQ(finding.box, (Box{104, 51, 108, 52}));
  EXPECT_EQ(finding.keypoints, (std::vector<Keypoint>{{100, 50, 0.5F}, {120, 55}, {110, 52.5F}}));
  EXPECT_EQ(finding.depths, (std::vector<float>{-6, 0, 4})) << "as the width";
}

TEST(MoveAlong, LeavesAloneWhatHasNoSizeToMoveBy) {
  const Finding before{.box = Box{2, 2, 4, 4}, .mask = mask_of({{2, 2, 4, 4}})};
  Finding finding = before;
  move_along(finding, {3, 3, 3, 9}, {0, 0, 10, 10});
  EXPECT_EQ(finding, before);
  move_along(finding, {2, 2, 4, 4}, {8, 8, 8, 8});
  EXPECT_EQ(finding.mask, before.mask) << "a box without a size leaves no mask to draw";
  // A mask whose runs do not fit its size is nobody's to repair here.
  finding.mask = Mask{4, 4, {1, 2}};
  move_along(finding, {0, 0, 2, 2}, {2, 2, 4, 4});
  EXPECT_EQ(finding.mask, (Mask{4, 4, {1, 2}}));
}

}  // namespace
}  // namespace weir
