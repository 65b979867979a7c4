#include "weir/ops/gfl_decode.h"

#include <gtest/gtest.h>

#include "tests/ops/plain_decodes.h"

namespace weir {
namespace {

constexpr int kSide = 80;  // no multiple of 32: its grid has one more cell

struct Outputs {
  Outputs(test::WildNumbers& numbers, int classes_in, int steps_in)
      : classes(classes_in), steps(steps_in) {
    for (std::size_t i = 0; i < strides.size(); ++i) {
      const int cells = across(strides[i]) * across(strides[i]);
      for (int k = 0; k < cells * classes; ++k) {
        scores[i].push_back(numbers.below(300) == 0 ? numbers.normal()
                                                    : numbers.share(40) * numbers.share(1));
      }
      for (int k = 0; k < cells * 4 * steps; ++k) sides[i].push_back(numbers.normal(0, 2));
    }
  }
  static int across(int stride) { return (kSide + stride - 1) / stride; }
  std::vector<GflLevel> levels() {
    std::vector<GflLevel> all;
    for (std::size_t i = 0; i < strides.size(); ++i) {
      const int64_t cells = across(strides[i]) * across(strides[i]);
      all.push_back({strides[i],
                     {scores[i].data(), DType::kFloat32, {1, cells, classes}, {}, {}},
                     {sides[i].data(), DType::kFloat32, {1, cells, 4 * steps}, {}, {}}});
    }
    return all;
  }
  test::Proposals plainly() const {
    std::vector<test::PlainLevel> levels;
    for (std::size_t i = 0; i < strides.size(); ++i) {
      levels.push_back({strides[i], scores[i].data(), sides[i].data()});
    }
    return test::plain_gfl(levels, classes, steps, kSide, kSide);
  }

  std::vector<int> strides = {8, 16, 32, 64};
  int classes;
  int steps;
  std::vector<float> scores[4];
  std::vector<float> sides[4];
};

TEST(GflDecode, AgreesWithAPlainReference) {
  test::WildNumbers numbers(13, 3000);
  const ResizePlan plan = test::letterboxed(kSide);
  for (int round = 0; round < 20; ++round) {
    Outputs outputs(numbers, 1 + round % 4, 8 - round % 3);
    for (const DetectionSpec& detect : test::specs_to_try()) {
      const auto found = gfl_decode(outputs.levels(), {.detect = detect}, plan).value();
      EXPECT_EQ(found, gfl_decode(outputs.levels(), {.detect = detect}, plan).value());
      test::expect_same(found, test::plain_detections(outputs.plainly(), detect, plan));
    }
  }
}

TEST(GflDecode, NothingGivesNothing) {
  EXPECT_TRUE(gfl_decode({}, {}, test::letterboxed(kSide))->empty());
}

TEST(GflDecode, SaysWhatItFoundAndWhatItExpects) {
  std::vector<float> x(25 * 32);
  const auto message = [&](const Shape& scores, const Shape& sides) {
    const GflLevel level{16,
                         {x.data(), DType::kFloat32, scores, {}, {}},
                         {x.data(), DType::kFloat32, sides, {}, {}}};
    const auto found = gfl_decode({&level, 1}, {}, test::letterboxed(kSide));
    return found ? "" : found.error().to_string();
  };
  EXPECT_EQ(message({1, 25, 3}, {1, 25, 32}), "");
  EXPECT_EQ(
      message({1, 26, 3}, {1, 25, 32}),
      "the scores of stride 16 are float32 1x26x3; a dense float32 tensor of 25x? is expected");
  EXPECT_EQ(message({1, 25, 3}, {25, 30}),
            "the sides of stride 16 have 30 numbers a cell; a multiple of 4 is expected: the "
            "distributions of left, top, right and bottom");
}

}  // namespace
}  // namespace weir
