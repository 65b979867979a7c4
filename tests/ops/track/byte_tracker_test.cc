#include "weir/ops/track/byte_tracker.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "tests/ops/track/palace.h"

namespace weir {
namespace {

Detection at(float x, float y, float score = 0.9F, int label = 0) {
  return {{x, y, x + 40, y + 100}, score, label};
}

TEST(ByteTracker, ReproducesThePublishedTracksOfARealScene) {
  const std::vector<PalaceFrame> frames = read_palace();
  if (frames.empty()) GTEST_SKIP() << "no ../shared/assets/mot here";
  // The published run looks at every weak detection, does not weigh overlaps by score, associates
  // with the boxes of the last frame, and counts the last pixel of a box.
  ByteTracker tracker({.low = 0, .fuse_score = false, .predicted = false, .last_pixel = true});
  int boxes = 0;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const std::span<const Track> tracks = tracker.update(frames[i].detections);
    ASSERT_EQ(tracks.size(), frames[i].tracks.size()) << "frame " << i;
    for (std::size_t j = 0; j < tracks.size(); ++j) {
      const Track& expected = frames[i].tracks[j];
      ASSERT_EQ(tracks[j].id, expected.id) << "frame " << i;
      ASSERT_NEAR(tracks[j].box.x1, expected.box.x1, 1e-2);
      ASSERT_NEAR(tracks[j].box.y1, expected.box.y1, 1e-2);
      ASSERT_NEAR(tracks[j].box.x2, expected.box.x2, 1e-2);
      ASSERT_NEAR(tracks[j].box.y2, expected.box.y2, 1e-2);
      ++boxes;
    }
  }
  EXPECT_EQ(boxes, 6008);
}

TEST(ByteTracker, ATrackIsConfirmedWhenItIsSeenTwice) {
  ByteTracker tracker;
  EXPECT_EQ(tracker.update({}).size(), 0U);
  const std::vector<Detection> person = {at(10, 10)};
  EXPECT_EQ(tracker.update(person).size(), 0U) << "a new track is tentative";
  ASSERT_EQ(tracker.update(person).size(), 1U);
  EXPECT_EQ(tracker.update(person)[0].id, 1);
}

TEST(ByteTracker, AWeakDetectionKeepsATrackButBeginsNone) {
  ByteTracker tracker;
  (void)tracker.update(std::vector<Detection>{at(10, 10)});
  const auto tracks = tracker.update(std::vector<Detection>{at(10, 10, 0.2F), at(500, 10, 0.2F)});
  ASSERT_EQ(tracks.size(), 1U);
  EXPECT_EQ(tracks[0].id, 1);
  EXPECT_EQ(tracks[0].detection, 0);
}

TEST(ByteTracker, ALostTrackComesBackWithItsIdUntilItIsForgotten) {
  ByteTracker tracker({.lost_frames = 5});
  const std::vector<Detection> person = {at(10, 10)};
  (void)tracker.update(person);
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(tracker.update({}).empty());
  ASSERT_EQ(tracker.update(person).size(), 1U);
  EXPECT_EQ(tracker.update(person)[0].id, 1);
  for (int i = 0; i < 6; ++i) (void)tracker.update({});
  EXPECT_EQ(tracker.size(), 0U);
  (void)tracker.update(person);
  EXPECT_EQ(tracker.update(person)[0].id, 2);
}

TEST(ByteTracker, DroppedFramesAreMotionNotStandstill) {
  // 20 px a frame; three frames of four are dropped on the way.
  ByteTracker tracker;
  for (int i = 0; i < 10; ++i) {
    (void)tracker.update(std::vector<Detection>{at(static_cast<float>(20 * i), 10)});
  }
  const auto tracks = tracker.update(std::vector<Detection>{at(20 * 13, 10)}, 4);
  ASSERT_EQ(tracks.size(), 1U);
  EXPECT_EQ(tracks[0].id, 1);
  EXPECT_EQ(tracks[0].age, 13);
}

// However long nobody looked, the first look is where the box must be by then.
TEST(ByteTracker, AGapLongerThanItsMemoryIsMotionToo) {
  ByteTracker tracker({.lost_frames = 1});
  for (int i = 0; i < 10; ++i) {
    (void)tracker.update(std::vector<Detection>{at(static_cast<float>(20 * i), 10)});
  }
  const auto tracks = tracker.update(std::vector<Detection>{at(20 * 13, 10)}, 4);
  ASSERT_EQ(tracks.size(), 1U);
  EXPECT_EQ(tracks[0].id, 1);
}

// The published tracker leaves a score of exactly a threshold to neither side.
TEST(ByteTracker, AScoreOfExactlyHighIsStrongAndOneOfExactlyLowIsWeak) {
  const ByteTrackParams params = {.high = 0.5F, .low = 0.25F};
  const auto comes_back = [&](float score) {
    ByteTracker tracker(params);
    (void)tracker.update(std::vector<Detection>{at(10, 10)});
    (void)tracker.update({});  // lost: only what is strong brings it back
    return tracker.update(std::vector<Detection>{at(10, 10, score)}).size() == 1;
  };
  EXPECT_TRUE(comes_back(params.high));
  EXPECT_FALSE(comes_back(std::nextafter(params.high, 0.0F)));
  const auto is_kept = [&](float score) {
    ByteTracker tracker(params);
    (void)tracker.update(std::vector<Detection>{at(10, 10)});
    return tracker.update(std::vector<Detection>{at(10, 10, score)}).size() == 1;
  };
  EXPECT_TRUE(is_kept(params.low));
  EXPECT_FALSE(is_kept(std::nextafter(params.low, 0.0F)));
}

TEST(ByteTracker, WithPerLabelACarNeverBecomesAPerson) {
  ByteTracker mixed;
  ByteTracker strict({.per_label = true});
  for (ByteTracker* tracker : {&mixed, &strict}) {
    (void)tracker->update(std::vector<Detection>{at(10, 10, 0.9F, 0)});
  }
  EXPECT_EQ(mixed.update(std::vector<Detection>{at(10, 10, 0.9F, 1)}).size(), 1U);
  EXPECT_EQ(strict.update(std::vector<Detection>{at(10, 10, 0.9F, 1)}).size(), 0U);
}

TEST(ByteTracker, WhatIsNoBoxIsNotLookedAt) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const float infinite = std::numeric_limits<float>::infinity();
  ByteTracker tracker;
  const std::vector<Detection> broken = {{{0, 0, nan, 10}, 0.9F, 0},
                                         {{0, 0, infinite, 10}, 0.9F, 0},
                                         {{10, 10, 10, 20}, 0.9F, 0},
                                         {{10, 10, 5, 20}, 0.9F, 0},
                                         {{0, 0, 10, 10}, nan, 0}};
  EXPECT_TRUE(tracker.update(broken).empty());
  EXPECT_EQ(tracker.size(), 0U);
}

TEST(ByteTracker, MemoryIsThatOfTheLastFramesOnly) {
  ByteTracker tracker;
  std::mt19937 random(3);
  std::uniform_real_distribution<float> place(0, 2000);
  std::size_t most = 0;
  for (int frame = 0; frame < 100'000; ++frame) {
    (void)tracker.update(std::vector<Detection>{at(place(random), place(random))});
    most = std::max(most, tracker.size());
  }
  EXPECT_LE(most, 64U) << "one new track a frame, each remembered for 30 frames at most";
}

}  // namespace
}  // namespace weir
