#include "weir/ops/region.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numbers>
#include <random>

namespace weir {
namespace {

constexpr RegionSpec kHand{.start = 0, .end = 1, .target_deg = 90, .scale = 2.6, .shift_y = -0.5};

void expect_near(Point a, Point b, double tolerance = 1e-4) {
  EXPECT_NEAR(a.x, b.x, tolerance);
  EXPECT_NEAR(a.y, b.y, tolerance);
}

TEST(RegionAround, AnUprightBoxIsASquareAroundIt) {
  const Finding face{.box = Box{100, 50, 140, 130}};
  const Affine map = region_around(face, {.scale = 1.5}, 192, 192).value();
  expect_near(map.apply(Point{0, 0}), {120 - 60, 90 - 60});
  expect_near(map.apply(Point{192, 192}), {120 + 60, 90 + 60});
}

TEST(RegionAround, TheShiftCountsInSidesOfTheBox) {
  const Finding palm{.box = Box{0, 0, 40, 20}, .keypoints = {{20, 20}, {20, 0}}};
  const Affine map = region_around(palm, kHand, 100, 100).value();
  expect_near(map.apply(Point{50, 50}), {20, 10 - 0.5 * 20});
  EXPECT_NEAR(map.a * 100, 2.6 * 40, 1e-4);
}

TEST(RegionAround, TheShiftTurnsWithTheRegion) {
  // Its own right is the picture's down, its own up the picture's right.
  const Finding palm{.box = Box{0, 0, 40, 20}, .keypoints = {{0, 10}, {30, 10}}};
  RegionSpec spec = kHand;
  spec.shift_x = 0.25;
  const Affine map = region_around(palm, spec, 100, 100).value();
  expect_near(map.apply(Point{50, 50}), {20 + 0.5 * 20, 10 + 0.25 * 40});
}

TEST(RegionAround, TurnsTheKeypointsIntoTheirDirection) {
  std::mt19937 random(3);
  std::uniform_real_distribution<double> angles(-std::numbers::pi, std::numbers::pi);
  for (int round = 0; round < 100; ++round) {
    const double angle = angles(random);
    const Point first{200, 100};
    const Point second{200 + 30 * std::cos(angle), 100 + 30 * std::sin(angle)};
    const Finding palm{
        .box = Box{180, 80, 220, 120},
        .keypoints = {{float(first.x), float(first.y)}, {float(second.x), float(second.y)}}};
    const Affine to_input = inverse(region_around(palm, kHand, 224, 224).value()).value();
    const Point a = to_input.apply(first);
    const Point b = to_input.apply(second);
    EXPECT_NEAR(a.x, b.x, 1e-3);  // upright
    EXPECT_LT(b.y, a.y);          // and not upside down
    EXPECT_GT(to_input.determinant(), 0);
    // The palm is half of its side below the middle.
    expect_near(to_input.apply(Point{200, 100}), {112, 112 + 0.5 * 224 / 2.6}, 1e-3);
  }
}

TEST(RegionAround, AlignedTakesTheCircleThroughItsPoints) {
  const RegionSpec body{.start = 0, .end = 1, .target_deg = 90, .aligned = true, .scale = 1.25};
  const Finding person{.box = Box{0, 0, 10, 10}, .keypoints = {{300, 200}, {400, 200}}};
  const Affine map = region_around(person, body, 256, 256).value();
  expect_near(map.apply(Point{128, 128}), {300, 200});
  // Upwards in the input is to the right in the source: 100, of a half side of 125.
  expect_near(map.apply(Point{128, 128 - 128 / 1.25}), {400, 200});
  // Without the points it is the box.
  const Finding plain{.box = Box{0, 0, 10, 20}};
  expect_near(region_around(plain, body, 256, 256)->apply(Point{128, 128}), {5, 10});
}

TEST(RegionAround, MirrorsWhatIsAskedFor) {
  const Finding eye{.box = Box{0, 0, 10, 10}};
  const Affine plain = region_around(eye, {}, 64, 64).value();
  const Affine mirrored = region_around(eye, {.mirror = true}, 64, 64).value();
  expect_near(mirrored.apply(Point{10, 20}), plain.apply(Point{54, 20}));
  EXPECT_LT(mirrored.determinant(), 0);
}

TEST(RegionAround, WhatHasNoPlaceIsAnError) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  EXPECT_FALSE(region_around({}, {}, 64, 64));
  EXPECT_FALSE(region_around({.box = Box{5, 5, 5, 9}}, {}, 64, 64));
  EXPECT_FALSE(region_around({.box = Box{nan, 5, 6, 9}}, {}, 64, 64));
  // Points that are no place leave the box as it lies.
  const Finding odd{.box = Box{0, 0, 10, 10}, .keypoints = {{nan, 0}, {1, 1}}};
  EXPECT_EQ(region_around(odd, kHand, 64, 64)->b, 0);
  const Finding same{.box = Box{0, 0, 10, 10}, .keypoints = {{1, 1}, {1, 1}}};
  EXPECT_EQ(region_around(same, kHand, 64, 64)->b, 0);
}

TEST(RegionBetween, IsTheSquareAroundTwoPoints) {
  const Affine map = region_between({10, 10}, {10, 30}, {.scale = 2.3}, 64, 64).value();
  expect_near(map.apply(Point{32, 32}), {10, 20});
  // The way from the first to the second goes to the right in the input.
  expect_near(map.apply(Point{32 + 32 / 2.3, 32}), {10, 30});
  EXPECT_FALSE(region_between({1, 1}, {1, 1}, {}, 64, 64));
}

}  // namespace
}  // namespace weir
