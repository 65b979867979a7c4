#include "weir/ops/fastestdet_decode.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/ops/plain_decodes.h"

namespace weir {
namespace {

constexpr int kSide = 352;

TEST(FastestDetDecode, AgreesWithAPlainReference) {
  test::WildNumbers numbers(17);
  const ResizePlan plan = test::letterboxed(kSide);
  for (int round = 0; round < 20; ++round) {
    const int classes = 1 + round % 4, rows = 9, columns = 7;
    std::vector<float> map;
    for (int channel = 0; channel < 5 + classes; ++channel) {
      for (int i = 0; i < rows * columns; ++i) {
        const bool box = channel > 0 && channel < 5;
        map.push_back(box                       ? numbers.normal(channel > 2 ? -2 : 0)
                      : numbers.below(200) == 0 ? numbers.normal()
                                                : numbers.share(12));
      }
    }
    for (const DetectionSpec& spec : test::specs_to_try()) {
      const TensorView view{map.data(), DType::kFloat32, {1, 5 + classes, rows, columns}, {}, {}};
      const auto found = fastestdet_decode(view, spec, plan).value();
      EXPECT_EQ(found, fastestdet_decode(view, spec, plan).value());
      test::expect_same(
          found, test::plain_detections(
                     test::plain_fastestdet(map.data(), classes, rows, columns, kSide, kSide), spec,
                     plan));
    }
  }
}

TEST(FastestDetDecode, AScoreAtTheThresholdStays) {
  const ResizePlan plan = plan_resize(ResizePolicy::kStretch, 600, 300, kSide, kSide).value();
  const float odds[] = {0.05F, 0.3F, 0.5F, 0.77F, 1.0F};
  for (const float object : odds) {
    for (const float sure : odds) {
      std::vector<float> cell = {object, 0, 0, 0, 0, sure};
      const TensorView view{cell.data(), DType::kFloat32, {1, 6, 1, 1}, {}, {}};
      const float score = std::pow(object, 0.6F) * std::pow(sure, 0.4F);
      const auto count = [&](float least) {
        return fastestdet_decode(view, {.score = least}, plan)->size();
      };
      EXPECT_EQ(count(score), 1U) << object << ' ' << sure;
      EXPECT_EQ(count(std::nextafter(score, 2.0F)), 0U) << object << ' ' << sure;
    }
  }
}

TEST(FastestDetDecode, SaysWhatItFoundAndWhatItExpects) {
  std::vector<float> x(85 * 4);
  const auto message = [&](const Shape& shape) {
    const auto found =
        fastestdet_decode({x.data(), DType::kFloat32, shape, {}, {}}, {}, test::letterboxed(kSide));
    return found ? "" : found.error().to_string();
  };
  EXPECT_EQ(message({1, 85, 2, 2}), "");
  EXPECT_EQ(message({1, 5, 2, 2}),
            "the cells of a FastestDet have 5 channels; at least 6 are expected: objectness, 4 of "
            "the box, and one a class");
  EXPECT_EQ(message({1, 85}),
            "the cells of a FastestDet are float32 1x85; a dense float32 tensor of ?x?x? is "
            "expected");
}

}  // namespace
}  // namespace weir
