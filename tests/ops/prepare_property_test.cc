// Every format, policy and odd size, for all instructions that this machine has, against the
// definition in double: every pixel within 0.02 of a level in float, or 0.51 of one in bytes.
#include <gtest/gtest.h>

#include <cstring>
#include <vector>

#include "tests/ops/picture_reference.h"
#include "tests/ops/simd_targets.h"
#include "weir/ops/prepare_image.h"
#include "weir/ops/resize_rule.h"

namespace weir {
namespace {

struct Size {
  int width;
  int height;
};

const ResizeRule kRules[] = {
    {.policy = ResizePolicy::kStretch},
    {.policy = ResizePolicy::kLetterbox},
    {.policy = ResizePolicy::kLetterboxCentered},
    {.policy = ResizePolicy::kCrop},
    {.policy = ResizePolicy::kPad},
    {.policy = ResizePolicy::kMinMax,
     .min_side = 30,
     .max_side = 80,
     .crop = {.left = 3},
     .pad = {.top = 2}},
    {.policy = ResizePolicy::kPyramid, .pad = {.left = 1}},
};

// What goes on in one picture: made once, compared for each set of instructions.
struct Case {
  ImageView view;
  ResizePlan plan;
  PrepareSpec spec;
  DType dtype;
};

void run(const Case& c) {
  const test::PictureReference reference(c.view, c.spec);
  const int channels = channel_count(c.spec.channels);
  std::vector<double> expected;
  for (int y = 0; y < c.plan.height; ++y) {
    for (int x = 0; x < c.plan.width; ++x) {
      for (int i = 0; i < channels; ++i) expected.push_back(reference.prepared(c.plan, x, y, i));
    }
  }
  const Tensor out =
      Tensor::allocate(c.dtype, test::shape_of(c.spec, c.plan.width, c.plan.height)).value();
  test::for_each_simd_target([&] {
    std::memset(out.view().data, 0xAB, out.view().bytes());
    ASSERT_TRUE(prepare_image(c.view, c.plan, c.spec, out.view()));
    const auto at = [&](int x, int y, int i) {
      return expected[static_cast<std::size_t>((y * c.plan.width + x) * channels + i)];
    };
    ASSERT_LE(test::largest_difference(out, c.spec, c.plan.width, c.plan.height, at),
              c.dtype == DType::kFloat32 ? 0.02 : 0.51)
        << name(c.view.format) << " " << c.view.width << "x" << c.view.height << " "
        << name(c.spec.resize) << " " << name(c.spec.filter) << " to " << c.plan.width << "x"
        << c.plan.height << " " << name(c.dtype) << " " << name(c.spec.layout) << " "
        << name(c.spec.channels);
  });
}

class PrepareProperty : public testing::TestWithParam<PixelFormat> {
 protected:
  // Goes round through what is not in the loops.
  Case next(const Image& image) {
    ++count_;
    Case c;
    c.view = image.view();
    c.view.rotation = count_ % 4 == 3 ? static_cast<Rotation>(count_ / 4 % 4) : Rotation::k0;
    c.view.matrix = static_cast<YuvMatrix>(count_ / 2 % 2);
    c.view.full_range = count_ % 3 == 0;
    c.spec.layout = static_cast<TensorLayout>(count_ % 2);
    c.spec.channels = static_cast<ChannelOrder>(count_ / 3 % 3);
    c.spec.pad = {114, 3, 250};
    c.dtype = std::vector{DType::kFloat32, DType::kUInt8, DType::kInt8,
                          DType::kFloat32}[static_cast<std::size_t>(count_ / 2 % 4)];
    if (c.dtype == DType::kInt8) c.spec.zero_point = -128;
    return c;
  }

  int count_ = 0;
};

TEST_P(PrepareProperty, EveryPolicyAndOddSize) {
  for (const Size from : {Size{1, 1}, {2, 3}, {7, 1}, {17, 31}, {33, 65}, {129, 67}, {221, 143}}) {
    const Image image = test::noise(GetParam(), from.width, from.height, 5);
    for (const ResizeRule& rule : kRules) {
      for (const Size to : {Size{1, 1}, {7, 5}, {33, 17}, {64, 48}, {97, 131}}) {
        Case c = next(image);
        const bool open = rule.policy == ResizePolicy::kPyramid;
        const Box whole{0, 0, static_cast<float>(c.view.upright_width()),
                        static_cast<float>(c.view.upright_height())};
        const auto plan = plan_resize(rule, c.view.upright_width(), c.view.upright_height(), whole,
                                      open ? OpenSize{} : OpenSize{to.width, to.height});
        if (!plan) continue;  // a cut that leaves nothing
        c.plan = *plan;
        c.spec.resize = rule.policy;
        run(c);
        if (HasFatalFailure()) return;
      }
    }
  }
}

TEST_P(PrepareProperty, LongThinAndLargePictures) {
  for (const Size from : {Size{1, 5000}, {5000, 1}, {4099, 2161}, {2731, 1537}}) {
    const Image image = test::noise(GetParam(), from.width, from.height, 5);
    for (const Size to : {Size{64, 64}, {1, 33}, {161, 1}, {223, 129}}) {
      for (const auto policy : {ResizePolicy::kStretch, ResizePolicy::kLetterboxCentered}) {
        Case c = next(image);
        c.plan = plan_resize(policy, c.view.upright_width(), c.view.upright_height(), to.width,
                             to.height)
                     .value();
        c.spec.resize = policy;
        run(c);
        if (HasFatalFailure()) return;
      }
    }
  }
}

// The ratios for which kernels take more or fewer windows, and a region whose ends are nowhere.
TEST_P(PrepareProperty, EveryRatio) {
  const Image image = test::noise(GetParam(), 801, 37, 5);
  for (int i = 1; i < 60; ++i) {
    Case c = next(image);
    c.view.rotation = i % 2 == 0 ? Rotation::k0 : Rotation::k180;
    const float across = 0.13F * static_cast<float>(i) * 67;
    c.plan = plan_resize(ResizePolicy::kStretch, 801, 37, 67, 9,
                         {3.3F * static_cast<float>(i % 5) - 5, -0.4F, 5 + across, 35.7F})
                 .value();
    run(c);
    if (HasFatalFailure()) return;
  }
}

// Every filter, to smaller and larger sizes, on the picture's side too, and out of its borders.
TEST_P(PrepareProperty, EveryFilter) {
  for (const Size from : {Size{1, 1}, {2, 3}, {7, 1}, {33, 18}, {96, 67}}) {
    const Image image = test::noise(GetParam(), from.width, from.height, 5);
    for (const Size to : {Size{1, 1}, {7, 5}, {16, 9}, {48, 34}, {97, 71}}) {
      for (const ResizeFilter filter : {ResizeFilter::kNearest, ResizeFilter::kArea,
                                        ResizeFilter::kBicubic, ResizeFilter::kLanczos}) {
        for (const bool part : {false, true}) {
          Case c = next(image);
          const auto w = static_cast<float>(c.view.upright_width());
          const auto h = static_cast<float>(c.view.upright_height());
          const Box region =
              part ? Box{-0.3F * w, 0.21F * h, 0.83F * w, 1.11F * h} : Box{0, 0, w, h};
          const auto policy =
              count_ % 2 == 0 ? ResizePolicy::kStretch : ResizePolicy::kLetterboxCentered;
          c.plan = plan_resize(policy, c.view.upright_width(), c.view.upright_height(), to.width,
                               to.height, region)
                       .value();
          c.spec.filter = filter;
          run(c);
          if (HasFatalFailure()) return;
        }
      }
    }
  }
}

// Exactly half the size: there are kernels of their own for that, and others for bytes that are
// levels, which look at whole numbers.
TEST_P(PrepareProperty, HalfTheSize) {
  const Image image = test::noise(GetParam(), 223, 134, 5);
  for (int i = 0; i < 192; ++i) {
    Case c;
    c.view = image.view();
    c.view.matrix = static_cast<YuvMatrix>(i % 2);
    c.view.full_range = i / 2 % 2 == 0;
    c.spec.layout = static_cast<TensorLayout>(i / 4 % 2);
    const int element = i / 8 % 4;
    c.dtype = element == 0 ? DType::kFloat32 : element == 1 ? DType::kInt8 : DType::kUInt8;
    if (element == 1) c.spec.zero_point = -128;
    if (element == 2) c.spec.step = 2;  // not levels
    c.spec.channels = static_cast<ChannelOrder>(i / 32 % 3);
    // All of it but what has no partner, in the middle; or a part that begins at an even pixel.
    const bool whole = i < 96;
    const Box region = whole ? Box{0, 0, 222, 134} : Box{6, 4, 206, 120};
    const int width = whole ? 111 : 100;
    const int height = whole ? 67 : 58;
    c.plan = {223, 134, 130, 80, 9, 6, width, height, region};
    run(c);
    if (HasFatalFailure()) return;
  }
}

INSTANTIATE_TEST_SUITE_P(Formats, PrepareProperty,
                         testing::Values(PixelFormat::kBgr, PixelFormat::kRgb, PixelFormat::kGrey,
                                         PixelFormat::kNv12, PixelFormat::kI420),
                         [](const auto& format) { return std::string(name(format.param)); });

}  // namespace
}  // namespace weir
