#include "weir/data/step_set.h"

#include <gtest/gtest.h>

#include "weir/data/outcome.h"

namespace weir {
namespace {

TEST(StepSet, IsPutTogetherWithOr) {
  constexpr StepSet kAct = StepSet::of(0);
  constexpr StepSet kFaces = StepSet::of(63);
  constexpr StepSet kBoth = kAct | kFaces;
  static_assert(kBoth.size() == 2);
  EXPECT_TRUE(kBoth.contains(63));
  EXPECT_FALSE(kBoth.contains(5));
  EXPECT_TRUE(kBoth.contains(kAct));
  EXPECT_FALSE(kAct.contains(kBoth));
  EXPECT_EQ((kBoth - kAct).first(), 63U);
  EXPECT_TRUE((kBoth - kBoth).empty());
  EXPECT_EQ(StepSet::all().size(), StepSet::kMaxSteps);
}

TEST(Outcome, NamesItsReason) {
  EXPECT_EQ(name(Outcome::kDone), "done");
  EXPECT_EQ(name(Outcome::kDroppedStop), "dropped(stop)");
  EXPECT_EQ(name(Outcome::kFailed), "failed");
  EXPECT_TRUE(is_dropped(Outcome::kDroppedDeadline));
  EXPECT_FALSE(is_dropped(Outcome::kFailed));
}

}  // namespace
}  // namespace weir
