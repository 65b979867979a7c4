#include "weir/ops/landmarks_decode.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "tests/ops/plain_detections.h"

namespace weir {
namespace {

TensorView view_of(std::vector<float>& values, const Shape& shape) {
  return {values.data(), DType::kFloat32, shape, {}, {}};
}

TEST(LandmarksDecode, ReadsWhateverShapeHoldsThePoints) {
  std::vector<float> values = {1, 2, 3, 4, 5, 6, 7, 8, 9};
  for (const Shape& shape : {Shape{1, 9}, Shape{3, 3}, Shape{1, 1, 1, 9}}) {
    Finding found;
    ASSERT_TRUE(landmarks_decode(view_of(values, shape), {.points = 3}, found));
    EXPECT_EQ(found.keypoints, (std::vector<Keypoint>{{1, 2, 1}, {4, 5, 1}, {7, 8, 1}}));
    EXPECT_EQ(found.depths, (std::vector<float>{3, 6, 9}));
  }
  Finding found;
  ASSERT_TRUE(landmarks_decode(view_of(values, {9}), {.points = 3, .keep = 2}, found));
  EXPECT_EQ(found.keypoints.size(), 2U);
  EXPECT_EQ(found.depths.size(), 2U);
  const auto wrong = landmarks_decode(view_of(values, {1, 8}), {.points = 3}, found);
  ASSERT_FALSE(wrong);
  EXPECT_NE(wrong.error().hint.find("9 numbers"), std::string::npos);
}

TEST(LandmarksDecode, TheScoreIsHowVisibleAPointIs) {
  std::vector<float> values = {1, 2, 3, 0, 9, 4, 5, 6, 2, -9, 1, 1, 1, test::kNan, 0};
  Finding found;
  ASSERT_TRUE(landmarks_decode(view_of(values, {1, 15}), {.points = 3, .numbers = 5}, found));
  const std::vector<Keypoint>& points = found.keypoints;
  EXPECT_FLOAT_EQ(points[0].score, 0.5F);
  EXPECT_FLOAT_EQ(points[1].score, 1 / (1 + std::exp(-2.0F)));
  EXPECT_EQ(points[2].score, 0);
}

// A turn leaves depths as they are, an enlargement enlarges them; a flat model has none.
TEST(LandmarksDecode, DepthsGrowWithThePicture) {
  std::vector<float> values = {1, 2, 3, 4, 5, -6};
  Finding found;
  ASSERT_TRUE(landmarks_decode(view_of(values, {6}), {.points = 2, .depth_unit = 2.5F}, found));
  to_source({.a = 0, .b = -4, .tx = 7, .c = 4, .d = 0, .ty = 9}, found);
  EXPECT_EQ(found.depths, (std::vector<float>{30, -60}));
  EXPECT_EQ(found.keypoints, (std::vector<Keypoint>{{-1, 13, 1}, {-13, 25, 1}}));
  Finding flat;
  ASSERT_TRUE(landmarks_decode(view_of(values, {6}), {.points = 3, .numbers = 2}, flat));
  EXPECT_EQ(flat.keypoints.size(), 3U);
  EXPECT_TRUE(flat.depths.empty());
}

// The centre of mass of the window, as it is defined.
Keypoint plainly(const std::vector<float>& maps, int side, int channels, int k, Keypoint point,
                 int input, float least) {
  const double cell = double(input) / side;
  const auto edge = float(input);
  const bool inside = point.x >= 0 && point.y >= 0 && point.x < edge && point.y < edge;
  if (!inside) return point;
  const int column = int(std::floor(point.x / cell));
  const int row = int(std::floor(point.y / cell));
  double sum = 0, x = 0, y = 0, most = 0;
  for (int r = row - 3; r <= row + 3; ++r) {
    for (int c = column - 3; c <= column + 3; ++c) {
      if (r < 0 || c < 0 || r >= side || c >= side) continue;
      const double logit = maps[std::size_t((r * side + c) * channels + k)];
      const double sure = std::isnan(logit) ? 0 : 1 / (1 + std::exp(-logit));
      most = std::max(most, sure);
      sum += sure;
      x += sure * c;
      y += sure * r;
    }
  }
  if (most >= double(least)) return {float(x / sum * cell), float(y / sum * cell), point.score};
  return point;
}

TEST(RefineByHeatmap, AgreesWithAPlainReference) {
  test::WildNumbers numbers(61, 50);
  constexpr int kSide = 16;
  constexpr int kPoints = 5;
  for (int round = 0; round < 60; ++round) {
    std::vector<float> maps(kSide * kSide * kPoints);
    for (float& x : maps) x = numbers.normal(-3, 1.5F);
    std::vector<Keypoint> points;
    for (int k = 0; k < kPoints; ++k) {
      points.push_back({numbers.normal(32, 20), numbers.normal(32, 20), numbers.share(4)});
    }
    std::vector<Keypoint> moved = points;
    ASSERT_TRUE(refine_by_heatmap(view_of(maps, {1, kSide, kSide, kPoints}), 64, 64,
                                  {.kernel = 7, .least = 0.4F}, moved));
    std::vector<Keypoint> again = points;
    ASSERT_TRUE(refine_by_heatmap(view_of(maps, {1, kSide, kSide, kPoints}), 64, 64,
                                  {.kernel = 7, .least = 0.4F}, again));
    EXPECT_EQ(std::memcmp(again.data(), moved.data(), moved.size() * sizeof(Keypoint)), 0);
    for (int k = 0; k < kPoints; ++k) {
      const Keypoint& point = points[std::size_t(k)];
      const Keypoint want = plainly(maps, kSide, kPoints, k, point, 64, 0.4F);
      if (std::isfinite(want.x)) {
        EXPECT_NEAR(moved[std::size_t(k)].x, want.x, 1e-2);
      }
      if (std::isfinite(want.y)) {
        EXPECT_NEAR(moved[std::size_t(k)].y, want.y, 1e-2);
      }
      EXPECT_EQ(moved[std::size_t(k)].score, want.score);
    }
  }
}

TEST(RefineByHeatmap, AWindowAsSureAsTheLeastMovesItsPoint) {
  std::vector<float> maps(8 * 8, -20.0F);
  maps[3 * 8 + 4] = 0;  // 0.5 after the sigmoid
  const auto moved_by = [&](float least) {
    std::vector<Keypoint> points = {{20, 20, 1}};
    EXPECT_TRUE(
        refine_by_heatmap(view_of(maps, {8, 8, 1}), 64, 64, {.kernel = 7, .least = least}, points));
    return points[0] != Keypoint{20, 20, 1};
  };
  EXPECT_TRUE(moved_by(0.5F));
  EXPECT_FALSE(moved_by(std::nextafter(0.5F, 1.0F)));
}

TEST(RefineByHeatmap, RefusesMapsOfFewerPoints) {
  std::vector<float> maps(4 * 4 * 2);
  std::vector<Keypoint> points(3);
  EXPECT_FALSE(refine_by_heatmap(view_of(maps, {1, 4, 4, 2}), 16, 16, {}, points));
  points.resize(2);
  EXPECT_TRUE(refine_by_heatmap(view_of(maps, {1, 4, 4, 2}), 16, 16, {}, points));
}

}  // namespace
}  // namespace weir
