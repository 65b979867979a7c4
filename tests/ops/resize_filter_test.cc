// The filters against those that models were trained with: numbers that PIL 13 and OpenCV gave for
// the same picture (in floats, so that they rounded nothing), and OpenCV itself.
#include <gtest/gtest.h>

#include <cmath>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "tests/ops/picture_reference.h"
#include "weir/ops/prepare_image.h"

namespace weir {
namespace {

// A picture by rule, so that it need not be written down.
Image ruled(int width, int height) {
  const Image image = Image::allocate(PixelFormat::kGrey, width, height).value();
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      image.view().row(0, y)[x] = static_cast<uint8_t>(x * 37 + y * 91 + x * y * 5);
    }
  }
  return image;
}

Tensor resized(const Image& image, ResizeFilter filter, int width, int height, DType dtype) {
  const bool grey = image.format() == PixelFormat::kGrey;
  const PrepareSpec spec{.filter = filter,
                         .layout = TensorLayout::kNhwc,
                         .channels = grey ? ChannelOrder::kGrey : ChannelOrder::kBgr};
  Tensor out = Tensor::allocate(dtype, test::shape_of(spec, width, height)).value();
  EXPECT_TRUE(prepare_image(image.view(), spec, out.view()));
  return out;
}

struct Golden {
  ResizeFilter filter;
  int width, height;
  std::vector<double> first;
  std::vector<double> last;
  double sum;  // of all levels, limited to 0 … 255
};

// resize() of a 23x17 picture of mode F: PIL's NEAREST, BICUBIC and LANCZOS; OpenCV's INTER_AREA.
const Golden kGoldens[] = {
    {ResizeFilter::kNearest, 9, 7, {133, 217, 87, 171}, {117, 85, 165, 133}, 8089},
    {ResizeFilter::kNearest, 31, 20, {0, 37, 37, 74}, {212, 73, 73, 190}, 79988},
    {ResizeFilter::kArea,
     9,
     7,
     {93.49, 113.48, 132.89, 118.64},
     {103.06, 114.13, 138.31, 143.80},
     8066.74},
    {ResizeFilter::kArea, 31, 20, {0, 24.13, 48.26, 74}, {212, 115.30, 113.70, 190}, 79386.96},
    {ResizeFilter::kBicubic,
     9,
     7,
     {102.37, 115.28, 125.63, 125.51},
     {109.24, 115.80, 134.67, 140.32},
     8082.24},
    {ResizeFilter::kBicubic,
     31,
     20,
     {0, 16.91, 46.84, 74.13},
     {215.88, 114.86, 106.24, 194.43},
     79395.38},
    {ResizeFilter::kLanczos,
     9,
     7,
     {101.95, 117.05, 122.51, 123.87},
     {108.84, 117.17, 134.36, 140.11},
     8085.36},
    {ResizeFilter::kLanczos,
     31,
     20,
     {0, 16.18, 48.41, 69.88},
     {218.87, 118.03, 98.91, 196.47},
     79412.41}};

TEST(ResizeFilter, AgreesWithPilAndOpenCv) {
  const Image image = ruled(23, 17);
  for (const Golden& golden : kGoldens) {
    SCOPED_TRACE(std::string(name(golden.filter)) + " to " + std::to_string(golden.width));
    const Tensor out = resized(image, golden.filter, golden.width, golden.height, DType::kFloat32);
    const float* const levels = out.as<float>();
    const int count = golden.width * golden.height;
    double sum = 0;
    for (int i = 0; i < count; ++i) sum += double{levels[i]};
    EXPECT_NEAR(sum, golden.sum, 0.005 * count);
    for (std::size_t i = 0; i < golden.first.size(); ++i) {
      EXPECT_NEAR(levels[i], golden.first[i], 0.011);
      EXPECT_NEAR(levels[count - 4 + static_cast<int>(i)], golden.last[i], 0.011);
    }
  }
}

// Both round to whole levels; OpenCV's shares are floats, and those below 0.001 are left out.
TEST(ResizeFilter, AreaIsOpenCvs) {
  const Image image = test::noise(PixelFormat::kBgr, 221, 143, 3);
  const cv::Mat whole(143, 221, CV_8UC3, image.view().planes[0].data,
                      static_cast<std::size_t>(image.view().planes[0].stride));
  for (const auto& [width, height] : {std::pair{110, 71},
                                      {55, 143},
                                      {221, 13},
                                      {64, 48},
                                      {1, 1},
                                      {220, 142},
                                      {300, 200},
                                      {221, 201}}) {
    cv::Mat theirs;
    cv::resize(whole, theirs, {width, height}, 0, 0, cv::INTER_AREA);
    const Tensor ours = resized(image, ResizeFilter::kArea, width, height, DType::kUInt8);
    int largest = 0;
    int different = 0;
    for (int i = 0; i < width * height * 3; ++i) {
      const int away = std::abs(ours.as<uint8_t>()[i] - theirs.data[i]);
      largest = std::max(largest, away);
      different += away > 0 ? 1 : 0;
    }
    EXPECT_LE(largest, 1) << width << "x" << height;
    // Where it makes pictures larger, it computes with 11 bits.
    if (width > 221 || height > 143) continue;
    EXPECT_LE(different, width * height * 3 / 50) << width << "x" << height;
  }
}

// What the quick bilinear pass does in its stead is the same.
TEST(ResizeFilter, AreaOfHalfTheSizeIsTheMeanOfTwoByTwo) {
  for (const PixelFormat format : {PixelFormat::kBgr, PixelFormat::kI420, PixelFormat::kNv12}) {
    const Image image = test::noise(format, 128, 96, 3);
    const PrepareSpec spec{.filter = ResizeFilter::kArea};
    const Tensor out = Tensor::allocate(DType::kFloat32, test::shape_of(spec, 64, 48)).value();
    const ResizePlan plan = prepare_image(image.view(), spec, out.view()).value();
    const ImageView view = image.view();
    const test::PictureReference reference(view, spec);
    EXPECT_LE(test::largest_difference(
                  out, spec, 64, 48,
                  [&](int x, int y, int c) { return reference.prepared(plan, x, y, c); }),
              0.02);
  }
}

}  // namespace
}  // namespace weir
