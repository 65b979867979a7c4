#include "weir/ops/detections.h"

#include <gtest/gtest.h>

#include "tests/ops/plain_detections.h"

namespace weir {
namespace {

const ResizePlan kSame = plan_resize(ResizePolicy::kStretch, 100, 100, 100, 100).value();

TEST(Detections, AgreeWithTheDefinition) {
  test::WildNumbers numbers(7);
  const ResizePlan plan = test::letterboxed(416);
  for (int round = 0; round < 60; ++round) {
    Candidates candidates;
    std::vector<test::Proposal> proposals;
    for (int i = numbers.below(150); i > 0; --i) {
      // Halves and quarters, so that boxes are equal now and then and nothing is rounded.
      const auto place = [&] { return std::round(numbers.normal(200, 100)); };
      const float x = place(), y = place(), x2 = x + float(numbers.below(90)),
                  y2 = y + float(numbers.below(90));
      const float score = numbers.below(50) == 0 ? numbers.normal() : numbers.share(8);
      const int label = numbers.below(3);
      candidates.add({x, y, x2, y2}, score, label);
      proposals.push_back({x, y, x2, y2, score, label});
    }
    for (const DetectionSpec& spec : test::specs_to_try()) {
      test::expect_same(detections(candidates, spec, plan),
                        test::plain_detections(proposals, spec, plan));
      EXPECT_EQ(detections(candidates, spec, plan), detections(candidates, spec, plan));
    }
  }
}

TEST(Detections, AScoreAtTheThresholdStays) {
  Candidates candidates;
  candidates.add({0, 0, 10, 10}, 0.3F, 0);
  EXPECT_EQ(detections(candidates, {.score = 0.3F}, kSame).size(), 1U);
  EXPECT_TRUE(detections(candidates, {.score = std::nextafter(0.3F, 1.0F)}, kSame).empty());
  EXPECT_TRUE(detections({}, {}, kSame).empty());
}

TEST(Detections, OfEqualScoresTheFirstGoIntoTheSuppression) {
  Candidates candidates;
  for (int i = 0; i < 10; ++i) {
    const auto x = static_cast<float>(10 * i);
    candidates.add({x, 0, x + 5, 5}, 0.5F, i);
  }
  for (const float iou : {0.5F, 1.0F}) {
    const auto found = detections(candidates, {.iou = iou, .candidates = 3}, kSame);
    ASSERT_EQ(found.size(), 3U);
    for (int i = 0; i < 3; ++i) EXPECT_EQ(found[std::size_t(i)].best->label_id, i);
  }
}

TEST(Detections, WhatLiesOutsideOfThePictureIsNothing) {
  Candidates candidates;
  candidates.add({-20, 0, 0, 10}, 0.9F, 0);
  candidates.add({90, 90, 200, 200}, 0.8F, 0);
  candidates.add({50, 50, 50, 60}, 0.8F, 0);
  const auto found = detections(candidates, {}, kSame);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(*found[0].box, (Box{90, 90, 100, 100}));
}

TEST(BestClass, IsTheFirstOfEqualsAndNeverANan) {
  const float values[] = {test::kNan, 1, 3, 3, test::kNan, 2};
  EXPECT_EQ(best_class(values, 6).label_id, 2);
  EXPECT_EQ(best_class(values, 3, 2).label_id, 1);  // NaN, 3, NaN
  EXPECT_EQ(best_class(values, 1).label_id, -1);
  EXPECT_EQ(best_class(values, 0).label_id, -1);
}

}  // namespace
}  // namespace weir
