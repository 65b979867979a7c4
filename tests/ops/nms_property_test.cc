// The fast suppression against the plain one, on every set of vector instructions: the same indices
// in the same order, whatever the boxes are.
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "tests/ops/plain_nms.h"
#include "tests/ops/simd_targets.h"
#include "weir/ops/nms.h"

namespace weir {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kMost = std::numeric_limits<float>::max();
constexpr float kLeast = std::numeric_limits<float>::denorm_min();

struct Scene {
  std::vector<Box> boxes;
  std::vector<float> scores;
  std::vector<int32_t> classes;
};

class Random {
 public:
  explicit Random(uint32_t seed) : engine_(seed) {}
  int below(int limit) { return static_cast<int>(engine_() % static_cast<uint32_t>(limit)); }
  float unit() { return static_cast<float>(engine_() >> 8) / 16777216.0F; }

 private:
  std::mt19937 engine_;
};

// Smooth boxes of many sizes; or a coarse grid, where boxes, scores and ratios tie.
Scene scene(Random& random, int count, int classes, bool coarse) {
  Scene s;
  for (int i = 0; i < count; ++i) {
    if (coarse) {
      const auto x = static_cast<float>(random.below(12));
      const auto y = static_cast<float>(random.below(12));
      s.boxes.push_back({x, y, x + static_cast<float>(random.below(8) - 1),
                         y + static_cast<float>(random.below(8) - 1)});
      s.scores.push_back(static_cast<float>(random.below(7) - 1) / 4);
    } else {
      const float x = 600 * random.unit();
      const float y = 600 * random.unit();
      s.boxes.push_back({x, y, x + 90 * random.unit(), y + 90 * random.unit()});
      s.scores.push_back(random.unit());
    }
    s.classes.push_back(random.below(classes));
  }
  return s;
}

void expect_same(const Scene& s, const NmsSpec& spec, NmsWorkspace& workspace) {
  const std::vector<std::size_t> expected = test::plain_nms(s.boxes, s.scores, s.classes, spec);
  test::for_each_simd_target([&] {
    const auto kept = nms(s.boxes, s.scores, s.classes, spec, workspace);
    ASSERT_EQ(std::vector<std::size_t>(kept.begin(), kept.end()), expected);
  });
}

TEST(NmsProperty, KeepsWhatThePlainOneKeeps) {
  Random random(5);
  NmsWorkspace workspace;
  for (int round = 0; round < 150 && !HasFatalFailure(); ++round) {
    const int count = round % 30 == 0 ? 3000 : random.below(400);
    const Scene s = scene(random, count, 1 + random.below(5), round % 2 == 0);
    NmsSpec spec{.iou = round % 3 == 0 ? 0.5F : random.unit(), .per_class = round % 5 != 0};
    if (round % 4 == 1) spec.max_count = static_cast<std::size_t>(1 + random.below(50));
    if (round % 4 >= 2) spec.candidates = static_cast<std::size_t>(1 + random.below(300));
    expect_same(s, spec, workspace);
  }
}

// On the coarse grid many ratios are just these numbers, and only what is above goes.
TEST(NmsProperty, AnOverlapOfJustTheThresholdStays) {
  Random random(6);
  NmsWorkspace workspace;
  for (const float threshold : {0.0F, -0.0F, 1.0F / 3, 0.25F, 0.5F, 0.6F, 1.0F, 2.0F, -1.0F, kNan,
                                kInfinity, -kInfinity, kLeast, kMost}) {
    SCOPED_TRACE(threshold);
    for (int round = 0; round < 5 && !HasFatalFailure(); ++round)
      expect_same(scene(random, 300, 2, true), {.iou = threshold}, workspace);
  }
}

TEST(NmsProperty, AbsurdNumbersMakeNoDifference) {
  Random random(7);
  NmsWorkspace workspace;
  const std::vector<float> absurd{kNan,   kInfinity, -kInfinity, kMost, -kMost,
                                  kLeast, -kLeast,   0.0F,       -0.0F, 1e-30F};
  const auto any = [&] { return absurd[static_cast<std::size_t>(random.below(10))]; };
  for (int round = 0; round < 60 && !HasFatalFailure(); ++round) {
    Scene s = scene(random, 200, 3, round % 2 == 0);
    for (std::size_t i = 0; i < s.boxes.size(); ++i) {
      if (random.below(3) == 0) s.scores[i] = any();
      if (random.below(3) == 0) s.boxes[i].x2 = any();
      if (random.below(6) == 0) s.boxes[i].y1 = any();
    }
    expect_same(s, {.iou = round % 4 == 0 ? 0.0F : 0.4F}, workspace);
  }
}

TEST(NmsProperty, ClassesMayBeAnyNumbers) {
  Random random(8);
  NmsWorkspace workspace;
  const std::vector<int32_t> numbers{-1, 0, std::numeric_limits<int32_t>::min(),
                                     std::numeric_limits<int32_t>::max(), 7};
  for (int round = 0; round < 20 && !HasFatalFailure(); ++round) {
    Scene s = scene(random, 300, 5, false);
    for (int32_t& c : s.classes) c = numbers[static_cast<std::size_t>(c)] * (round % 2);
    if (round % 4 == 0) s.classes.clear();
    expect_same(s, {.iou = 0.3F}, workspace);
  }
}

TEST(NmsProperty, OfEqualBoxesTheBestStays) {
  NmsWorkspace workspace;
  Scene s{std::vector<Box>(500, Box{1, 2, 30, 40}), std::vector<float>(500, 0.5F),
          std::vector<int32_t>(500, 3)};
  s.scores[321] = 0.75F;
  expect_same(s, {}, workspace);
  EXPECT_EQ(nms(s.boxes, s.scores, s.classes), std::vector<std::size_t>{321});
}

TEST(NmsProperty, OfNoBoxesNoneStay) {
  NmsWorkspace workspace;
  EXPECT_TRUE(nms({}, {}, {}, {}, workspace).empty());
  const std::vector<Box> boxes(3);
  const std::vector<float> scores(3, kNan);
  EXPECT_TRUE(nms(boxes, scores, {}, {}, workspace).empty());
}

}  // namespace
}  // namespace weir
