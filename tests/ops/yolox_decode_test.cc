#include "weir/ops/yolox_decode.h"

#include <gtest/gtest.h>

#include "tests/ops/plain_decodes.h"

namespace weir {
namespace {

constexpr int kSide = 64;
constexpr int kCells = 64 + 16 + 4;

TensorView view_of(std::vector<float>& values, const Shape& shape) {
  return {values.data(), DType::kFloat32, shape, {}, {}};
}

TEST(YoloxDecode, AgreesWithAPlainReference) {
  test::WildNumbers numbers(11);
  const ResizePlan plan = test::letterboxed(kSide);
  for (int round = 0; round < 40; ++round) {
    const bool decoded = round % 2 == 1;
    const int columns = 6 + round % 5;
    std::vector<float> output;
    for (int row = 0; row < kCells; ++row) {
      for (int i = 0; i < 4; ++i) output.push_back(numbers.normal(decoded ? 30 : 0.5F));
      for (int i = 4; i < columns; ++i) {
        output.push_back(numbers.below(100) == 0 ? numbers.normal() : numbers.share(9));
      }
    }
    for (const DetectionSpec& detect : test::specs_to_try()) {
      YoloxDecodeSpec spec;
      spec.detect = detect;
      spec.decoded = decoded;
      const auto found = yolox_decode(view_of(output, {1, kCells, columns}), spec, plan).value();
      test::expect_same(
          found, test::plain_detections(
                     test::plain_yolox(output.data(), columns, kSide, kSide, detect.score, decoded),
                     detect, plan));
      EXPECT_EQ(found, yolox_decode(view_of(output, {kCells, columns}), spec, plan).value());
    }
  }
}

TEST(YoloxDecode, AScoreAtTheThresholdStays) {
  std::vector<float> output(kCells * 6, 0.0F);
  output[4] = 0.5F;
  output[5] = 0.5F;
  YoloxDecodeSpec spec;
  spec.detect.score = 0.25F;
  const ResizePlan plan = test::letterboxed(kSide);
  output[0] = 4;  // into the picture, which begins below the padding
  output[1] = 4;
  EXPECT_EQ(yolox_decode(view_of(output, {1, kCells, 6}), spec, plan)->size(), 1U);
  spec.detect.score = 0.2500001F;
  EXPECT_TRUE(yolox_decode(view_of(output, {1, kCells, 6}), spec, plan)->empty());
}

TEST(YoloxDecode, SaysWhatItFoundAndWhatItExpects) {
  std::vector<float> output(kCells * 6);
  const ResizePlan plan = test::letterboxed(kSide);
  const auto message = [&](const TensorView& view) {
    const auto found = yolox_decode(view, {}, plan);
    return found ? "" : found.error().to_string();
  };
  EXPECT_EQ(message(view_of(output, {1, 80, 6})),
            "the rows of a YOLOX are float32 1x80x6; a dense float32 tensor of 84x? is expected");
  EXPECT_EQ(
      message(view_of(output, {1, kCells, 5})),
      "the rows of a YOLOX have 5 numbers; at least 6 are expected: 4 of the box, objectness, "
      "and one a class");
  TensorView bytes = view_of(output, {1, kCells, 6});
  bytes.dtype = DType::kUInt8;
  EXPECT_EQ(message(bytes),
            "the rows of a YOLOX are uint8 1x84x6; a dense float32 tensor of 84x? is expected");
}

}  // namespace
}  // namespace weir
