#include "weir/ops/nms.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <random>
#include <vector>

namespace weir {
namespace {

const float kNan = std::numeric_limits<float>::quiet_NaN();

// The definition: take the best that is left, strike out what overlaps it, again.
std::vector<std::size_t> by_definition(const std::vector<Box>& boxes,
                                       const std::vector<float>& scores,
                                       const std::vector<int32_t>& classes, float threshold) {
  std::vector<bool> gone(boxes.size(), false);
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    const Box& b = boxes[i];
    gone[i] = !(b.x1 - b.x1 + b.y1 - b.y1 + b.x2 - b.x2 + b.y2 - b.y2 + scores[i] - scores[i] == 0);
  }
  std::vector<std::size_t> kept;
  while (true) {
    std::size_t best = boxes.size();
    for (std::size_t i = 0; i < boxes.size(); ++i) {
      if (!gone[i] && (best == boxes.size() || scores[i] > scores[best])) best = i;
    }
    if (best == boxes.size()) return kept;
    kept.push_back(best);
    gone[best] = true;
    for (std::size_t i = 0; i < boxes.size(); ++i) {
      const Box& a = boxes[best];
      const Box& b = boxes[i];
      const double w = std::max(0.0F, std::min(a.x2, b.x2) - std::max(a.x1, b.x1));
      const double h = std::max(0.0F, std::min(a.y2, b.y2) - std::max(a.y1, b.y1));
      const double either = double{a.area()} + double{b.area()} - w * h;
      if (classes[i] == classes[best] && w * h > 0 && w * h / either > double{threshold})
        gone[i] = true;
    }
  }
}

TEST(Nms, KeepsWhatTheDefinitionKeeps) {
  std::mt19937 random(29);
  for (int round = 0; round < 300; ++round) {
    std::vector<Box> boxes;
    std::vector<float> scores;
    std::vector<int32_t> classes;
    const auto count = random() % 60;
    for (unsigned i = 0; i < count; ++i) {
      // A coarse grid, so that boxes and scores tie often.
      const auto x = static_cast<float>(random() % 12);
      const auto y = static_cast<float>(random() % 12);
      boxes.push_back(
          {x, y, x + static_cast<float>(random() % 8), y + static_cast<float>(random() % 8)});
      scores.push_back(random() % 20 == 0 ? kNan : static_cast<float>(random() % 5) / 4);
      classes.push_back(static_cast<int32_t>(random() % 3));
      if (random() % 20 == 0) boxes.back().y2 = kNan;
    }
    // A threshold that no ratio of such small areas equals.
    ASSERT_EQ(nms(boxes, scores, classes, {.iou = 0.4567F}),
              by_definition(boxes, scores, classes, 0.4567F));
  }
}

TEST(Nms, TiesStayInTheirOrder) {
  const std::vector<Box> boxes(3, Box{0, 0, 10, 10});
  const std::vector<float> scores(3, 0.5F);
  EXPECT_EQ(nms(boxes, scores, {}), std::vector<std::size_t>{0});
  EXPECT_EQ(nms(boxes, scores, {}, {.iou = 1}), (std::vector<std::size_t>{0, 1, 2}));
}

TEST(Nms, ClassesMayBeIgnored) {
  const std::vector<Box> boxes(2, Box{0, 0, 10, 10});
  const std::vector<float> scores{0.5F, 0.9F};
  const std::vector<int32_t> classes{1, 2};
  EXPECT_EQ(nms(boxes, scores, classes).size(), 2U);
  EXPECT_EQ(nms(boxes, scores, classes, {.per_class = false}), std::vector<std::size_t>{1});
}

TEST(Nms, StopsAtTheGivenCount) {
  std::vector<Box> boxes;
  std::vector<float> scores;
  for (int i = 0; i < 10; ++i) {
    const auto x = static_cast<float>(20 * i);
    boxes.push_back({x, 0, x + 10, 10});
    scores.push_back(static_cast<float>(i));
  }
  EXPECT_EQ(nms(boxes, scores, {}, {.max_count = 2}), (std::vector<std::size_t>{9, 8}));
  EXPECT_TRUE(nms({}, {}, {}).empty());
}

}  // namespace
}  // namespace weir
