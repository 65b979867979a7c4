#include "weir/data/image.h"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

namespace weir {
namespace {

TEST(Image, RoundsTheChromaPlanesOfOddPicturesUp) {
  struct Row {
    PixelFormat format;
    int plane, rows;
    std::size_t bytes;
  };
  for (const Row& row : {Row{PixelFormat::kBgr, 0, 3, 15}, Row{PixelFormat::kGrey, 0, 3, 5},
                         Row{PixelFormat::kNv12, 0, 3, 5}, Row{PixelFormat::kNv12, 1, 2, 6},
                         Row{PixelFormat::kI420, 1, 2, 3}, Row{PixelFormat::kI420, 2, 2, 3}}) {
    const Image image = Image::allocate(row.format, 5, 3).value();
    EXPECT_EQ(image.view().plane_rows(row.plane), row.rows);
    EXPECT_EQ(image.view().row_bytes(row.plane), row.bytes);
  }
}

TEST(Image, MemoryOfEveryPlaneIsItsOwn) {
  for (int f = 0; f < kPixelFormatCount; ++f) {
    const Image image = Image::allocate(static_cast<PixelFormat>(f), 7, 5).value();
    const ImageView& view = image.view();
    for (int plane = 0; plane < plane_count(view.format); ++plane) {
      for (int y = 0; y < view.plane_rows(plane); ++y) {
        std::fill_n(view.row(plane, y), view.row_bytes(plane), static_cast<uint8_t>(plane + 1));
      }
    }
    for (int plane = 0; plane < plane_count(view.format); ++plane) {
      EXPECT_EQ(*view.row(plane, 0), plane + 1);
      EXPECT_EQ(view.row(plane, view.plane_rows(plane) - 1)[view.row_bytes(plane) - 1], plane + 1);
      EXPECT_EQ(reinterpret_cast<uintptr_t>(view.planes[plane].data) % Image::kAlignment, 0U);
    }
  }
}

TEST(Image, TurningSwapsTheSidesButNotThePixels) {
  const Image image = Image::allocate(PixelFormat::kBgr, 7, 5).value();
  const Image turned = image.rotated(Rotation::k90);
  EXPECT_EQ(turned.width(), 5);
  EXPECT_EQ(turned.height(), 7);
  EXPECT_EQ(turned.view().width, 7);
  EXPECT_EQ(turned.view().planes[0].data, image.view().planes[0].data);
  EXPECT_EQ(image.rotated(Rotation::k180).width(), 7);
}

TEST(Image, GivesSharedMemoryBackWithItsLastCopy) {
  int released = 0;
  std::vector<uint8_t> pixels(12);
  ImageView view{.format = PixelFormat::kGrey, .width = 4, .height = 3};
  view.planes[0] = {pixels.data(), 4};
  {
    Image copy;
    {
      const Image image = Image::shared(view, std::shared_ptr<const void>(
                                                  pixels.data(), [&](const void*) { ++released; }))
                              .value();
      copy = image;
    }
    EXPECT_EQ(released, 0);
  }
  EXPECT_EQ(released, 1);
}

TEST(Image, RefusesWhatCannotBe) {
  EXPECT_FALSE(Image::allocate(PixelFormat::kBgr, 0, 5));
  EXPECT_FALSE(Image::allocate(PixelFormat::kBgr, 5, -1));
  EXPECT_FALSE(Image::allocate(PixelFormat::kBgr, 1 << 20, 5));
  uint8_t pixels[64] = {};
  ImageView view{.format = PixelFormat::kNv12, .width = 5, .height = 3};
  view.planes[0] = {pixels, 5};
  EXPECT_FALSE(Image::borrowed(view));  // no second plane
  view.planes[1] = {pixels + 15, 5};
  const Result<Image> narrow = Image::borrowed(view);
  ASSERT_FALSE(narrow);
  EXPECT_EQ(narrow.error().hint, "a row has 6 bytes");
  view.planes[1].stride = 6;
  EXPECT_TRUE(Image::borrowed(view));
}

TEST(PixelFormat, IsWrittenAndReadBack) {
  for (int f = 0; f < kPixelFormatCount; ++f) {
    const auto format = static_cast<PixelFormat>(f);
    EXPECT_EQ(parse_pixel_format(name(format)).value(), format);
  }
  EXPECT_FALSE(parse_pixel_format("yuyv"));
}

}  // namespace
}  // namespace weir
