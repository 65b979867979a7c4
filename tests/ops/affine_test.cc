#include "weir/ops/affine.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>
#include <vector>

namespace weir {
namespace {

void expect_near(Point a, Point b, double tolerance = 1e-9) {
  EXPECT_NEAR(a.x, b.x, tolerance);
  EXPECT_NEAR(a.y, b.y, tolerance);
}

TEST(Affine, InverseAndCompositionAgree) {
  std::mt19937 random(3);
  std::uniform_real_distribution<double> number(-2, 2);
  for (int round = 0; round < 200; ++round) {
    const auto any = [&] { return number(random); };
    const Affine f{any(), any(), any(), any(), any(), any()};
    const Affine g{any(), any(), any(), any(), any(), any()};
    const Point p{any(), any()};
    expect_near(compose(f, g).apply(p), f.apply(g.apply(p)));
    if (std::abs(f.determinant()) < 0.05) continue;
    expect_near(inverse(f).value().apply(f.apply(p)), p);
  }
}

TEST(Affine, WhatFlattensHasNoInverse) {
  EXPECT_FALSE(inverse({1, 2, 0, 2, 4, 0}));
  EXPECT_FALSE(inverse({std::numeric_limits<double>::quiet_NaN(), 0, 0, 0, 1, 0}));
}

TEST(Affine, SimilarityFindsTheMapThatMadeThePoints) {
  const double angle = 0.7;
  const Affine made{3 * std::cos(angle), -3 * std::sin(angle), 5,
                    3 * std::sin(angle), 3 * std::cos(angle),  -7};
  const std::vector<Point> from = {{38.2946, 51.6963}, {73.5318, 51.5014}, {56.0252, 71.7366}};
  std::vector<Point> to;
  for (const Point& point : from) to.push_back(made.apply(point));
  const Affine found = similarity(from, to).value();
  EXPECT_NEAR(found.a, made.a, 1e-9);
  EXPECT_NEAR(found.b, made.b, 1e-9);
  EXPECT_NEAR(found.tx, made.tx, 1e-9);
  EXPECT_NEAR(found.ty, made.ty, 1e-9);
}

// No turn, scale or shift near the best one is better.
TEST(Affine, SimilarityIsTheLeastSquares) {
  std::mt19937 random(11);
  std::uniform_real_distribution<double> number(0, 100);
  std::vector<Point> from(5), to(5);
  for (auto* points : {&from, &to}) {
    for (Point& point : *points) point = {number(random), number(random)};
  }
  const auto error = [&](const Affine& map) {
    double sum = 0;
    for (std::size_t i = 0; i < from.size(); ++i) {
      const Point at = map.apply(from[i]);
      sum += std::pow(at.x - to[i].x, 2) + std::pow(at.y - to[i].y, 2);
    }
    return sum;
  };
  const Affine best = similarity(from, to).value();
  EXPECT_GT(best.determinant(), 0);
  for (const double step : {-0.01, 0.01}) {
    EXPECT_GT(error({best.a + step, best.b, best.tx, best.c, best.d + step, best.ty}), error(best));
    EXPECT_GT(error({best.a, best.b - step, best.tx, best.c + step, best.d, best.ty}), error(best));
    EXPECT_GT(error({best.a, best.b, best.tx + step, best.c, best.d, best.ty}), error(best));
    EXPECT_GT(error({best.a, best.b, best.tx, best.c, best.d, best.ty + step}), error(best));
  }
}

TEST(Affine, SimilarityNeverMirrors) {
  const std::vector<Point> from = {{0, 0}, {4, 0}, {0, 1}};
  const std::vector<Point> mirrored = {{0, 0}, {4, 0}, {0, -1}};
  EXPECT_GT(similarity(from, mirrored).value().determinant(), 0);
}

TEST(Affine, SimilarityRefusesPointsThatSayNothing) {
  const std::vector<Point> one = {{1, 2}};
  const std::vector<Point> same = {{1, 2}, {1, 2}};
  const std::vector<Point> two = {{1, 2}, {3, 4}};
  EXPECT_FALSE(similarity(one, one));
  EXPECT_FALSE(similarity(same, two));
  EXPECT_FALSE(similarity(two, same));
  EXPECT_FALSE(similarity(two, one));
}

TEST(Affine, RectangleBringsCornersToCorners) {
  const double half_turn = std::acos(0.0);
  const Affine upright = rectangle({50, 60}, 40, 20, 0, 80, 10);
  expect_near(upright.apply(Point{0, 0}), {30, 50});
  expect_near(upright.apply(Point{80, 10}), {70, 70});
  // A quarter turn clockwise: what was at the left is at the top.
  const Affine turned = rectangle({50, 60}, 40, 20, half_turn, 80, 10);
  expect_near(turned.apply(Point{0, 0}), {60, 40});
  expect_near(turned.apply(Point{80, 0}), {60, 80});
  expect_near(turned.apply(Point{0, 10}), {40, 40});
}

TEST(Affine, BoxesAreSurrounded) {
  const Affine turned = rectangle({0, 0}, 2, 2, std::acos(0.0) / 2, 2, 2);
  const Box box = turned.around({0, 0, 2, 2});
  EXPECT_NEAR(box.x1, -std::sqrt(2.0), 1e-6);
  EXPECT_NEAR(box.y2, std::sqrt(2.0), 1e-6);
}

TEST(Affine, KeypointsKeepTheirScore) {
  EXPECT_EQ((Affine{2, 0, 1, 0, 2, 1}.apply(Keypoint{3, 4, 0.5F})), (Keypoint{7, 9, 0.5F}));
}

}  // namespace
}  // namespace weir
