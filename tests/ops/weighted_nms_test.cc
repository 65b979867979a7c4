#include "weir/ops/weighted_nms.h"

#include <gtest/gtest.h>

#include "tests/ops/plain_detections.h"
#include "tests/ops/plain_nms.h"

namespace weir {
namespace {

TEST(WeightedNms, AgreesWithAPlainReference) {
  test::WildNumbers numbers(53, 100);
  for (int round = 0; round < 60; ++round) {
    std::vector<Box> boxes;
    std::vector<float> scores;
    for (int i = 0; i < 80; ++i) {
      const float x = numbers.normal(50, 25);
      const float y = numbers.normal(50, 25);
      boxes.push_back({x, y, x + 3 + 20 * numbers.share(8), y + 3 + 20 * numbers.share(8)});
      scores.push_back(numbers.below(20) == 0 ? numbers.normal() : numbers.share(9));
    }
    for (const WeightedNmsSpec& spec :
         {WeightedNmsSpec{.iou = 0.3F}, {.iou = 0}, {.iou = 0.9F, .max_count = 5}}) {
      const auto found = weighted_nms(boxes, scores, spec);
      const auto wanted = test::plain_weighted_nms(boxes, scores, spec);
      ASSERT_EQ(found.size(), wanted.size());
      for (std::size_t i = 0; i < found.size(); ++i) {
        EXPECT_EQ(found[i].score, wanted[i].score);
        EXPECT_NEAR(found[i].box.x1, wanted[i].box.x1, 1e-3);
        EXPECT_NEAR(found[i].box.y2, wanted[i].box.y2, 1e-3);
        ASSERT_EQ(found[i].members.size(), wanted[i].members.size());
        for (const auto& [member, weight] : wanted[i].members) {
          const auto same =
              std::find_if(found[i].members.begin(), found[i].members.end(),
                           [&m = member](const auto& other) { return other.first == m; });
          ASSERT_NE(same, found[i].members.end());
          EXPECT_NEAR(same->second, weight, 1e-6);
        }
      }
    }
  }
}

TEST(WeightedNms, BlendsByScoreAndKeepsTheBestScore) {
  const std::vector<Box> boxes = {{0, 0, 10, 10}, {2, 0, 12, 10}, {50, 50, 60, 60}};
  const std::vector<float> scores = {0.9F, 0.3F, 0.5F};
  const auto found = weighted_nms(boxes, scores);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].score, 0.9F);
  EXPECT_NEAR(found[0].box.x1, 0.5, 1e-6);
  EXPECT_EQ(found[0].members[0].first, 0U);
  EXPECT_EQ(found[0].members[1].first, 1U);
  EXPECT_NEAR(found[0].members[1].second, 0.25, 1e-6);
  EXPECT_EQ(found[1].box, boxes[2]);
}

TEST(WeightedNms, BoxesWithoutAreaAndEmptyListsEnd) {
  EXPECT_TRUE(weighted_nms({}, {}).empty());
  const std::vector<Box> boxes(3, Box{5, 5, 5, 5});
  const std::vector<float> scores = {0.5F, 0.5F, 0.5F};
  EXPECT_EQ(weighted_nms(boxes, scores).size(), 3U);
}

}  // namespace
}  // namespace weir
