#include "weir/ops/track/sort_tracker.h"

#include <gtest/gtest.h>

#include <vector>

namespace weir {
namespace {

Detection at(float x, float score = 0.9F) {
  return {{x, 10, x + 40, 110}, score, 0};
}

TEST(SortTracker, FollowsTwoThatCross) {
  SortTracker tracker;
  std::vector<int64_t> left;
  std::vector<int64_t> right;
  for (int i = 0; i < 30; ++i) {
    Detection a = at(static_cast<float>(10 * i));
    Detection b = at(static_cast<float>(300 - 10 * i));
    b.box.y1 += 60;  // they pass each other, one a little further down
    b.box.y2 += 60;
    for (const Track& track : tracker.update(std::vector<Detection>{a, b})) {
      (track.detection == 0 ? left : right).push_back(track.id);
    }
  }
  EXPECT_EQ(left, std::vector<int64_t>(30, left.front()));
  EXPECT_EQ(right, std::vector<int64_t>(30, right.front()));
  EXPECT_NE(left.front(), right.front());
}

TEST(SortTracker, ReportsAfterMinHitsAndForgetsAfterMaxAge) {
  SortTracker tracker;
  for (int i = 0; i < 10; ++i) (void)tracker.update({});
  const std::vector<Detection> person = {at(10)};
  // The first detection begins the track; three more in a row confirm it.
  EXPECT_TRUE(tracker.update(person).empty());
  EXPECT_TRUE(tracker.update(person).empty());
  EXPECT_TRUE(tracker.update(person).empty());
  EXPECT_EQ(tracker.update(person).size(), 1U);
  (void)tracker.update({});
  EXPECT_EQ(tracker.size(), 1U);
  (void)tracker.update({});
  EXPECT_EQ(tracker.size(), 0U);
}

TEST(SortTracker, AnOverlapOfExactlyTheLeastCounts) {
  SortTracker tracker({.iou = 0.5F});
  (void)tracker.update(std::vector<Detection>{{{0, 0, 30, 30}, 0.9F, 0}});
  // 30x15 inside of 30x30: one half, and the filter has not moved.
  (void)tracker.update(std::vector<Detection>{{{0, 0, 30, 15}, 0.9F, 0}});
  EXPECT_EQ(tracker.size(), 1U);
}

TEST(SortTracker, AShrinkingBoxNeverTurnsInsideOut) {
  SortTracker tracker({.max_age = 50});
  for (int i = 0; i < 8; ++i) {
    const float size = 80.0F - 10 * static_cast<float>(i);
    (void)tracker.update(std::vector<Detection>{{{0, 0, size, size}, 0.9F, 0}});
  }
  for (int i = 0; i < 50; ++i) (void)tracker.update({});
  EXPECT_EQ(tracker.size(), 1U);
}

}  // namespace
}  // namespace weir
