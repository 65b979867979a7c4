#include "weir/ops/text_quad.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numbers>

namespace weir {
namespace {

constexpr double kPi = std::numbers::pi;

// A rectangle whose side 0 to 1 runs at an angle, given from corner `first` on.
std::array<Point, 4> rectangle_at(double width, double height, double degrees, std::size_t first) {
  const double c = std::cos(degrees * kPi / 180);
  const double s = std::sin(degrees * kPi / 180);
  const std::array<Point, 4> at = {{{-width / 2, -height / 2},
                                    {width / 2, -height / 2},
                                    {width / 2, height / 2},
                                    {-width / 2, height / 2}}};
  std::array<Point, 4> turned;
  for (std::size_t i = 0; i < 4; ++i) {
    const Point& p = at[(i + first) % 4];
    turned[i] = {p.x * c - p.y * s + 200, p.x * s + p.y * c + 200};
  }
  return turned;
}

TEST(TextQuad, ALongLineIsReadAlongItsLongSideWhicheverCornerIsFirst) {
  // Where the text runs, and where it is taken to run: rightwards, or downwards near upright.
  const struct {
    double degrees, read;
  } cases[] = {{0, 0},     {30, 30},   {74, 74},   {90, 90},  {104, 104}, {106, -74},
               {-30, -30}, {-74, -74}, {-76, 104}, {-90, 90}, {180, 0},   {150, -30}};
  for (const auto& c : cases) {
    for (std::size_t first = 0; first < 4; ++first) {
      const TextQuad quad = read_along(rectangle_at(100, 20, c.degrees, first));
      EXPECT_NEAR(quad.angle() * 180 / kPi, c.read, 1e-6) << c.degrees << " from " << first;
      EXPECT_NEAR(quad.width(), 100, 1e-9);
      EXPECT_NEAR(quad.height(), 20, 1e-9);
    }
  }
}

TEST(TextQuad, ABoxThatIsNotLongIsReadAlongTheSideNearestToLevel) {
  for (const double degrees : {-44.0, 0.0, 44.0}) {
    for (std::size_t first = 0; first < 4; ++first) {
      const TextQuad quad = read_along(rectangle_at(24, 20, degrees, first));
      EXPECT_NEAR(quad.angle() * 180 / kPi, degrees, 1e-6);
      EXPECT_NEAR(quad.width(), 24, 1e-9);
    }
  }
  EXPECT_NEAR(read_along(rectangle_at(20, 24, 0, 3)).height(), 24, 1e-9);
}

TEST(TextQuad, ABoxIsALineAndATallOneIsReadDownwards) {
  Finding finding;
  finding.box = Box{10, 20, 110, 50};
  const TextQuad level = text_quad(finding).value();
  EXPECT_EQ(level.corners[0], (Point{10, 20}));
  EXPECT_EQ(level.corners[2], (Point{110, 50}));
  finding.box = Box{10, 20, 30, 50};  // exactly 1.5
  const TextQuad tall = text_quad(finding).value();
  EXPECT_EQ(tall.corners[0], (Point{30, 20}));
  EXPECT_EQ(tall.corners[1], (Point{30, 50}));
  EXPECT_NEAR(tall.angle(), kPi / 2, 1e-9);
  finding.box = Box{10, 20, 30, 49.9F};
  EXPECT_EQ(text_quad(finding).value().corners[0], (Point{10, 20}));
  EXPECT_EQ(text_quad(20, 100).corners[0], (Point{20, 0}));
  EXPECT_EQ(text_quad(100, 20).corners[0], (Point{0, 0}));
}

TEST(TextQuad, CornersOfAFindingStayAsTheyStand) {
  Finding finding;
  set_quad(finding, TextQuad{rectangle_at(100, 20, 180, 0)}, 1000, 1000);
  EXPECT_NEAR(std::abs(text_quad(finding).value().angle()), kPi, 1e-6);
  EXPECT_FLOAT_EQ(finding.box->x1, 150);
  EXPECT_FLOAT_EQ(finding.box->y2, 210);
}

TEST(TextQuad, TheBoxIsClippedAndTheCornersAreNot) {
  Finding finding;
  set_quad(finding, TextQuad{{{{-10, -5}, {50, -5}, {50, 15}, {-10, 15}}}}, 40, 10);
  EXPECT_EQ(*finding.box, (Box{0, 0, 40, 10}));
  EXPECT_FLOAT_EQ(finding.keypoints[0].x, -10);
}

TEST(TextQuad, WhatHasNoAreaIsNoLine) {
  Finding finding;
  EXPECT_FALSE(text_quad(finding));
  finding.box = Box{10, 10, 10, 30};
  EXPECT_FALSE(text_quad(finding));
  finding.box = Box{10, 10, std::numeric_limits<float>::quiet_NaN(), 30};
  EXPECT_FALSE(text_quad(finding));
  finding.box = Box{10, 10, std::numeric_limits<float>::infinity(), 30};
  EXPECT_FALSE(text_quad(finding));
}

TEST(TextQuad, TheCropLiesOnTheCorners) {
  for (const double degrees : {0.0, 33.0, 90.0, 200.0}) {
    const TextQuad quad{rectangle_at(120, 30, degrees, 0)};
    const Affine map = crop_to_source(quad, 192, 48);
    const Point from[] = {{0, 0}, {192, 0}, {192, 48}, {0, 48}};
    for (std::size_t i = 0; i < 4; ++i) {
      EXPECT_NEAR(map.apply(from[i]).x, quad.corners[i].x, 1e-9);
      EXPECT_NEAR(map.apply(from[i]).y, quad.corners[i].y, 1e-9);
    }
  }
  // Of a quadrilateral that is none, the error is the same at all four corners.
  const TextQuad odd{{{{0, 0}, {100, 4}, {100, 20}, {0, 20}}}};
  const Affine map = crop_to_source(odd, 100, 20);
  EXPECT_NEAR(std::abs(map.apply(Point{100, 0}).y - 4), std::abs(map.apply(Point{0, 0}).y), 1e-9);
}

TEST(TextQuad, AHalfTurnBeginsAtTheOtherEnd) {
  const TextQuad quad{rectangle_at(100, 20, 0, 0)};
  EXPECT_EQ(quad.turned(2).corners[0], quad.corners[2]);
  EXPECT_EQ(quad.turned(-1).corners[0], quad.corners[3]);
  EXPECT_EQ(quad.turned(4), quad);
}

}  // namespace
}  // namespace weir
