#include "weir/ops/draw/synthetic_scene.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <map>
#include <set>

#include "weir/ops/box.h"

namespace weir {
namespace {

bool same(const Image& a, const Image& b) {
  for (int plane = 0; plane < plane_count(a.format()); ++plane) {
    for (int y = 0; y < a.view().plane_rows(plane); ++y) {
      if (std::memcmp(a.view().row(plane, y), b.view().row(plane, y), a.view().row_bytes(plane))) {
        return false;
      }
    }
  }
  return true;
}

TEST(SyntheticScene, IsTheSameInEveryRunAndAnotherWithAnotherSeed) {
  const SyntheticScene scene({.seed = 3});
  const SyntheticScene again({.seed = 3});
  const SyntheticScene other({.seed = 4});
  EXPECT_TRUE(same(*scene.picture(40), *again.picture(40)));
  EXPECT_EQ(scene.truth(40), again.truth(40));
  EXPECT_FALSE(same(*scene.picture(40), *other.picture(40)));
  EXPECT_FALSE(same(*scene.picture(40), *scene.picture(45)));
}

TEST(SyntheticScene, TheTruthIsInsideAndMovesSteadily) {
  const SyntheticScene scene({.seed = 3, .width = 320, .height = 240, .people = 6, .cars = 3});
  std::map<int64_t, Box> last;
  std::set<int64_t> tracks;
  for (int64_t frame = 0; frame < 1000; ++frame) {
    std::map<int64_t, Box> now;
    for (const Finding& actor : scene.truth(frame)) {
      const Box& box = *actor.box;
      ASSERT_TRUE(is_proper(box));
      ASSERT_TRUE(box.x1 >= 0 && box.y1 >= 0 && box.x2 <= 320 && box.y2 <= 240);
      ASSERT_TRUE(now.emplace(actor.track, box).second) << "a track twice in a frame";
      const auto before = last.find(actor.track);
      if (before != last.end()) {
        EXPECT_LT(std::abs(before->second.x1 - box.x1), 15);
      }
      tracks.insert(actor.track);
    }
    last = now;
  }
  EXPECT_GT(tracks.size(), 20U);
}

TEST(SyntheticScene, ShowsItsActorsWhereTheTruthSays) {
  const SyntheticScene full({.seed = 5, .people = 3, .cars = 2});
  const SyntheticScene empty({.seed = 5, .people = 0, .cars = 0});
  const Image picture = full.picture(100).value();
  const Image street = empty.picture(100).value();
  for (const Finding& actor : full.truth(100)) {
    const int x = static_cast<int>((actor.box->x1 + actor.box->x2) / 2);
    const int y = static_cast<int>((actor.box->y1 + actor.box->y2) / 2);
    EXPECT_NE(std::memcmp(picture.view().row(0, y) + 3 * x, street.view().row(0, y) + 3 * x, 3), 0);
  }
}

TEST(SyntheticScene, TakesEveryFormatAndOddNumbers) {
  for (int i = 0; i < kPixelFormatCount; ++i) {
    const SyntheticScene scene({.width = 101, .height = 67, .format = static_cast<PixelFormat>(i)});
    EXPECT_TRUE(scene.picture(7));
  }
  const SyntheticScene odd({.width = -1, .height = 0, .fps = std::nan(""), .people = -4});
  EXPECT_TRUE(odd.picture(1'000'000'000));
  EXPECT_EQ(odd.spec().fps, 25);
}

}  // namespace
}  // namespace weir
