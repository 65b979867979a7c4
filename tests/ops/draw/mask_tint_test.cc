// The tint of a mask against what it should be, pixel by pixel.
#include "weir/ops/draw/mask_tint.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <random>
#include <vector>

#include "tests/ops/draw/guarded_picture.h"
#include "tests/ops/simd_targets.h"
#include "weir/ops/draw/row_mixer.h"

namespace weir {
namespace {

using testing::GuardedPicture;

constexpr int kAlpha = 90;

uint8_t mixed(uint8_t level, int target, int alpha) {
  return static_cast<uint8_t>((level * (255 - alpha) + target * alpha + 127) / 255);
}

TEST(RowMixer, MixesEveryByteOfRowsOfAnyLength) {
  std::mt19937 random(1);
  test::for_each_simd_target([&] {
    for (const int count : {1, 2, 3}) {
      for (const int alpha : {0, 1, 127, 254, 255}) {
        const uint8_t levels[] = {uint8_t(random()), uint8_t(random()), uint8_t(random())};
        RowMixer mixer;
        mixer.take(levels, count, alpha);
        for (const int bytes : {0, 1, 31, 64, 191, 192, 193, 1000}) {
          std::vector<uint8_t> row(std::size_t(bytes) + 1);
          for (uint8_t& byte : row) byte = uint8_t(random());
          std::vector<uint8_t> want = row;
          for (int i = 0; i < bytes; ++i) {
            want[std::size_t(i)] = mixed(row[std::size_t(i)], levels[i % count], alpha);
          }
          mixer.mix(row.data(), std::size_t(bytes));
          ASSERT_EQ(row, want) << count << ' ' << alpha << ' ' << bytes;
        }
      }
    }
  });
}

// Blots, so that there are insides and edges, and single pixels too.
std::vector<uint8_t> random_pixels(std::mt19937& random, int width, int height) {
  std::vector<uint8_t> pixels(std::size_t(width * height));
  for (int i = 0; i < 6; ++i) {
    const int x = int(random() % unsigned(width));
    const int y = int(random() % unsigned(height));
    const int x2 = std::min(width, x + 1 + int(random() % 90));
    const int y2 = std::min(height, y + 1 + int(random() % 40));
    for (int row = y; row < y2; ++row) {
      std::fill(pixels.begin() + row * width + x, pixels.begin() + row * width + x2, uint8_t{1});
    }
  }
  for (int i = 0; i < 5; ++i) pixels[random() % pixels.size()] ^= 1;
  return pixels;
}

struct Row {
  int mask_width, mask_height, width, height, edge;
};

TEST(MaskTint, IsWhatEachPixelOfTheMaskSays) {
  std::mt19937 random(2);
  const Colour colour{200, 30, 90};
  for (const Row& row : {Row{200, 60, 200, 60, 2},
                         {64, 50, 64, 50, 1},
                         {129, 40, 129, 40, 5},
                         {1, 1, 1, 1, 1},
                         {50, 30, 203, 91, 3},
                         {300, 200, 77, 31, 1},
                         {90, 70, 90, 70, 0},
                         {260, 150, 260, 150, 70},
                         {1, 200, 130, 20, 2}}) {
    for (int round = 0; round < 20; ++round) {
      const auto pixels = random_pixels(random, row.mask_width, row.mask_height);
      const Mask mask =
          Mask::encode(pixels.data(), row.mask_width, row.mask_width, row.mask_height).value();
      const int edge = std::min(row.edge, 63);
      const auto is_set = [&](int x, int y) {
        x = std::clamp(x, 0, row.width - 1) * row.mask_width / row.width;
        y = std::clamp(y, 0, row.height - 1) * row.mask_height / row.height;
        return pixels[std::size_t(y * row.mask_width + x)] != 0;
      };
      const GuardedPicture picture(row.width, row.height, 77);
      Canvas canvas(picture.view());
      tint_mask(canvas, mask, colour, kAlpha, row.edge);
      ASSERT_TRUE(picture.guards_hold());
      for (int y = 0; y < row.height; ++y) {
        for (int x = 0; x < row.width; ++x) {
          const bool inside = is_set(x - edge, y) && is_set(x + edge, y) && is_set(x, y - edge) &&
                              is_set(x, y + edge);
          const int alpha = !is_set(x, y) ? 0 : inside ? kAlpha : 2 * kAlpha + 40;
          ASSERT_EQ(picture.view().row(0, y)[3 * x], mixed(77, colour.blue, alpha))
              << x << ',' << y << " of " << row.width << 'x' << row.height;
        }
      }
    }
  }
}

// Of video the brightness is that of a grey picture, and colour is where half a sample is covered.
TEST(MaskTint, TintsVideoToo) {
  std::vector<uint8_t> pixels(128 * 64);
  for (int y = 10; y < 50; ++y) std::fill_n(pixels.begin() + y * 128 + 20, 90, uint8_t{1});
  const Mask mask = Mask::encode(pixels.data(), 128, 128, 64).value();
  for (const PixelFormat format : {PixelFormat::kNv12, PixelFormat::kI420}) {
    const Image image = Image::allocate(format, 128, 64).value();
    const ImageView& view = image.view();
    for (int plane = 0; plane < plane_count(format); ++plane) {
      for (int y = 0; y < view.plane_rows(plane); ++y) {
        std::fill_n(view.row(plane, y), view.row_bytes(plane), uint8_t{128});
      }
    }
    Canvas canvas(view);
    tint_mask(canvas, mask, {255, 0, 0}, 128, 2);
    const auto red = [&](int x, int y) {
      return format == PixelFormat::kNv12 ? view.row(1, y)[2 * x + 1] : view.row(2, y)[x];
    };
    EXPECT_EQ(red(5, 3), 128);
    EXPECT_NEAR(red(30, 15), 128 + 112 * 0.44, 6);  // two halves: less than one whole
    EXPECT_GT(red(10, 15), red(30, 15));            // the edge is firmer
    EXPECT_EQ(view.row(0, 30)[19], 128);
    EXPECT_EQ(view.row(0, 30)[60], view.row(0, 31)[61]);
    EXPECT_LT(view.row(0, 30)[60], 128);
  }
}

}  // namespace
}  // namespace weir
