#include "weir/data/mask.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace weir {
namespace {

TEST(Mask, CountsDownTheColumnsBeginningWithZeros) {
  // 0 1 1
  // 0 0 1
  const uint8_t pixels[] = {0, 1, 1, 0, 0, 1};
  const Mask mask = Mask::encode(pixels, 3, 3, 2).value();
  EXPECT_EQ(mask.counts, (std::vector<uint32_t>{2, 1, 1, 2}));
  EXPECT_EQ(mask.area(), 3);
  const uint8_t full[] = {1, 1};
  EXPECT_EQ(Mask::encode(full, 1, 1, 2).value().counts, (std::vector<uint32_t>{0, 2}));
}

TEST(Mask, HasTheCompressedFormOfCoco) {
  // Runs with what pycocotools.mask.frPyObjects makes of them.
  EXPECT_EQ((Mask{3, 2, {2, 1, 1, 2}}.to_text()), "2111");
  EXPECT_EQ((Mask{10, 10, {33, 3, 7, 3, 7, 47}}.to_text()), "Q13700\\1");
  EXPECT_EQ((Mask{640, 480, {100000, 5, 475, 9, 471, 11, 469, 205760}}.to_text()),
            "PeQ35k>4L2NemX6");
}

TEST(Mask, IsDecodedToWhatWasEncoded) {
  std::mt19937 random(3);
  for (int round = 0; round < 500; ++round) {
    const int width = static_cast<int>(random() % 40);
    const int height = static_cast<int>(random() % 40);
    std::vector<uint8_t> pixels(static_cast<std::size_t>(width * height));
    const auto density = 1 + random() % 20;
    for (uint8_t& pixel : pixels) pixel = random() % density == 0;
    const Mask mask = Mask::encode(pixels.data(), width, width, height).value();
    ASSERT_EQ(mask.decode().value(), pixels);
    ASSERT_EQ(Mask::from_text(width, height, mask.to_text()).value(), mask);
  }
}

TEST(Mask, OverlapIsThatOfThePixels) {
  std::mt19937 random(5);
  for (int round = 0; round < 200; ++round) {
    std::vector<uint8_t> a(9 * 7);
    std::vector<uint8_t> b(9 * 7);
    int both = 0;
    int either = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
      a[i] = random() % 3 == 0;
      b[i] = random() % 3 == 0;
      both += a[i] & b[i];
      either += a[i] | b[i];
    }
    const Mask first = Mask::encode(a.data(), 9, 9, 7).value();
    const Mask second = Mask::encode(b.data(), 9, 9, 7).value();
    EXPECT_DOUBLE_EQ(iou(first, second), static_cast<double>(both) / either);
  }
  EXPECT_EQ(iou(Mask{}, Mask{}), 1);
  EXPECT_EQ(iou(Mask{1, 2, {2}}, Mask{2, 1, {2}}), 0);
}

TEST(Mask, RefusesDamagedRuns) {
  EXPECT_FALSE((Mask{2, 2, {5}}.decode()));
  EXPECT_FALSE((Mask{2, 2, {1}}.decode()));
  EXPECT_FALSE(Mask::from_text(2, 2, "\xFF"));
  EXPECT_FALSE(Mask::from_text(2, 2, "P"));                   // cut off
  EXPECT_FALSE(Mask::from_text(2, 2, "oooooooooooooooooo"));  // without end
  EXPECT_FALSE(Mask::from_text(2, 2, "N4"));                  // below zero
  EXPECT_FALSE(Mask::from_text(-1, 2, ""));
  EXPECT_FALSE(Mask::from_text(1 << 30, 1 << 30, ""));
}

}  // namespace
}  // namespace weir
