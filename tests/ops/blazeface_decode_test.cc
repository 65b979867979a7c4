#include "weir/ops/blazeface_decode.h"

#include <gtest/gtest.h>

#include "tests/ops/plain_blazeface.h"

namespace weir {
namespace {

TensorView view_of(float* values, const Shape& shape) {
  return {values, DType::kFloat32, shape, {}, {}};
}

TEST(BlazefaceAnchors, AreThoseOfMediapipesDetectors) {
  EXPECT_EQ(blazeface_anchors(128, 128, 896)->size(), 896U);
  EXPECT_EQ(blazeface_anchors(256, 256, 896)->size(), 896U);
  EXPECT_EQ(blazeface_anchors(192, 192, 2304)->size(), 2304U);
  EXPECT_EQ(blazeface_anchors(192, 192, 2016)->size(), 2016U);
  EXPECT_EQ(blazeface_anchors(224, 224, 2254)->size(), 2254U);
  const auto anchors = blazeface_anchors(128, 128, 896).value();
  const SsdAnchor first{0.5F / 16, 0.5F / 16, 1, 1};
  EXPECT_EQ(anchors[0], first);
  EXPECT_EQ(anchors[1], first);
  EXPECT_EQ(anchors[2], (SsdAnchor{1.5F / 16, 0.5F / 16, 1, 1}));
  // Three layers of the same stride: six at each place, before the next place comes.
  for (std::size_t i = 512; i < 518; ++i)
    EXPECT_EQ(anchors[i], (SsdAnchor{0.5F / 8, 0.5F / 8, 1, 1}));
  EXPECT_EQ(anchors[518], (SsdAnchor{1.5F / 8, 0.5F / 8, 1, 1}));
  // One layer alone has one at each place.
  EXPECT_EQ(blazeface_anchors(192, 192, 2304)->at(1), (SsdAnchor{1.5F / 48, 0.5F / 48, 1, 1}));
}

TEST(BlazefaceAnchors, OfAnUnknownModelAreAnErrorThatSaysWhatWouldFit) {
  const auto anchors = blazeface_anchors(128, 128, 900);
  ASSERT_FALSE(anchors);
  EXPECT_NE(anchors.error().message.find("900 rows at 128x128"), std::string::npos);
  EXPECT_NE(anchors.error().hint.find("896"), std::string::npos);
}

constexpr int kSide = 64;

// All outputs of a small detector, in one part or in two.
struct Outputs {
  std::vector<SsdAnchor> anchors = blazeface_anchors(kSide, kSide, {8, 16, 16, 16}).value();
  int64_t columns;
  std::vector<float> scores;
  std::vector<float> rows;

  explicit Outputs(int64_t c)
      : columns(c), scores(anchors.size(), -20.0F), rows(anchors.size() * std::size_t(c), 0.0F) {}
  std::vector<BlazefacePart> parts(std::size_t split) {
    std::vector<BlazefacePart> all;
    const std::size_t ends[] = {0, split, anchors.size()};
    for (int k = 0; k < 2; ++k) {
      const auto n = int64_t(ends[k + 1] - ends[k]);
      if (n == 0) continue;
      all.push_back({view_of(&scores[ends[k]], {1, n, 1}),
                     view_of(&rows[ends[k] * std::size_t(columns)], {1, n, columns})});
    }
    return all;
  }
  Result<std::vector<Finding>> decode(const BlazefaceDecodeSpec& spec, const ResizePlan& plan,
                                      std::size_t split = 0) {
    return blazeface_decode(parts(split), anchors, spec, plan);
  }
  std::vector<Finding> plainly(const BlazefaceDecodeSpec& spec, const ResizePlan& plan) const {
    return test::plain_blazeface({scores.data(), rows.data(), int(columns), kSide, kSide}, anchors,
                                 spec, plan);
  }
};

TEST(BlazefaceDecode, AgreesWithAPlainReference) {
  test::WildNumbers numbers(59, 300);
  const ResizePlan plan = test::letterboxed(kSide);
  for (int round = 0; round < 40; ++round) {
    Outputs outputs(4 + 2 * (round % 5));
    // In every other round in steps, so that anchors tie.
    const float noise = round % 2 == 0 ? 0.1F : 0;
    for (float& x : outputs.scores) x = float(numbers.below(12)) - 8 + noise * numbers.normal();
    for (std::size_t i = 0; i < outputs.rows.size(); ++i) {
      const std::size_t column = i % std::size_t(outputs.columns);
      outputs.rows[i] = column == 2 || column == 3 ? numbers.normal(14, 4) : numbers.normal(0, 4);
    }
    for (BlazefaceDecodeSpec spec : {BlazefaceDecodeSpec{},
                                     {.detect = {.score = 0.7F, .iou = 0.1F}},
                                     {.detect = {.score = 0.2F, .iou = 0.5F, .max_count = 7}},
                                     {.detect = {.score = 1.5F}}}) {
      spec.blend = round % 3 != 0;
      const auto found = outputs.decode(spec, plan).value();
      EXPECT_EQ(found, outputs.decode(spec, plan, outputs.anchors.size() / 3).value());
      test::expect_same_points(found, outputs.plainly(spec, plan));
    }
  }
}

TEST(BlazefaceDecode, TheBestCandidatesGoIn) {
  const ResizePlan plan = plan_resize(ResizePolicy::kStretch, 64, 64, kSide, kSide).value();
  Outputs outputs(4);
  for (std::size_t i = 0; i < outputs.anchors.size(); i += 30) {
    outputs.scores[i] = float(i) / 100;
    outputs.rows[4 * i + 2] = outputs.rows[4 * i + 3] = 2;
  }
  const auto found = outputs.decode({.detect = {.score = 0.5F, .candidates = 2}}, plan).value();
  ASSERT_EQ(found.size(), 2U);
  EXPECT_GT(found[0].best->score, found[1].best->score);
  EXPECT_EQ(found[0], outputs.decode({}, plan)->front());
}

TEST(BlazefaceDecode, AScoreAtTheThresholdStays) {
  const ResizePlan plan = plan_resize(ResizePolicy::kStretch, 64, 64, kSide, kSide).value();
  Outputs outputs(4);
  outputs.scores[5] = 0;  // 0.5 after the sigmoid
  outputs.rows[4 * 5 + 2] = outputs.rows[4 * 5 + 3] = 8;
  EXPECT_EQ(outputs.decode({.detect = {.score = 0.5F}}, plan)->size(), 1U);
  EXPECT_TRUE(outputs.decode({.detect = {.score = 0.500001F}}, plan)->empty());
  outputs.scores[5] = 1000;
  EXPECT_EQ(outputs.decode({.detect = {.score = 1}}, plan)->size(), 1U);
}

TEST(BlazefaceDecode, RefusesTensorsOfAnotherModel) {
  const ResizePlan plan = plan_resize(ResizePolicy::kStretch, 64, 64, kSide, kSide).value();
  Outputs outputs(16);
  EXPECT_TRUE(outputs.decode({}, plan));
  auto fewer = outputs.parts(100);
  fewer.pop_back();
  EXPECT_FALSE(blazeface_decode(fewer, outputs.anchors, {}, plan));
  auto more = outputs.parts(100);
  more.push_back(more[0]);
  EXPECT_FALSE(blazeface_decode(more, outputs.anchors, {}, plan));
  auto odd = outputs.parts(0);
  odd[0].rows.shape = {1, int64_t(outputs.anchors.size()), 5};
  EXPECT_FALSE(blazeface_decode(odd, outputs.anchors, {}, plan));
  EXPECT_FALSE(blazeface_decode({}, outputs.anchors, {}, plan));
}

}  // namespace
}  // namespace weir
