// Pictures that are not three channels of 8 bits come out as if they were.
#include "tests/media/odd_pictures.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>

#include "weir/media/picture.h"

namespace weir {
namespace {

using Bgr = std::array<int, 3>;

std::vector<uint8_t> png(const cv::Mat& pixels) {
  std::vector<uint8_t> bytes;
  EXPECT_TRUE(cv::imencode(".png", pixels, bytes));
  return bytes;
}

Bgr pixel(const Image& image, int x, int y) {
  const uint8_t* p = image.view().row(0, y) + 3 * x;
  return {p[0], p[1], p[2]};
}

void expect_near(const Bgr& found, const Bgr& wanted, int tolerance) {
  for (std::size_t c = 0; c < 3; ++c) EXPECT_NEAR(found[c], wanted[c], tolerance) << c;
}

Image decoded(const std::vector<uint8_t>& bytes) {
  auto image = decode_picture(bytes);
  EXPECT_TRUE(image) << image.error().to_string();
  return image ? *image : Image();
}

TEST(OddPictures, GreyIsThreeEqualChannels) {
  const Image image = decoded(png(cv::Mat(3, 2, CV_8UC1, cv::Scalar(77))));
  EXPECT_EQ(image.format(), PixelFormat::kBgr);
  EXPECT_EQ(pixel(image, 1, 2), (Bgr{77, 77, 77}));
}

TEST(OddPictures, TransparencyIsLeftOut) {
  const Image image = decoded(png(cv::Mat(3, 2, CV_8UC4, cv::Scalar(10, 20, 30, 40))));
  EXPECT_EQ(pixel(image, 1, 2), (Bgr{10, 20, 30}));
}

TEST(OddPictures, Of16BitsTheUpper8AreKept) {
  const Image grey = decoded(png(cv::Mat(3, 2, CV_16UC1, cv::Scalar(0x4DF0))));
  expect_near(pixel(grey, 1, 2), {0x4D, 0x4D, 0x4D}, 1);
  const Image colour = decoded(png(cv::Mat(3, 2, CV_16UC3, cv::Scalar(0x10F0, 0x8000, 0xFFFF))));
  expect_near(pixel(colour, 0, 0), {0x10, 0x80, 0xFF}, 1);
  const Image alpha =
      decoded(png(cv::Mat(3, 2, CV_16UC4, cv::Scalar(0x10F0, 0x8000, 0xFFFF, 0x2000))));
  expect_near(pixel(alpha, 0, 0), {0x10, 0x80, 0xFF}, 1);
}

TEST(OddPictures, TheInksOfAPressBecomeColours) {
  const Image image = decoded(test::cmyk_jpeg(
      {{0, 0, 0, 0}, {0, 255, 255, 0}, {255, 0, 0, 0}, {0, 0, 0, 255}, {0, 0, 0, 100}}));
  ASSERT_EQ(image.width(), 40);
  expect_near(pixel(image, 3, 3), {255, 255, 255}, 3);
  expect_near(pixel(image, 11, 3), {0, 0, 255}, 3);
  expect_near(pixel(image, 19, 3), {255, 255, 0}, 3);
  expect_near(pixel(image, 27, 3), {0, 0, 0}, 3);
  expect_near(pixel(image, 35, 3), {155, 155, 155}, 3);
}

TEST(OddPictures, ExifTurnsThemUpright) {
  // White in its upper left corner.
  const Image image = Image::allocate(PixelFormat::kGrey, 32, 16).value();
  for (int y = 0; y < 16; ++y) {
    for (int x = 0; x < 32; ++x) image.view().row(0, y)[x] = x < 8 && y < 8 ? 255 : 0;
  }
  const auto jpeg = encode_picture(image, PictureFormat::kJpeg).value();
  struct Row {
    uint8_t orientation;
    int width, height, x, y;  // where the white corner then is
  };
  for (const Row& row : {Row{1, 32, 16, 3, 3}, Row{3, 32, 16, 28, 12}, Row{6, 16, 32, 12, 3},
                         Row{8, 16, 32, 3, 28}, Row{2, 32, 16, 28, 3}, Row{5, 16, 32, 3, 3}}) {
    const Image turned = decoded(test::with_orientation(jpeg, row.orientation));
    EXPECT_EQ(turned.width(), row.width) << int{row.orientation};
    EXPECT_EQ(turned.height(), row.height);
    expect_near(pixel(turned, row.x, row.y), {255, 255, 255}, 20);
    expect_near(pixel(turned, row.width / 2, row.height / 2), {0, 0, 0}, 20);
  }
}

}  // namespace
}  // namespace weir
