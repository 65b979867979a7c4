#include "weir/ops/yunet_decode.h"

#include <gtest/gtest.h>

#include "tests/ops/plain_detections.h"

namespace weir {
namespace {

constexpr int kSide = 64;

TensorView view_of(std::vector<float>& values, const Shape& shape) {
  return {values.data(), DType::kFloat32, shape, {}, {}};
}

// The twelve outputs at 64x64.
struct Outputs {
  struct Level {
    int stride;
    std::vector<float> classes, objects, boxes, points;
  };
  std::vector<Level> levels;

  Outputs() {
    for (const int stride : kYunetStrides) {
      const auto cells = std::size_t(kSide / stride * (kSide / stride));
      levels.push_back({stride, std::vector<float>(cells), std::vector<float>(cells),
                        std::vector<float>(4 * cells), std::vector<float>(10 * cells)});
    }
  }
  explicit Outputs(test::WildNumbers& numbers) : Outputs() {
    for (Level& level : levels) {
      // Now and then outside of 0 … 1, and in steps, so that scores tie.
      for (float& x : level.classes)
        x = numbers.below(20) == 0 ? numbers.normal() : numbers.share(9);
      for (float& x : level.objects)
        x = numbers.below(20) == 0 ? numbers.normal() : numbers.share(9);
      for (float& x : level.boxes) x = numbers.normal(0.5F);
      for (float& x : level.points) x = numbers.normal();
    }
  }
  std::vector<YunetLevel> views(bool leading = true) {
    std::vector<YunetLevel> all;
    for (Level& level : levels) {
      const auto n = int64_t(level.classes.size());
      const auto shape = [&](int64_t c) { return leading ? Shape{1, n, c} : Shape{n, c}; };
      all.push_back({level.stride, view_of(level.classes, shape(1)),
                     view_of(level.objects, shape(1)), view_of(level.boxes, shape(4)),
                     view_of(level.points, shape(10))});
    }
    return all;
  }
};

double within_one(float x) {
  return std::isnan(x) ? double(x) : std::min(std::max(double(x), 0.0), 1.0);
}

// Cell by cell; the label is the number of the cell, so that its points can be compared.
std::vector<test::Proposal> plainly(const Outputs& outputs,
                                    std::vector<std::vector<double>>& points) {
  std::vector<test::Proposal> proposals;
  for (const Outputs::Level& level : outputs.levels) {
    const double s = level.stride;
    const int columns = kSide / level.stride;
    for (int i = 0; i < columns * columns; ++i) {
      const auto at = std::size_t(i);
      const double x = i % columns;
      const double y = i / columns;
      const float score =
          std::sqrt(float(within_one(level.classes[at])) * float(within_one(level.objects[at])));
      const float* b = &level.boxes[4 * at];
      const double cx = (x + double(b[0])) * s;
      const double cy = (y + double(b[1])) * s;
      const double w = double(std::exp(b[2])) * s;
      const double h = double(std::exp(b[3])) * s;
      proposals.push_back(
          {cx - w / 2, cy - h / 2, cx + w / 2, cy + h / 2, score, int(points.size())});
      points.emplace_back();
      for (std::size_t k = 0; k < 5; ++k) {
        points.back().push_back((x + double(level.points[10 * at + 2 * k])) * s);
        points.back().push_back((y + double(level.points[10 * at + 2 * k + 1])) * s);
      }
    }
  }
  return proposals;
}

void expect_points(const Finding& face, const std::vector<double>& points, const ResizePlan& plan) {
  bool finite = true;
  for (const double value : points) finite = finite && std::isfinite(value);
  if (!finite) {
    EXPECT_TRUE(face.keypoints.empty());
    return;
  }
  ASSERT_EQ(face.keypoints.size(), 5U);
  for (std::size_t k = 0; k < 5; ++k) {
    const double x = (points[2 * k] - plan.left) * plan.source_width / plan.inner_width;
    const double y = (points[2 * k + 1] - plan.top) * plan.source_height / plan.inner_height;
    EXPECT_NEAR(face.keypoints[k].x, x, 1e-3 * std::max(1.0, std::abs(x)));
    EXPECT_NEAR(face.keypoints[k].y, y, 1e-3 * std::max(1.0, std::abs(y)));
  }
}

TEST(YunetDecode, AgreesWithAPlainReference) {
  test::WildNumbers numbers(41);
  const ResizePlan plan = test::letterboxed(kSide);
  for (int round = 0; round < 40; ++round) {
    Outputs outputs(numbers);
    std::vector<std::vector<double>> points;
    const std::vector<test::Proposal> proposals = plainly(outputs, points);
    for (DetectionSpec detect : test::specs_to_try()) {
      const auto found = yunet_decode(outputs.views(), {.detect = detect}, plan).value();
      EXPECT_EQ(found, yunet_decode(outputs.views(false), {.detect = detect}, plan).value());
      detect.per_class = false;
      std::vector<Finding> wanted = test::plain_detections(proposals, detect, plan);
      ASSERT_EQ(found.size(), wanted.size());
      for (std::size_t i = 0; i < found.size(); ++i) {
        expect_points(found[i], points[std::size_t(wanted[i].best->label_id)], plan);
        wanted[i].best->label_id = 0;
      }
      test::expect_same(found, wanted);
    }
  }
}

TEST(YunetDecode, AScoreAtTheThresholdStays) {
  const ResizePlan plan = plan_resize(ResizePolicy::kStretch, 64, 64, 64, 64).value();
  Outputs outputs;
  outputs.levels[0].classes[9] = 0.25F;
  outputs.levels[0].objects[9] = 1;
  EXPECT_EQ(yunet_decode(outputs.views(), {.detect = {.score = 0.5F}}, plan)->size(), 1U);
  EXPECT_TRUE(yunet_decode(outputs.views(), {.detect = {.score = 0.500001F}}, plan)->empty());
}

TEST(YunetDecode, RefusesTensorsOfAnotherSize) {
  const ResizePlan plan = plan_resize(ResizePolicy::kStretch, 64, 64, 64, 64).value();
  const ResizePlan larger = plan_resize(ResizePolicy::kStretch, 64, 64, 96, 64).value();
  Outputs outputs;
  EXPECT_TRUE(yunet_decode(outputs.views(), {}, plan));
  const auto found = yunet_decode(outputs.views(), {}, larger);
  ASSERT_FALSE(found);
  EXPECT_NE(found.error().message.find("1x64x1"), std::string::npos);
  EXPECT_NE(found.error().hint.find("96x1"), std::string::npos);
  for (int which = 0; which < 4; ++which) {
    auto views = outputs.views();
    TensorView* all[] = {&views[1].classes, &views[1].objects, &views[1].boxes, &views[1].points};
    all[which]->shape = {1, 16, 3};
    EXPECT_FALSE(yunet_decode(views, {}, plan)) << which;
    all[which]->data = nullptr;
    EXPECT_FALSE(yunet_decode(views, {}, plan)) << which;
  }
}

}  // namespace
}  // namespace weir
