#include "weir/ops/ultraface_decode.h"

#include <gtest/gtest.h>

#include "tests/ops/plain_decodes.h"

namespace weir {
namespace {

TensorView view_of(std::vector<float>& values, const Shape& shape) {
  return {values.data(), DType::kFloat32, shape, {}, {}};
}

struct Outputs {
  int64_t count;
  int64_t classes;
  std::vector<float> scores;
  std::vector<float> boxes;

  Outputs(int64_t n, int64_t c)
      : count(n), classes(c), scores(std::size_t(n * c)), boxes(std::size_t(4 * n)) {}
  Result<std::vector<Finding>> decode(const UltrafaceDecodeSpec& spec, const ResizePlan& plan,
                                      std::span<const SsdAnchor> anchors = {}) {
    return ultraface_decode(view_of(scores, {1, count, classes}), view_of(boxes, {1, count, 4}),
                            anchors, spec, plan);
  }
};

TEST(UltrafaceDecode, AgreesWithAPlainReference) {
  test::WildNumbers numbers(43, 400);
  const ResizePlan plan = plan_resize(ResizePolicy::kStretch, 600, 300, 320, 240).value();
  for (int round = 0; round < 40; ++round) {
    Outputs outputs(150, 2 + round % 2);
    for (float& x : outputs.scores)
      x = numbers.below(50) == 0 ? numbers.normal() : numbers.share(9);
    for (int64_t i = 0; i < outputs.count; ++i) {
      float* box = &outputs.boxes[std::size_t(4 * i)];
      // In steps that float and double both hold exactly, so that no overlap is a matter of
      // rounding.
      const auto steps = [&](float mean, float deviation) {
        return std::round(numbers.normal(mean, deviation) * 64) / 64;
      };
      box[0] = steps(0.4F, 0.3F);
      box[1] = steps(0.4F, 0.3F);
      box[2] = box[0] + numbers.share(16);  // of some of them nothing is left
      box[3] = box[1] + numbers.share(16);
    }
    const auto proposals =
        test::plain_ultraface(outputs.scores.data(), outputs.boxes.data(), int(outputs.count),
                              int(outputs.classes), 320, 240);
    for (DetectionSpec detect : test::specs_to_try()) {
      detect.iou += 0.00037F;  // which no overlap of such boxes is
      const auto found = outputs.decode({.detect = detect}, plan).value();
      test::expect_same(found, test::plain_detections(proposals, detect, plan));
      EXPECT_EQ(found, outputs.decode({.detect = detect}, plan).value());
    }
  }
}

TEST(UltrafaceDecode, HasAsManyAnchorsAsItsModels) {
  const std::vector<SsdAnchor> anchors = ultraface_anchors(320, 240);
  ASSERT_EQ(anchors.size(), 4420U);
  EXPECT_EQ(ultraface_anchors(640, 480).size(), 17640U);
  EXPECT_EQ(anchors[1], (SsdAnchor{4 / 320.0F, 4 / 240.0F, 16 / 320.0F, 16 / 240.0F}));
  EXPECT_EQ(anchors.back(),
            (SsdAnchor{(4.5F * 64) / 320, (3.5F * 64) / 240, 256 / 320.0F, 256 / 240.0F}));
}

TEST(UltrafaceDecode, BringsAnAnchorIntoTheSource) {
  const ResizePlan plan = plan_resize(ResizePolicy::kStretch, 640, 240, 320, 240).value();
  const std::vector<SsdAnchor> anchors = {{0.5F, 0.5F, 0.2F, 0.4F}};
  Outputs outputs(1, 2);
  outputs.scores = {0.1F, 0.9F};
  // A tenth of the anchor to the right, two tenths down; twice as wide, as high as it was.
  outputs.boxes = {1, 2, 5 * std::log(2.0F), 0};
  UltrafaceDecodeSpec spec;
  spec.decoded = false;
  const auto found = outputs.decode(spec, plan, anchors).value();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_NEAR(found[0].box->x1, (0.52 - 0.2) * 640, 1e-3);
  EXPECT_NEAR(found[0].box->x2, (0.52 + 0.2) * 640, 1e-3);
  EXPECT_NEAR(found[0].box->y1, (0.58 - 0.2) * 240, 1e-3);
  EXPECT_NEAR(found[0].box->y2, (0.58 + 0.2) * 240, 1e-3);
  EXPECT_EQ(found[0].best, (ClassScore{0, 0.9F}));
}

TEST(UltrafaceDecode, RefusesBoxesThatWereNotDecoded) {
  test::WildNumbers numbers(47, 0);
  const ResizePlan plan = plan_resize(ResizePolicy::kStretch, 320, 240, 320, 240).value();
  Outputs outputs(4420, 2);
  for (float& x : outputs.boxes) x = numbers.normal();
  const auto found = outputs.decode({}, plan);
  ASSERT_FALSE(found);
  EXPECT_NE(found.error().hint.find("decoded: false"), std::string::npos);
  UltrafaceDecodeSpec spec;
  spec.decoded = false;
  EXPECT_TRUE(outputs.decode(spec, plan, ultraface_anchors(320, 240)));
  EXPECT_FALSE(outputs.decode(spec, plan, ultraface_anchors(640, 480)));
}

TEST(UltrafaceDecode, AScoreAtTheThresholdStays) {
  const ResizePlan plan = plan_resize(ResizePolicy::kStretch, 32, 24, 320, 240).value();
  Outputs outputs(1, 3);
  outputs.scores = {0, 0.25F, 0.5F};
  outputs.boxes = {0, 0, 1, 1};
  const auto found = outputs.decode({.detect = {.score = 0.5F}}, plan).value();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].best->label_id, 1);  // the background is not counted
  EXPECT_TRUE(outputs.decode({.detect = {.score = 0.500001F}}, plan)->empty());
}

TEST(UltrafaceDecode, RefusesTensorsOfAnotherModel) {
  const ResizePlan plan = plan_resize(ResizePolicy::kStretch, 320, 240, 320, 240).value();
  Outputs outputs(12, 2);
  EXPECT_TRUE(outputs.decode({}, plan));
  EXPECT_FALSE(Outputs(12, 1).decode({}, plan));
  outputs.scores.resize(100);
  EXPECT_FALSE(ultraface_decode(view_of(outputs.scores, {1, 13, 2}),
                                view_of(outputs.boxes, {1, 12, 4}), {}, {}, plan));
  EXPECT_FALSE(ultraface_decode(view_of(outputs.scores, {1, 12, 2}),
                                view_of(outputs.boxes, {1, 6, 8}), {}, {}, plan));
  EXPECT_TRUE(Outputs(0, 2).decode({}, plan)->empty());
}

}  // namespace
}  // namespace weir
