#include "weir/source/pacer.h"

#include <gtest/gtest.h>

namespace weir {
namespace {

constexpr int64_t kMs = 1'000'000;

TEST(Pacer, FramesAreDueAtTheDistancesOfTheirTimes) {
  FakeClock clock(5000 * kMs);
  Pacer pacer(clock);
  // A part of a file begins at ten seconds, and is due at once all the same.
  EXPECT_EQ(pacer.due_ns(10'000), 5000 * kMs);
  EXPECT_EQ(pacer.due_ns(10'040), 5040 * kMs);
  clock.advance_ns(40 * kMs);
  EXPECT_EQ(pacer.due_ns(10'080), 5080 * kMs);
}

TEST(Pacer, WhoIsALittleLateCatchesUp) {
  FakeClock clock;
  Pacer pacer(clock);
  EXPECT_EQ(pacer.due_ns(0), 0);
  clock.set_ns(60 * kMs);
  EXPECT_EQ(pacer.due_ns(40), 60 * kMs) << "never before now";
  EXPECT_EQ(pacer.due_ns(80), 80 * kMs);
}

TEST(Pacer, WhoWasHeldUpIsNotHurried) {
  FakeClock clock;
  Pacer pacer(clock);
  EXPECT_EQ(pacer.due_ns(0), 0);
  clock.set_ns(10'000 * kMs);
  EXPECT_EQ(pacer.due_ns(40), 10'000 * kMs);
  EXPECT_EQ(pacer.due_ns(80), 10'040 * kMs);
}

}  // namespace
}  // namespace weir
