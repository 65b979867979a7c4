// A tracker that runs for a day takes no more memory than one that runs for a minute.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <vector>

#include "tests/support/counted_heap.h"
#include "weir/ops/track/byte_tracker.h"
#include "weir/ops/track/sort_tracker.h"

namespace weir {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int64_t kFrames = 30'000;
#else
constexpr int64_t kFrames = 1'000'000;
#endif
constexpr int64_t kWarmUp = 5'000;

// A crowd that walks to and fro at different speeds, each seen in most frames, surely or not; once
// in a while somebody jumps, and so becomes somebody else.
class Crowd {
 public:
  const std::vector<Detection>& frame(int64_t number) {
    seen_.clear();
    for (int who = 0; who < 10; ++who) {
      const int64_t chance = (number * 7919 + who * 104'729) % 101;
      if (chance < 8) continue;
      const double turn = static_cast<double>(number) / (90.0 + 11 * who) + who;
      const double jump = static_cast<double>(((number + 37 * who) / 400) % 5);
      const auto x = static_cast<float>(600 + 500 * std::sin(turn) + 60 * jump);
      const auto y = static_cast<float>(40 * who + 90 * jump);
      const float score = chance < 30 ? 0.3F : 0.9F;
      seen_.push_back({{x, y, x + 40, y + 100}, score, who % 2});
    }
    return seen_;
  }

 private:
  std::vector<Detection> seen_;
};

template <class Tracker>
void expect_flat(Tracker tracker) {
  Crowd crowd;
  int64_t frame = 0;
  for (; frame < kWarmUp; ++frame) (void)tracker.update(crowd.frame(frame));
  const uint64_t before = test::heap_use().calls;
  std::size_t most = 0;
  int64_t last_id = 0;
  for (; frame < kFrames; ++frame) {
    for (const Track& track : tracker.update(crowd.frame(frame))) {
      last_id = std::max(last_id, track.id);
    }
    most = std::max(most, tracker.size());
  }
  EXPECT_GT(last_id, kFrames / 400) << "tracks come and go";
  EXPECT_LE(most, 200U);
  // A fuller moment than any before it may let a list grow once more.
  EXPECT_LE(test::heap_use().calls - before, 10U);
}

TEST(TrackMemory, IsFlatForByteTrack) {
  expect_flat(ByteTracker());
}

TEST(TrackMemory, IsFlatForSort) {
  expect_flat(SortTracker({.max_age = 30}));
}

}  // namespace
}  // namespace weir
