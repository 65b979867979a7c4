#include "weir/ops/face_alignment.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

namespace weir {
namespace {

// The template seen by `map`.
Finding face_of(const Affine& map) {
  Finding face;
  for (const Point& point : kFaceTemplate) {
    const Point there = map.apply(point);
    face.keypoints.push_back({float(there.x), float(there.y)});
  }
  return face;
}

TEST(AlignFace, FindsTheSimilarityThatMadeTheFace) {
  std::mt19937 random(5);
  std::uniform_real_distribution<double> number(-1, 1);
  for (int round = 0; round < 100; ++round) {
    const double angle = 3.1 * number(random);
    const double scale = 0.2 + 3 * std::abs(number(random));
    const Affine made{scale * std::cos(angle), -scale * std::sin(angle), 500 * number(random),
                      scale * std::sin(angle), scale * std::cos(angle),  500 * number(random)};
    const Affine found = align_face(face_of(made), 112, 112).value();
    for (const Point corner : {Point{0, 0}, Point{112, 0}, Point{60, 112}}) {
      EXPECT_NEAR(found.apply(corner).x, made.apply(corner).x, 1e-2);
      EXPECT_NEAR(found.apply(corner).y, made.apply(corner).y, 1e-2);
    }
  }
}

TEST(AlignFace, TheTemplateIsThatOfTheTrainedCrops) {
  // The published places count from the centre of the first pixel.
  EXPECT_DOUBLE_EQ(kFaceTemplate[0].x - 0.5, 38.2946);
  EXPECT_DOUBLE_EQ(kFaceTemplate[2].y - 0.5, 71.7366);
  EXPECT_DOUBLE_EQ(kFaceTemplate[4].x - 0.5, 70.7299);
}

TEST(AlignFace, OtherSizesScaleTheTemplate) {
  const Affine small = align_face(face_of({}), 56, 56).value();
  EXPECT_NEAR(small.apply(Point{56, 56}).x, 112, 1e-4);
  const Affine wide = align_face(face_of({}), 128, 112).value();
  EXPECT_NEAR(wide.apply(Point{8, 0}).x, 0, 1e-4);
}

TEST(AlignFace, SixPointsHaveAMouthInTheMiddle) {
  Finding face = face_of({2, 0, 30, 0, 2, 40});
  const Keypoint mouth{(face.keypoints[3].x + face.keypoints[4].x) / 2,
                       (face.keypoints[3].y + face.keypoints[4].y) / 2};
  face.keypoints[3] = mouth;
  face.keypoints[4] = {0, 0};  // an ear, of which nothing is known
  face.keypoints.push_back({0, 0});
  const Affine found = align_face(face, 112, 112).value();
  EXPECT_NEAR(found.apply(Point{112, 112}).x, 254, 1e-3);
  EXPECT_NEAR(found.apply(Point{112, 112}).y, 264, 1e-3);
}

TEST(AlignFace, WhatIsNoFaceIsAnErrorThatCounts) {
  const auto none = align_face({.box = Box{0, 0, 9, 9}}, 112, 112);
  ASSERT_FALSE(none);
  EXPECT_NE(none.error().message.find("0 points"), std::string::npos);
  Finding face = face_of({});
  face.keypoints[2].x = std::numeric_limits<float>::quiet_NaN();
  EXPECT_FALSE(align_face(face, 112, 112));
  face.keypoints.assign(5, Keypoint{3, 3});
  EXPECT_FALSE(align_face(face, 112, 112));
}

}  // namespace
}  // namespace weir
