#include "weir/ops/draw.h"

#include <gtest/gtest.h>

#include <cstring>
#include <limits>
#include <memory>
#include <set>
#include <vector>

namespace weir {
namespace {

Image black(int width, int height) {
  const Image image = Image::allocate(PixelFormat::kBgr, width, height).value();
  for (int y = 0; y < height; ++y) {
    std::memset(image.view().row(0, y), 0, static_cast<std::size_t>(3 * width));
  }
  return image;
}

Colour at(const Image& image, int x, int y) {
  const uint8_t* p = image.view().row(0, y) + 3 * x;
  return {p[2], p[1], p[0]};
}

int painted(const Image& image) {
  int count = 0;
  for (int y = 0; y < image.height(); ++y) {
    for (int x = 0; x < image.width(); ++x) count += at(image, x, y) != Colour{};
  }
  return count;
}

TEST(Draw, OutlinesABoxInItsColour) {
  const Image image = black(100, 80);
  const Colour colour{10, 200, 30};
  ASSERT_TRUE(draw_box(image.view(), {20, 30, 60, 70}, "", colour));
  EXPECT_EQ(at(image, 20, 50), colour);
  EXPECT_EQ(at(image, 40, 30), colour);
  EXPECT_EQ(at(image, 40, 50), Colour{});
}

TEST(Draw, PutsTheLabelAboveTheBoxOrInside) {
  const Image above = black(100, 80);
  ASSERT_TRUE(draw_box(above.view(), {20, 30, 60, 70}, "car", {10, 200, 30}));
  EXPECT_NE(at(above, 24, 26), Colour{});
  const Image inside = black(100, 80);
  ASSERT_TRUE(draw_box(inside.view(), {20, 2, 60, 70}, "car", {10, 200, 30}));
  EXPECT_NE(at(inside, 23, 5), Colour{});
}

TEST(Draw, KeepsTheLabelInsideThePicture) {
  const Image image = black(100, 80);
  ASSERT_TRUE(draw_box(image.view(), {90, 40, 99, 70}, "car", {10, 200, 30}));
  EXPECT_NE(at(image, 80, 36), Colour{});
}

TEST(Draw, DrawsTheFindingsOfATask) {
  Task task;
  const auto labels = std::make_shared<const LabelSet>(std::vector<std::string>{"Person"});
  task.steps = std::make_shared<const StepTable>(std::vector<StepEntry>{{"objects", labels}});
  task.add({.step = 0, .box = Box{10, 40, 50, 70}, .best = ClassScore{0, 0.9F}});
  task.add({.keypoints = {{80, 20, 1}}});
  const Image image = black(100, 80);
  ASSERT_TRUE(draw_findings(image.view(), task));
  EXPECT_EQ(at(image, 10, 60), colour_of(0));
  EXPECT_EQ(at(image, 80, 20), colour_of(0));
  const Image plain = black(100, 80);
  ASSERT_TRUE(draw_findings(plain.view(), task, {.text = false}));
  EXPECT_LT(painted(plain), painted(image));
}

TEST(Draw, SurvivesBoxesThatAreNowhere) {
  const float inf = std::numeric_limits<float>::infinity();
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const Image image = black(40, 40);
  for (const Box& box : {Box{-1e30F, -1e30F, 1e30F, 1e30F}, Box{nan, 0, 1, 1}, Box{0, 0, inf, 1},
                         Box{30, 30, 10, 10}, Box{500, 500, 600, 600}, Box{-90, -90, -80, -80}}) {
    EXPECT_TRUE(draw_box(image.view(), box, "Straße 東京", {255, 0, 0}));
  }
  Task task;
  task.add({.keypoints = {{nan, 1, 1}, {1e30F, -1e30F, 1}}});
  EXPECT_TRUE(draw_findings(image.view(), task));
}

TEST(Draw, OnlyIntoAnUprightBgrPicture) {
  const Image image = black(40, 40);
  EXPECT_FALSE(draw_box(image.rotated(Rotation::k90).view(), {}, "", {}));
  EXPECT_FALSE(draw_box(Image::allocate(PixelFormat::kNv12, 4, 4)->view(), {}, "", {}));
}

TEST(Draw, ColoursOfNeighboursDiffer) {
  std::set<std::vector<int>> seen;
  for (int64_t i = -1; i < 30; ++i) {
    const Colour colour = colour_of(i);
    seen.insert({colour.red, colour.green, colour.blue});
  }
  EXPECT_EQ(seen.size(), 31U);
}

}  // namespace
}  // namespace weir
