#include "weir/ops/detr_decode.h"

#include <gtest/gtest.h>

#include "tests/ops/plain_decodes.h"

namespace weir {
namespace {

template <class T>
TensorView view_of(std::vector<T>& values, const Shape& shape) {
  return {values.data(), kDTypeOf<T>, shape, {}, {}};
}

TEST(DetrDecode, AgreesWithAPlainReference) {
  test::WildNumbers numbers(19);
  const ResizePlan plan = test::letterboxed(320);
  for (int round = 0; round < 40; ++round) {
    const int queries = numbers.below(80);
    std::vector<int64_t> labels;
    std::vector<float> boxes, scores;
    for (int i = 0; i < queries; ++i) {
      labels.push_back(numbers.below(8) - 1);
      for (int k = 0; k < 4; ++k) boxes.push_back(numbers.normal(k < 2 ? 100 : 200, 60));
      scores.push_back(numbers.below(30) == 0 ? numbers.normal() : numbers.share(9));
    }
    std::vector<float> real(labels.begin(), labels.end());
    const auto proposals = test::plain_detr(real.data(), boxes.data(), scores.data(), queries, 6);
    for (const DetectionSpec& detect : test::specs_to_try()) {
      const DetrDecodeSpec spec{.detect = detect, .classes = 6};
      const auto wanted = test::plain_detections(proposals, detect, plan);
      test::expect_same(detr_decode({view_of(labels, {1, queries}), view_of(boxes, {1, queries, 4}),
                                     view_of(scores, {queries})},
                                    spec, plan)
                            .value(),
                        wanted);
      std::vector<int32_t> small(labels.begin(), labels.end());
      for (const TensorView& other : {view_of(small, {queries}), view_of(real, {1, queries})}) {
        test::expect_same(
            detr_decode({other, view_of(boxes, {queries, 4}), view_of(scores, {1, queries})}, spec,
                        plan)
                .value(),
            wanted);
      }
    }
  }
}

TEST(DetrDecode, AScoreAtTheThresholdStays) {
  std::vector<int64_t> labels = {1, 2};
  std::vector<float> boxes = {0, 100, 100, 200, 100, 100, 200, 200};
  for (const float score : {0.1F, 0.5F, 0.7F, 1.0F}) {
    std::vector<float> scores = {std::nextafter(score, 0.0F), score};
    const auto found =
        detr_decode({view_of(labels, {2}), view_of(boxes, {2, 4}), view_of(scores, {2})},
                    {.detect = {.score = score, .iou = 1}}, test::letterboxed(320))
            .value();
    ASSERT_EQ(found.size(), 1U) << score;
    EXPECT_EQ(found[0].best, (ClassScore{2, score}));
  }
}

TEST(DetrDecode, WhatIsNoLabelIsNoFinding) {
  std::vector<float> labels = {test::kNan, test::kInfinity, -1, 1e20F, 2};
  std::vector<float> boxes(20, 100.0F), scores(5, 1.0F);
  for (std::size_t i = 2; i < 20; i += 4) boxes[i] = boxes[i + 1] = 200;
  const auto found =
      detr_decode({view_of(labels, {5}), view_of(boxes, {5, 4}), view_of(scores, {5})}, {},
                  test::letterboxed(320))
          .value();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].best->label_id, 2);
}

TEST(DetrDecode, SaysWhatItFoundAndWhatItExpects) {
  std::vector<int64_t> labels(8);
  std::vector<float> x(40);
  std::vector<uint8_t> bytes(8);
  const auto message = [&](const TensorView& l, const Shape& boxes, const Shape& scores) {
    const auto found =
        detr_decode({l, view_of(x, boxes), view_of(x, scores)}, {}, test::letterboxed(320));
    return found ? "" : found.error().to_string();
  };
  EXPECT_EQ(message(view_of(labels, {8}), {1, 8, 4}, {8}), "");
  EXPECT_EQ(message(view_of(labels, {8}), {1, 8, 5}, {8}),
            "the boxes of a DETR are float32 1x8x5; a dense float32 tensor of ?x4 is expected");
  EXPECT_EQ(message(view_of(labels, {8}), {8, 4}, {7}),
            "the scores of a DETR are float32 7; a dense float32 tensor of 8 is expected");
  EXPECT_EQ(message(view_of(bytes, {8}), {8, 4}, {8}),
            "the labels of a DETR are uint8 8; a dense int64, int32 or float32 tensor of 8 is "
            "expected");
}

}  // namespace
}  // namespace weir
