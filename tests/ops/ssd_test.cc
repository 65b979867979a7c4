#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "tests/ops/plain_decodes.h"
#include "weir/ops/ssd_anchors.h"
#include "weir/ops/ssd_decode.h"

namespace weir {
namespace {

TEST(SsdAnchors, OfMobilenetV2Are1917) {
  const std::vector<SsdAnchor> anchors = ssd_anchors().value();
  ASSERT_EQ(anchors.size(), 1917U);
  const auto near = [](const SsdAnchor& a, double x, double y, double w, double h) {
    return std::abs(a.x - x) < 1e-6 && std::abs(a.y - y) < 1e-6 && std::abs(a.width - w) < 1e-6 &&
           std::abs(a.height - h) < 1e-6;
  };
  const double r2 = std::sqrt(2.0);
  // The first place of the 19 x 19 layer: three anchors.
  EXPECT_TRUE(near(anchors[0], 0.5 / 19, 0.5 / 19, 0.1, 0.1));
  EXPECT_TRUE(near(anchors[1], 0.5 / 19, 0.5 / 19, 0.2 * r2, 0.2 / r2));
  EXPECT_TRUE(near(anchors[2], 0.5 / 19, 0.5 / 19, 0.2 / r2, 0.2 * r2));
  EXPECT_TRUE(near(anchors[3], 1.5 / 19, 0.5 / 19, 0.1, 0.1));
  EXPECT_TRUE(near(anchors[3 * 19], 0.5 / 19, 1.5 / 19, 0.1, 0.1));
  // The first place of the 10 x 10 layer: six.
  EXPECT_TRUE(near(anchors[1083], 0.05, 0.05, 0.35, 0.35));
  EXPECT_TRUE(near(anchors[1083 + 3], 0.05, 0.05, 0.35 * std::sqrt(3.0), 0.35 / std::sqrt(3.0)));
  EXPECT_TRUE(near(anchors[1083 + 5], 0.05, 0.05, std::sqrt(0.35 * 0.5), std::sqrt(0.35 * 0.5)));
  // The only place of the last.
  EXPECT_TRUE(near(anchors[1911], 0.5, 0.5, 0.95, 0.95));
  EXPECT_TRUE(near(anchors[1916], 0.5, 0.5, std::sqrt(0.95), std::sqrt(0.95)));
}

TEST(SsdAnchors, RefuseSpecsWithoutSense) {
  EXPECT_FALSE(ssd_anchors({.input_width = 0}));
  EXPECT_FALSE(ssd_anchors({.strides = {16, 0}}));
  EXPECT_FALSE(ssd_anchors({.aspect_ratios = {0}}));
  EXPECT_TRUE(ssd_anchors({.strides = {}}).value().empty());
}

class Outputs {
 public:
  Outputs(std::size_t anchors, int classes)
      : boxes(anchors * 4, 0.0F),
        scores(anchors * static_cast<std::size_t>(classes), -20.0F),
        anchors_(static_cast<int64_t>(anchors)),
        classes_(classes) {}
  Result<std::vector<Finding>> decode(std::span<const SsdAnchor> anchors, const SsdDecodeSpec& spec,
                                      const ResizePlan& plan) {
    return ssd_decode({boxes.data(), DType::kFloat32, {1, anchors_, 4}, {}, {}},
                      {scores.data(), DType::kFloat32, {1, anchors_, classes_}, {}, {}}, anchors,
                      spec, plan);
  }
  float& score(std::size_t anchor, int c) {
    return scores[anchor * static_cast<std::size_t>(classes_) + static_cast<std::size_t>(c)];
  }
  std::vector<float> boxes;
  std::vector<float> scores;

 private:
  int64_t anchors_;
  int64_t classes_;
};

const ResizePlan kPlan = plan_resize(ResizePolicy::kStretch, 600, 300, 300, 300).value();

TEST(SsdDecode, BringsAnAnchorIntoTheSource) {
  const std::vector<SsdAnchor> anchors = {{0.5F, 0.5F, 0.2F, 0.4F}};
  Outputs outputs(1, 3);
  outputs.score(0, 0) = 9;  // the background does not count
  outputs.score(0, 2) = 1.5F;
  // A tenth of the anchor down, two tenths to the right; twice as high, as wide as it was.
  outputs.boxes = {1, 2, 5 * std::log(2.0F), 0};
  const auto found = outputs.decode(anchors, {}, kPlan).value();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].best->label_id, 2);
  EXPECT_FLOAT_EQ(found[0].best->score, 1 / (1 + std::exp(-1.5F)));
  EXPECT_NEAR(found[0].box->x1, (0.54 - 0.1) * 600, 1e-3);
  EXPECT_NEAR(found[0].box->x2, (0.54 + 0.1) * 600, 1e-3);
  EXPECT_NEAR(found[0].box->y1, (0.54 - 0.4) * 300, 1e-3);
  EXPECT_NEAR(found[0].box->y2, (0.54 + 0.4) * 300, 1e-3);
}

TEST(SsdDecode, AgreesWithAPlainReference) {
  test::WildNumbers numbers(31, 3000);
  const std::vector<SsdAnchor> anchors = ssd_anchors().value();
  for (int round = 0; round < 6; ++round) {
    Outputs outputs(anchors.size(), 24);
    for (float& x : outputs.boxes) x = numbers.normal();
    // In every other round in steps, so that classes and anchors tie.
    for (float& x : outputs.scores) {
      x = round % 2 == 0 ? numbers.normal(-4, 2) : float(numbers.below(12) - 9);
    }
    const auto proposals = test::plain_ssd(outputs.boxes.data(), outputs.scores.data(), 24, anchors,
                                           kPlan.width, kPlan.height);
    for (const DetectionSpec& detect : test::specs_to_try()) {
      SsdDecodeSpec spec;
      spec.detect = detect;
      const auto found = outputs.decode(anchors, spec, kPlan).value();
      test::expect_same(found, test::plain_detections(proposals, detect, kPlan));
      EXPECT_EQ(found, outputs.decode(anchors, spec, kPlan).value());
    }
  }
}

TEST(SsdDecode, AScoreAtTheThresholdStays) {
  const std::vector<SsdAnchor> anchors(1, SsdAnchor{0.5F, 0.5F, 0.2F, 0.2F});
  Outputs outputs(1, 2);
  for (const float logit : {-15.0F, -3.3F, -0.1F, 0.0F, 1.7F, 9.0F, 15.9F, 16.6F}) {
    outputs.score(0, 1) = logit;
    SsdDecodeSpec spec;
    spec.detect.score = 1 / (1 + std::exp(-logit));
    EXPECT_EQ(outputs.decode(anchors, spec, kPlan)->size(), 1U) << logit;
    spec.detect.score = std::nextafter(spec.detect.score, 2.0F);
    EXPECT_TRUE(outputs.decode(anchors, spec, kPlan)->empty()) << logit;
  }
}

TEST(SsdDecode, WhatIsNotFiniteIsNoFinding) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const std::vector<SsdAnchor> anchors(4, SsdAnchor{0.5F, 0.5F, 0.2F, 0.2F});
  Outputs outputs(4, 2);
  outputs.score(0, 1) = nan;
  outputs.score(1, 1) = 3;
  outputs.boxes[4] = nan;
  outputs.score(2, 1) = 3;
  outputs.boxes[8 + 2] = 1e9F;
  outputs.score(3, 1) = 3;
  outputs.boxes[12] = 1e6F;  // far below the picture
  EXPECT_TRUE(outputs.decode(anchors, {}, kPlan).value().empty());
  EXPECT_TRUE(Outputs(0, 2).decode({}, {}, kPlan).value().empty());
}

TEST(SsdDecode, RefusesTensorsOfAnotherModel) {
  const std::vector<SsdAnchor> anchors(4);
  Outputs fewer(3, 2);
  const auto found = fewer.decode(anchors, {}, kPlan);
  ASSERT_FALSE(found);
  EXPECT_NE(found.error().message.find("1x3x4"), std::string::npos);
  std::vector<float> x(100);
  const TensorView six{x.data(), DType::kFloat32, {4, 6}, {}, {}};
  const TensorView four{x.data(), DType::kFloat32, {4, 4}, {}, {}};
  const TensorView bytes{x.data(), DType::kUInt8, {4, 4}, {}, {}};
  EXPECT_FALSE(ssd_decode(six, four, anchors, {}, kPlan));
  EXPECT_FALSE(ssd_decode(four, bytes, anchors, {}, kPlan));
  EXPECT_TRUE(ssd_decode(four, six, anchors, {}, kPlan));
}

}  // namespace
}  // namespace weir
