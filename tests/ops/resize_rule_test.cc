#include "weir/ops/resize_rule.h"

#include <gtest/gtest.h>

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <random>

#include "tests/ops/picture_reference.h"

namespace weir {
namespace {

using P = ResizePolicy;

Result<ResizePlan> plan_of(const ResizeRule& rule, int width, int height, OpenSize size = {}) {
  const Box whole{0, 0, static_cast<float>(width), static_cast<float>(height)};
  return plan_resize(rule, width, height, whole, size);
}

// A driving net's ways from the camera to the input: in training by a pair of sides and a cut that
// is chosen at random, when deployed by a pyramid, a cut of the sky and a pad.
struct Chain {
  int source_width, source_height;
  ResizeRule rule;
  OpenSize size;
  int inner_width, inner_height, width, height;
};
const ResizeRule kPair{.policy = P::kMinMax, .min_side = 540, .max_side = 1140};

ResizeRule pair_cut(int left, int top) {
  ResizeRule rule = kPair;
  rule.crop = {.left = left, .top = top};
  return rule;
}
ResizeRule pyramid(int top, int right) {
  return {.policy = P::kPyramid, .crop = {.top = top}, .pad = {.right = right}};
}

const Chain kChains[] = {
    {1280, 720, pair_cut(0, 13), {960, 512}, 960, 540, 960, 512},
    {1824, 940, pair_cut(40, 28), {960, 512}, 1048, 540, 960, 512},
    {1920, 1080, pair_cut(0, 0), {960, 512}, 960, 540, 960, 512},
    {2280, 1080, pair_cut(180, 5), {960, 512}, 1140, 540, 960, 512},
    {1824, 940, pyramid(22, 48), {}, 912, 470, 960, 448},
    {1920, 1080, pyramid(28, 0), {}, 960, 540, 960, 512},
    {2280, 1080, pyramid(28, 0), {}, 1140, 540, 1140, 512},
};

TEST(ResizeRule, TheSevenChainsOfADrivingNet) {
  for (const Chain& chain : kChains) {
    const ResizePlan plan =
        plan_of(chain.rule, chain.source_width, chain.source_height, chain.size).value();
    EXPECT_EQ(plan.inner_width, chain.inner_width);
    EXPECT_EQ(plan.inner_height, chain.inner_height);
    EXPECT_EQ(plan.width, chain.width);
    EXPECT_EQ(plan.height, chain.height);
    EXPECT_EQ(plan.left, -chain.rule.crop.left);
    EXPECT_EQ(plan.top, -chain.rule.crop.top);
  }
}

// One pass gives what resizing, cutting and padding one after the other give.
TEST(ResizeRule, OnePassIsTheWholeChain) {
  for (const Chain& chain : kChains) {
    const Image image = test::noise(PixelFormat::kBgr, chain.source_width, chain.source_height, 7);
    const ImageView& view = image.view();
    cv::Mat exact, small;
    cv::Mat(view.height, view.width, CV_8UC3, view.planes[0].data,
            static_cast<std::size_t>(view.planes[0].stride))
        .convertTo(exact, CV_32FC3);
    const bool half = chain.rule.policy == P::kPyramid;
    cv::resize(exact, small, {chain.inner_width, chain.inner_height}, 0, 0,
               half ? cv::INTER_AREA : cv::INTER_LINEAR);
    cv::Mat expected(chain.height, chain.width, CV_32FC3, cv::Scalar(114, 114, 114));
    const int width = std::min(chain.width, chain.inner_width - chain.rule.crop.left);
    const cv::Rect seen(chain.rule.crop.left, chain.rule.crop.top, width, chain.height);
    small(seen).copyTo(expected(cv::Rect(0, 0, width, chain.height)));

    const ResizePlan plan = plan_of(chain.rule, view.width, view.height, chain.size).value();
    const PrepareSpec spec{.layout = TensorLayout::kNhwc, .channels = ChannelOrder::kBgr};
    const Tensor out = Tensor::allocate(DType::kFloat32, {chain.height, chain.width, 3}).value();
    ASSERT_TRUE(prepare_image(view, plan, spec, out.view()));
    const cv::Mat ours(chain.height, chain.width, CV_32FC3, out.as<float>());
    EXPECT_LE(cv::norm(ours, expected, cv::NORM_INF), 0.04);
  }
}

// Also what was cut off: a point of it lies beyond the input, and comes back.
TEST(ResizeRule, PointsAndBoxesComeBackToWhereTheyWere) {
  for (const Chain& chain : kChains) {
    const ResizePlan plan =
        plan_of(chain.rule, chain.source_width, chain.source_height, chain.size).value();
    const auto w = static_cast<float>(chain.source_width);
    const auto h = static_cast<float>(chain.source_height);
    for (const Box& box : {Box{0, 0, w, h}, Box{w / 7, h / 3, w / 2, h}, Box{0, 0, 9, 5}}) {
      const Box again = plan.to_source(plan.to_input(box));
      EXPECT_NEAR(again.x1, box.x1, 0.001 * w);
      EXPECT_NEAR(again.y1, box.y1, 0.001 * h);
      EXPECT_NEAR(again.x2, box.x2, 0.001 * w);
      EXPECT_NEAR(again.y2, box.y2, 0.001 * h);
    }
    const Point corner =
        plan.to_source().apply(Point{static_cast<float>(plan.left), static_cast<float>(plan.top)});
    EXPECT_NEAR(corner.x, 0, 0.001);
    EXPECT_NEAR(corner.y, 0, 0.001);
  }
}

TEST(ResizeRule, PlacesWhatItScales) {
  struct Row {
    ResizeRule rule;
    int source_width, source_height;
    OpenSize size;
    int left, top, inner_width, inner_height, width, height;
  };
  const ResizeRule crop{.policy = P::kCrop};
  const ResizeRule short_side{.policy = P::kCrop, .short_side = 256};
  const ResizeRule pad{.policy = P::kPad, .multiple = 32};
  for (const Row& row : {
           Row{crop, 640, 480, {224, 224}, -38, 0, 299, 224, 224, 224},
           Row{crop, 480, 640, {224, 224}, 0, -38, 224, 299, 224, 224},
           Row{short_side, 640, 480, {224, 224}, -59, -16, 341, 256, 224, 224},
           Row{short_side, 300, 300, {288, 288}, 16, 16, 256, 256, 288, 288},
           Row{pad, 641, 480, {}, 0, 0, 641, 480, 672, 480},
           Row{pad, 100, 50, {640, 640}, 0, 0, 100, 50, 640, 640},
           Row{pad, 1280, 720, {640, 640}, 0, 0, 640, 360, 640, 640},
           Row{{.policy = P::kPad, .max_side = 320, .multiple = 32},
               640,
               400,
               {},
               0,
               0,
               320,
               200,
               320,
               224},
           Row{{.policy = P::kStretch, .max_side = 960, .multiple = 32},
               1920,
               1000,
               {},
               0,
               0,
               960,
               512,
               960,
               512},
           Row{{.policy = P::kLetterbox, .multiple = 64}, 100, 70, {}, 0, 0, 128, 90, 128, 128},
           Row{{.policy = P::kPyramid}, 7, 5, {}, 0, 0, 3, 2, 3, 2},
           Row{{.policy = P::kPyramid}, 1, 5000, {}, 0, 0, 1, 2500, 1, 2500},
       }) {
    const ResizePlan plan =
        plan_of(row.rule, row.source_width, row.source_height, row.size).value();
    const auto of = [](auto... numbers) { return std::vector<int>{numbers...}; };
    EXPECT_EQ(of(plan.left, plan.top, plan.inner_width, plan.inner_height, plan.width, plan.height),
              of(row.left, row.top, row.inner_width, row.inner_height, row.width, row.height));
  }
}

TEST(ResizeRule, APyramidDropsTheLastOfAnOddNumber) {
  const ResizePlan plan = plan_of({.policy = P::kPyramid}, 7, 5).value();
  EXPECT_EQ(plan.region, (Box{0, 0, 6, 4}));
  EXPECT_EQ(plan.to_source(Box{0, 0, 1, 1}), (Box{0, 0, 2, 2}));
}

TEST(ResizeRule, RefusesWhatContradictsItself) {
  EXPECT_FALSE(plan_of({.policy = P::kCrop}, 10, 10));
  EXPECT_FALSE(plan_of({.policy = P::kMinMax}, 10, 10));
  EXPECT_FALSE(plan_of({.policy = P::kStretch, .crop = {.top = 1}}, 10, 10, {4, 4}));
  EXPECT_FALSE(plan_of({.policy = P::kPad, .crop = {.top = 1}, .pad = {.top = 1}}, 10, 10));
  EXPECT_FALSE(plan_of({.policy = P::kPad, .crop = {.left = 5, .right = 5}}, 10, 10));
  EXPECT_FALSE(plan_of({.policy = P::kPad, .crop = {.right = 2}}, 10, 10, {10, 10}));
  EXPECT_FALSE(plan_of({.policy = P::kPad, .pad = {.top = -1}}, 10, 10));
  EXPECT_FALSE(plan_of({}, 10, 10, {-1, 4}));
  EXPECT_FALSE(plan_of({}, 0, 10, {4, 4}));
  EXPECT_FALSE(plan_resize(P::kMinMax, 10, 10, 4, 4));
}

}  // namespace
}  // namespace weir
