#include "weir/ops/yolo_decode.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/ops/plain_detections.h"
#include "tests/ops/simd_targets.h"

namespace weir {
namespace {

TensorView view_of(std::vector<float>& values, const Shape& shape) {
  return {values.data(), DType::kFloat32, shape, {}, {}};
}

// The same numbers box by box, [N,4+C], and class by class.
std::vector<float> transposed(const std::vector<float>& rows, std::size_t columns) {
  std::vector<float> other(rows.size());
  const std::size_t count = rows.size() / columns;
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t c = 0; c < columns; ++c) other[c * count + i] = rows[i * columns + c];
  }
  return other;
}

std::vector<test::Proposal> plainly(const std::vector<float>& rows, std::size_t columns,
                                    float score) {
  std::vector<test::Proposal> proposals;
  for (std::size_t i = 0; i < rows.size(); i += columns) {
    const float* v = &rows[i];
    int label = -1;
    for (int c = 0; c < int(columns) - 4; ++c) {
      if (std::isnan(v[4 + c]) || v[4 + c] == -test::kInfinity) continue;
      if (label < 0 || v[4 + c] > v[4 + label]) label = c;
    }
    if (label < 0 || !(v[4 + label] >= score)) continue;
    const double cx = v[0], cy = v[1], w = v[2], h = v[3];
    proposals.push_back({cx - w / 2, cy - h / 2, cx + w / 2, cy + h / 2, v[4 + label], label});
  }
  return proposals;
}

std::vector<float> random_rows(test::WildNumbers& numbers, std::size_t count, std::size_t columns) {
  std::vector<float> rows;
  for (std::size_t i = 0; i < count; ++i) {
    for (int k = 0; k < 4; ++k) rows.push_back(std::round(numbers.normal(k < 2 ? 200 : 60, 40)));
    for (std::size_t c = 4; c < columns; ++c) {
      rows.push_back(numbers.below(60) == 0 ? numbers.normal() : numbers.share(12) * 0.9F);
    }
  }
  return rows;
}

// Sides around those of vectors, groups of classes and blocks of boxes.
TEST(YoloDecode, AgreesWithAPlainReferenceInBothLayouts) {
  test::WildNumbers numbers(21, 60);
  const ResizePlan plan = test::letterboxed(416);
  int round = 0;
  for (const std::size_t count : {0, 1, 3, 8, 15, 16, 17, 100, 511, 513, 700}) {
    for (const std::size_t classes : {1, 2, 3, 7, 8, 9, 16, 31}) {
      if (count > 200 && classes > 9) continue;
      std::vector<float> rows = random_rows(numbers, count, 4 + classes);
      std::vector<float> by_class = transposed(rows, 4 + classes);
      const auto n = static_cast<int64_t>(count), c = static_cast<int64_t>(4 + classes);
      const DetectionSpec detect = test::specs_to_try()[std::size_t(round++) % 6];
      const auto wanted =
          test::plain_detections(plainly(rows, 4 + classes, detect.score), detect, plan);
      test::for_each_simd_target([&] {
        const auto found = yolo_decode(view_of(by_class, {1, c, n}), {.detect = detect}, plan);
        test::expect_same(*found, wanted);
        const YoloDecodeSpec box_major{.layout = YoloLayout::kBoxMajor, .detect = detect};
        EXPECT_EQ(*yolo_decode(view_of(rows, {n, c}), box_major, plan), *found);
      });
      ASSERT_FALSE(HasFailure()) << count << " boxes of " << classes << " classes";
    }
  }
}

TEST(YoloDecode, TheFirstOfEqualClassesIsTheBest) {
  for (std::size_t first = 0; first < 40; ++first) {
    std::vector<float> rows(std::size_t{44} * 20, 0.1F);
    for (std::size_t i = 0; i < 20; ++i) {
      std::fill_n(rows.begin() + std::ptrdiff_t(i * 44), 4, 200.0F);
      for (std::size_t c = first; c < 40; c += 5) rows[i * 44 + 4 + c] = 0.5F;
    }
    std::vector<float> by_class = transposed(rows, 44);
    test::for_each_simd_target([&] {
      const auto found =
          yolo_decode(view_of(by_class, {1, 44, 20}), {.detect = {}}, test::letterboxed(416));
      ASSERT_EQ(found->size(), 1U);
      EXPECT_EQ(found->front().best->label_id, int(first));
    });
  }
}

// Wherever it lies in vectors and blocks of boxes, and whichever class it has.
TEST(YoloDecode, AScoreAtTheThresholdStaysInBothLayouts) {
  constexpr std::size_t kBoxes = 37, kColumns = 4 + 9;
  for (std::size_t at = 0; at < kBoxes; ++at) {
    std::vector<float> rows;
    for (std::size_t i = 0; i < kBoxes; ++i) {
      rows.insert(rows.end(), {200, 200, 20, 20});
      rows.insert(rows.end(), kColumns - 4, std::nextafter(0.3F, 0.0F));
    }
    const std::size_t label = at % (kColumns - 4);
    rows[at * kColumns + 4 + label] = 0.3F;
    std::vector<float> by_class = transposed(rows, kColumns);
    test::for_each_simd_target([&] {
      for (const YoloLayout layout : {YoloLayout::kClassMajor, YoloLayout::kBoxMajor}) {
        const bool by_box = layout == YoloLayout::kBoxMajor;
        const auto found = yolo_decode(
            by_box ? view_of(rows, {kBoxes, kColumns}) : view_of(by_class, {kColumns, kBoxes}),
            {.layout = layout, .detect = {.score = 0.3F}}, test::letterboxed(416));
        ASSERT_EQ(found->size(), 1U) << at << ' ' << by_box;
        EXPECT_EQ(found->front().best, (ClassScore{int32_t(label), 0.3F}));
      }
    });
  }
}

TEST(YoloDecode, WhatIsEndToEndIsNotSuppressedAgain) {
  std::vector<float> rows{
      10, 100, 50, 140, 0.5F,       3,           //
      10, 100, 50, 140, 0.75F,      2,           // the same place, and better
      10, 100, 50, 140, 0.25F,      1,           // just the threshold
      10, 100, 50, 140, 0.2499999F, 1,           //
      10, 100, 50, 140, 0.9F,       -1,          // no class
      10, 100, 50, 140, 0.9F,       test::kNan,  //
      10, 100, 50, 140, test::kNan, 1,           //
      10, 100, 10, 140, 0.9F,       1,           // no area
  };
  const YoloDecodeSpec spec{.layout = YoloLayout::kEndToEnd, .detect = {.score = 0.25F}};
  const auto found = yolo_decode(view_of(rows, {1, 8, 6}), spec, test::letterboxed(416)).value();
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[0].best->label_id, 2);
  EXPECT_EQ(found[1].best->label_id, 3);
  EXPECT_EQ(found[2].best->label_id, 1);
}

TEST(YoloDecode, AClassThatThereIsNotIsNoFinding) {
  std::vector<float> rows{10, 100, 50, 140, 0.5F, 3, 10, 100, 50, 140, 0.5F, 2};
  const YoloDecodeSpec spec{.layout = YoloLayout::kEndToEnd, .classes = 3};
  const auto found = yolo_decode(view_of(rows, {2, 6}), spec, test::letterboxed(416)).value();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].best->label_id, 2);
}

TEST(YoloDecode, AddsToWhatWasFound) {
  std::vector<float> rows{200, 200, 20, 20, 0.9F};
  std::vector<Finding> found(2);
  DetectionWorkspace workspace;
  ASSERT_TRUE(yolo_decode(view_of(rows, {1, 5, 1}), {}, test::letterboxed(416), workspace, found));
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[2].best->score, 0.9F);
}

TEST(YoloDecode, TheShapeSaysTheLayout) {
  const auto layout = [](const Shape& shape, int64_t classes = 0) -> std::string {
    const auto found = yolo_shape(shape, classes);
    if (!found) return found.error().to_string();
    const char* const names[] = {"class-major ", "box-major ", "end-to-end "};
    return names[int(found->layout)] + std::to_string(found->classes);
  };
  EXPECT_EQ(layout({1, 84, 8400}), "class-major 80");
  EXPECT_EQ(layout({84, 8400}), "class-major 80");
  EXPECT_EQ(layout({1, 84, Shape::kDynamic}), "class-major 80");
  EXPECT_EQ(layout({1, 8400, 84}), "box-major 80");
  EXPECT_EQ(layout({Shape::kDynamic, Shape::kDynamic, 84}), "box-major 80");
  EXPECT_EQ(layout({1, 84, 21}, 80), "class-major 80");  // a small input
  EXPECT_EQ(layout({1, 21, 84}, 80), "box-major 80");
  EXPECT_EQ(layout({1, 300, 6}), "end-to-end 0");
  EXPECT_EQ(layout({1, 300, 6}, 80), "end-to-end 0");
  EXPECT_EQ(layout({1, 8400, 6}), "box-major 2");
  EXPECT_EQ(layout({1, 6, 8400}), "class-major 2");
  EXPECT_EQ(layout({1, 84, 8400}, 20),
            "the output of a YOLO is 1x84x8400; 1x24xN, 1xNx24 or 1xNx6 is expected");
  EXPECT_EQ(layout({1, 4, 8400}),
            "the output of a YOLO is 1x4x8400; 1x(4+classes)xN, 1xNx(4+classes) or 1xNx6 is "
            "expected");
  EXPECT_EQ(layout({2, 84, 8400}).substr(0, 32), "the output of a YOLO is 2x84x840");
}

TEST(YoloDecode, SaysWhatItFoundAndWhatItExpects) {
  std::vector<float> values(84);
  const auto message = [&](const TensorView& view, YoloLayout layout) {
    const auto found = yolo_decode(view, {.layout = layout}, test::letterboxed(416));
    return found ? "" : found.error().to_string();
  };
  EXPECT_EQ(message(view_of(values, {1, 4, 21}), YoloLayout::kClassMajor),
            "the boxes of a YOLO are float32 1x4x21; a tensor of 1x(4+classes)xN is expected");
  EXPECT_EQ(message(view_of(values, {1, 12, 7}), YoloLayout::kEndToEnd),
            "the boxes of a YOLO are float32 1x12x7; a dense float32 tensor of ?x6 is expected");
  TensorView bytes = view_of(values, {1, 7, 12});
  bytes.dtype = DType::kUInt8;
  EXPECT_EQ(message(bytes, YoloLayout::kBoxMajor),
            "the boxes of a YOLO are uint8 1x7x12; a dense float32 tensor of ?x? is expected");
}

}  // namespace
}  // namespace weir
