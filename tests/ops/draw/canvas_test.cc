#include "weir/ops/draw/canvas.h"

#include <gtest/gtest.h>

#include <limits>
#include <random>

#include "tests/ops/draw/guarded_picture.h"

namespace weir {
namespace {

using testing::GuardedPicture;

constexpr Colour kGreen{10, 200, 30};

TEST(Canvas, FillsWholePixelsAndClips) {
  const GuardedPicture picture(20, 10);
  Canvas(picture.view()).fill({-5, 4, 3, 99}, kGreen);
  EXPECT_EQ(picture.at(0, 4), kGreen);
  EXPECT_EQ(picture.at(2, 9), kGreen);
  EXPECT_EQ(picture.at(3, 4), Colour{});
  EXPECT_EQ(picture.painted(), 3 * 6);
  EXPECT_TRUE(picture.guards_hold());
}

TEST(Canvas, BlendsByAlpha) {
  const GuardedPicture picture(4, 4, 100);
  Canvas(picture.view()).blend(1, 1, {200, 200, 0}, 51);
  EXPECT_EQ(picture.at(1, 1), (Colour{120, 120, 80}));
}

TEST(Canvas, AFrameHasItsThicknessInside) {
  const GuardedPicture picture(20, 20);
  Canvas(picture.view()).frame({5, 5, 15, 15}, 2, kGreen);
  EXPECT_EQ(picture.painted(), 100 - 36);
  EXPECT_EQ(picture.at(6, 10), kGreen);
  EXPECT_EQ(picture.at(7, 10), Colour{});
}

TEST(Canvas, ALineCoversAsMuchAsItIsLongAndWide) {
  for (const Point to :
       {Point{80, 50}, Point{50, 80}, Point{80, 80}, Point{20, 77}, Point{71, 22}}) {
    const GuardedPicture picture(100, 100);
    Canvas(picture.view()).line({50, 50}, to, 6, {255, 255, 255}, 255, false);
    double light = 0;
    for (int y = 0; y < 100; ++y) {
      for (int x = 0; x < 100; ++x) light += picture.at(x, y).red / 255.0;
    }
    const double length = std::hypot(to.x - 50, to.y - 50);
    EXPECT_NEAR(light, 6 * length, 0.04 * 6 * length) << to.x << "," << to.y;
  }
}

TEST(Canvas, ADiscHasItsArea) {
  const GuardedPicture picture(60, 60);
  Canvas(picture.view()).disc({30, 30}, 12, {255, 255, 255});
  double light = 0;
  for (int y = 0; y < 60; ++y) {
    for (int x = 0; x < 60; ++x) light += picture.at(x, y).red / 255.0;
  }
  EXPECT_NEAR(light, 3.14159 * 144, 10);
}

TEST(Canvas, ALineThatOnlyCrossesIsSeen) {
  const GuardedPicture picture(50, 50);
  Canvas(picture.view()).line({-1e12, 25.5}, {1e12, 25.5}, 3, kGreen);
  EXPECT_EQ(picture.at(0, 25), kGreen);
  EXPECT_EQ(picture.at(49, 25), kGreen);
  EXPECT_EQ(picture.at(25, 20), Colour{});
}

TEST(Canvas, NothingIsWrittenOutside) {
  std::mt19937 random(5);
  const double odd[] = {std::numeric_limits<double>::quiet_NaN(),
                        std::numeric_limits<double>::infinity(),
                        -1e300,
                        1e300,
                        1e29,
                        -1e7};
  const auto number = [&] {
    return random() % 4 == 0 ? odd[random() % 6] : static_cast<double>(random() % 300) - 120;
  };
  const auto whole = [&] {
    return random() % 6 == 0 ? (random() % 2 ? -1'000'001 : 1'000'001)
                             : static_cast<int>(random() % 300) - 120;
  };
  for (int round = 0; round < 3000; ++round) {
    const GuardedPicture picture(1 + static_cast<int>(random() % 60),
                                 1 + static_cast<int>(random() % 60));
    Canvas canvas(picture.view());
    canvas.line({number(), number()}, {number(), number()}, number(), kGreen, 200,
                random() % 2 == 0);
    canvas.disc({number(), number()}, number(), kGreen);
    canvas.frame({whole(), whole(), whole(), whole()}, static_cast<int>(random() % 9), kGreen);
    canvas.fill_rounded({whole(), whole(), whole() % 200, whole() % 200},
                        static_cast<int>(random() % 20), kGreen, 99);
    const uint8_t pixels[12] = {255, 9, 255, 9, 255, 9, 255, 9, 255, 9, 255, 9};
    canvas.stamp({pixels, 4, 4, 3}, whole(), whole(), kGreen);
    ASSERT_TRUE(picture.guards_hold()) << round;
  }
}

TEST(Colours, OfNeighboursDifferAndStayTheSame) {
  for (int64_t i = 0; i < 200; ++i) {
    for (int64_t j = i + 1; j < i + 6; ++j) {
      const Colour a = colour_of(i);
      const Colour b = colour_of(j);
      const int apart =
          std::abs(a.red - b.red) + std::abs(a.green - b.green) + std::abs(a.blue - b.blue);
      EXPECT_GT(apart, 60) << i << " and " << j;
    }
  }
  EXPECT_EQ(colour_of(0), colour_of(0));
  EXPECT_EQ(ink_on({250, 250, 240}), (Colour{16, 16, 16}));
  EXPECT_EQ(ink_on({10, 20, 80}), (Colour{255, 255, 255}));
  (void)colour_of(-1);
  (void)colour_of(std::numeric_limits<int64_t>::min());
}

}  // namespace
}  // namespace weir
