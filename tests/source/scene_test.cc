// The drawn street.
#include <cstring>

#include "tests/source/support.h"

namespace weir {
namespace {

using ::testing::ElementsAre;
using testing::inputs_of;
using testing::numbers_of;

const SceneSpec kSmall = {.seed = 3, .width = 96, .height = 64, .fps = 10};

bool same_picture(const SourceInput& a, const SourceInput& b) {
  const ImageView left = std::get<Image>(a.input).view();
  const ImageView right = std::get<Image>(b.input).view();
  for (int y = 0; y < left.height; ++y) {
    if (std::memcmp(left.row(0, y), right.row(0, y), left.row_bytes(0)) != 0) return false;
  }
  return true;
}

TEST(SceneSource, IsTheSameEveryTimeAndTellsItsTruth) {
  const auto once = inputs_of({.scene = kSmall, .end = 2});
  const auto again = inputs_of({.scene = kSmall, .end = 2});
  ASSERT_EQ(once.size(), 20U);
  std::size_t actors = 0;
  for (std::size_t i = 0; i < once.size(); ++i) {
    EXPECT_TRUE(same_picture(once[i], again[i])) << i;
    EXPECT_EQ(once[i].truth, again[i].truth);
    EXPECT_DOUBLE_EQ(once[i].time_ms, 100.0 * static_cast<double>(i));
    actors += once[i].truth.size();
  }
  EXPECT_GT(actors, 20U);
  SceneSpec other = kSmall;
  other.seed = 4;
  EXPECT_FALSE(same_picture(once[0], inputs_of({.scene = other, .end = 2})[0]));
}

TEST(SceneSource, BeginsAndEndsWhereItIsTold) {
  const auto whole = inputs_of({.scene = kSmall, .end = 2});
  const auto part = inputs_of({.scene = kSmall, .start = 0.5, .end = 0.8});
  ASSERT_EQ(part.size(), 3U);
  EXPECT_TRUE(same_picture(part[0], whole[5]));
  EXPECT_DOUBLE_EQ(part[0].time_ms, 500);
  const auto rounds = inputs_of({.scene = kSmall, .end = 0.3, .loop = 2});
  EXPECT_THAT(numbers_of(rounds), ElementsAre(0, 1, 2, 3, 4, 5));
  EXPECT_TRUE(same_picture(rounds[4], rounds[1]));
  EXPECT_EQ(inputs_of({.scene = kSmall}, 77).size(), 77U) << "until it is stopped";
}

TEST(SceneSource, IsThinnedOut) {
  EXPECT_THAT(numbers_of(inputs_of({.scene = kSmall, .end = 1, .every = 4})), ElementsAre(0, 4, 8));
  EXPECT_THAT(numbers_of(inputs_of({.scene = kSmall, .end = 1, .fps = 4})),
              ElementsAre(0, 3, 5, 8));
}

TEST(SceneSource, KnowsHowManyThereWillBe) {
  for (const SourceSpec& spec :
       {SourceSpec{.scene = kSmall, .end = 2}, SourceSpec{.scene = kSmall, .start = 1, .end = 2},
        SourceSpec{.scene = kSmall, .end = 1, .every = 4, .loop = 1},
        SourceSpec{.scene = kSmall, .end = 1, .fps = 4}}) {
    auto source = open_source(spec).value();
    const int64_t expected = source->expected();
    EXPECT_EQ(expected, static_cast<int64_t>(inputs_of(*source).size()));
  }
  EXPECT_EQ(open_source({.scene = kSmall}).value()->expected(), 0);
}

}  // namespace
}  // namespace weir
