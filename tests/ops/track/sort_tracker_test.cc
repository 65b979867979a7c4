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

// 20 px a frame, which leaves no overlap where two frames are missed in a prediction.
TEST(SortTracker, DroppedFramesAreMotionNotStandstill) {
  SortTracker tracker;
  for (int i = 0; i < 10; ++i) {
    (void)tracker.update(std::vector<Detection>{at(static_cast<float>(20 * i))});
  }
  // Three frames of four are dropped on the way, again and again.
  for (int i = 13; i < 50; i += 4) {
    const auto tracks = tracker.update(std::vector<Detection>{at(static_cast<float>(20 * i))}, 4);
    ASSERT_EQ(tracks.size(), 1U) << i;
    EXPECT_EQ(tracks[0].id, 1) << i;
    EXPECT_EQ(tracks[0].age, i) << i;
  }
}

TEST(SortTracker, DroppedFramesAgeWhatIsNotSeen) {
  SortTracker tracker({.max_age = 5});
  (void)tracker.update(std::vector<Detection>{at(10)});
  (void)tracker.update({}, 5);
  EXPECT_EQ(tracker.size(), 1U);
  (void)tracker.update({}, 1);
  EXPECT_EQ(tracker.size(), 0U);
}

// A clock that jumps by years is a gap like any other, and costs no more.
TEST(SortTracker, AGapOfAnyLengthEnds) {
  SortTracker tracker;
  (void)tracker.update(std::vector<Detection>{at(10)});
  EXPECT_EQ(tracker.update(std::vector<Detection>{at(10)}, int64_t{1} << 40).size(), 0U);
  EXPECT_EQ(tracker.size(), 1U);
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
