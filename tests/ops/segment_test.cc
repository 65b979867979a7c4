#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <random>

#include "weir/ops/resize_rule.h"
#include "weir/ops/segment_decode.h"

namespace weir {
namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kInf = std::numeric_limits<float>::infinity();

// Scores of C classes at H x W places, kept as [C][H][W] whatever the layout is that they are given
// in.
struct Scores {
  int classes, height, width;
  std::vector<float> values;

  Scores(int c, int h, int w)
      : classes(c), height(h), width(w), values(static_cast<std::size_t>(c * h * w)) {}
  float& at(int c, int y, int x) {
    return values[static_cast<std::size_t>((c * height + y) * width + x)];
  }
  float get(int c, int y, int x) const {
    return values[static_cast<std::size_t>((c * height + y) * width + x)];
  }
  std::vector<Finding> decode(SegmentDecodeSpec spec, const ResizePlan& plan) {
    if (spec.layout == SegmentLayout::kNchw) {
      return segment_decode({values.data(), DType::kFloat32, {1, classes, height, width}, {}, {}},
                            spec, plan)
          .value();
    }
    std::vector<float> turned;
    for (int y = 0; y < height; ++y) {
      for (int x = 0; x < width; ++x) {
        for (int c = 0; c < classes; ++c) turned.push_back(get(c, y, x));
      }
    }
    return segment_decode({turned.data(), DType::kFloat32, {1, height, width, classes}, {}, {}},
                          spec, plan)
        .value();
  }
};

Scores random_scores(std::mt19937& random, int classes, int height, int width, bool odd) {
  Scores scores(classes, height, width);
  std::normal_distribution<float> normal;
  for (float& x : scores.values) x = std::round(4 * normal(random)) / 2;
  if (odd) {
    for (std::size_t i = 0; i < scores.values.size(); i += 13) scores.values[i] = kNan;
    for (std::size_t i = 5; i < scores.values.size(); i += 29) scores.values[i] = kInf;
    for (std::size_t i = 9; i < scores.values.size(); i += 31) scores.values[i] = -kInf;
    for (int c = 0; c < classes; ++c) scores.at(c, 0, 0) = kNan;
  }
  return scores;
}

// ---- the plain reference: every pixel by itself ----

struct Plain {
  std::map<int, std::vector<uint8_t>> masks;  // by class, row by row
  int unsure = 0;                             // pixels where rounding may decide
};

// Where a pixel lies in the output; NaN where the input does not show it.
double place(int pixel, double low, double high, int first, int inner, int input, int output,
             bool corners) {
  const double centre = (pixel + 0.5 - low) * inner / (high - low) + first;
  if (pixel + 0.5 < low || pixel + 0.5 > high || centre < 0 || centre > input) return kNan;
  return corners ? (centre - 0.5) * (output - 1) / (input - 1) : centre * output / input - 0.5;
}

int nearest(double at, int count) {
  return std::clamp(static_cast<int>(std::floor(at + 0.5)), 0, count - 1);
}

int best_at(const Scores& s, int y, int x) {
  int best = -1;
  for (int c = 0; c < s.classes; ++c) {
    const float v = s.get(c, y, x);
    if (std::isnan(v) || v == -kInf) continue;
    if (best < 0 || v > s.get(best, y, x)) best = c;
  }
  return best;
}

std::map<int, std::vector<uint8_t>> plain(const Scores& s, const SegmentDecodeSpec& spec,
                                          const ResizePlan& plan, bool bilinear,
                                          std::vector<uint8_t>& unsure) {
  std::map<int, std::vector<uint8_t>> masks;
  const auto pixels = static_cast<std::size_t>(plan.source_width * plan.source_height);
  unsure.assign(pixels, 0);
  for (int y = 0; y < plan.source_height; ++y) {
    for (int x = 0; x < plan.source_width; ++x) {
      const double gx = place(x, plan.region.x1, plan.region.x2, plan.left, plan.inner_width,
                              plan.width, s.width, spec.align_corners);
      const double gy = place(y, plan.region.y1, plan.region.y2, plan.top, plan.inner_height,
                              plan.height, s.height, spec.align_corners);
      if (std::isnan(gx) || std::isnan(gy)) continue;
      const auto at = static_cast<std::size_t>(y * plan.source_width + x);
      const int near = best_at(s, nearest(gy, s.height), nearest(gx, s.width));
      int best = near;
      if (bilinear) {
        const double cx = std::clamp(gx, 0.0, s.width - 1.0);
        const double cy = std::clamp(gy, 0.0, s.height - 1.0);
        const int x1 = static_cast<int>(cx), x2 = std::min(x1 + 1, s.width - 1);
        const int y1 = static_cast<int>(cy), y2 = std::min(y1 + 1, s.height - 1);
        const double fx = cx - x1, fy = cy - y1;
        bool finite = true;
        std::vector<double> v;
        for (int c = 0; c < s.classes; ++c) {
          for (const int yy : {y1, y2}) {
            for (const int xx : {x1, x2}) finite = finite && std::isfinite(s.get(c, yy, xx));
          }
          v.push_back((s.get(c, y1, x1) * (1 - fx) + s.get(c, y1, x2) * fx) * (1 - fy) +
                      (s.get(c, y2, x1) * (1 - fx) + s.get(c, y2, x2) * fx) * fy);
        }
        if (finite) {
          best = static_cast<int>(std::max_element(v.begin(), v.end()) - v.begin());
          for (int c = 0; c < s.classes; ++c) {
            const auto i = static_cast<std::size_t>(c);
            if (c != best && v[static_cast<std::size_t>(best)] - v[i] < 1e-4) unsure[at] = 1;
          }
        } else {
          unsure[at] = 1;  // what lies beside something that is not finite is not promised
        }
      }
      if (best < 0 || best == spec.background) continue;
      auto& mask = masks.try_emplace(best, pixels, uint8_t{0}).first->second;
      mask[at] = 1;
    }
  }
  return masks;
}

void expect_same(const std::vector<Finding>& found,
                 const std::map<int, std::vector<uint8_t>>& wanted,
                 const std::vector<uint8_t>& unsure, const SegmentDecodeSpec& spec,
                 const ResizePlan& plan) {
  std::map<int, std::vector<uint8_t>> masks;
  for (const Finding& finding : found) {
    ASSERT_TRUE(finding.mask);
    ASSERT_TRUE(finding.mask->check());
    ASSERT_EQ(finding.mask->width, plan.source_width);
    ASSERT_EQ(finding.mask->height, plan.source_height);
    const auto pixels = finding.mask->decode().value();
    EXPECT_EQ(*finding.mask,
              Mask::encode(pixels.data(), plan.source_width, plan.source_width, plan.source_height)
                  .value());
    EXPECT_GE(finding.best->score, 0);
    EXPECT_LE(finding.best->score, 1);
    Box box{1e9F, 1e9F, 0, 0};
    for (int i = 0; i < static_cast<int>(pixels.size()); ++i) {
      if (pixels[static_cast<std::size_t>(i)] == 0) continue;
      const auto x = static_cast<float>(i % plan.source_width);
      const auto y = static_cast<float>(i / plan.source_width);
      box = {std::min(box.x1, x), std::min(box.y1, y), std::max(box.x2, x + 1),
             std::max(box.y2, y + 1)};
    }
    EXPECT_EQ(*finding.box, box);
    masks[finding.best->label_id - spec.first_label] = pixels;
  }
  for (std::size_t i = 1; i < found.size(); ++i) {
    EXPECT_GE(found[i - 1].best->score, found[i].best->score);
  }
  for (int c = 0; c < 30; ++c) {
    for (std::size_t i = 0; i < unsure.size(); ++i) {
      if (unsure[i] != 0) continue;
      const int a = masks.contains(c) ? masks[c][i] : 0;
      const auto b = wanted.find(c);
      ASSERT_EQ(a, b == wanted.end() ? 0 : b->second[i]) << "class " << c << " at " << i;
    }
  }
}

std::vector<ResizePlan> many_plans() {
  const struct {
    ResizePolicy policy;
    int source_width, source_height, width, height;
    Box region = {};  // empty: all
  } cases[] = {{ResizePolicy::kStretch, 97, 61, 64, 64},
               {ResizePolicy::kStretch, 7, 5, 33, 31},
               {ResizePolicy::kStretch, 1, 1, 16, 16},
               {ResizePolicy::kStretch, 1, 200, 16, 16},
               {ResizePolicy::kLetterbox, 97, 61, 64, 64},
               {ResizePolicy::kLetterboxCentered, 61, 97, 64, 48},
               {ResizePolicy::kLetterboxCentered, 131, 33, 65, 65},
               {ResizePolicy::kStretch, 97, 61, 32, 32, {10.3F, 5.5F, 60, 50.25F}},
               {ResizePolicy::kLetterbox, 97, 61, 32, 48, {-10, 5.5F, 60, 80}}};
  std::vector<ResizePlan> plans;
  for (const auto& c : cases) {
    const auto planned =
        c.region.area() > 0
            ? plan_resize(c.policy, c.source_width, c.source_height, c.width, c.height, c.region)
            : plan_resize(c.policy, c.source_width, c.source_height, c.width, c.height);
    plans.push_back(planned.value());
  }
  // What cuts parts of the picture off, and puts rows and columns on.
  const struct {
    ResizeRule rule;
    OpenSize size = {};
  } rules[] = {{{.policy = ResizePolicy::kCrop}, {32, 48}},
               {{.policy = ResizePolicy::kCrop, .short_side = 56}, {48, 48}},
               {{.policy = ResizePolicy::kPad}, {128, 64}},
               {{.policy = ResizePolicy::kMinMax,
                 .min_side = 40,
                 .max_side = 90,
                 .crop = {.left = 3},
                 .pad = {.top = 2}}},
               {{.policy = ResizePolicy::kPyramid, .crop = {.top = 7}, .pad = {.right = 5}}}};
  for (const auto& r : rules) {
    plans.push_back(plan_resize(r.rule, 97, 61, {0, 0, 97, 61}, r.size).value());
  }
  return plans;
}

TEST(SegmentDecode, AgreesWithAPlainReferenceInEveryPixel) {
  std::mt19937 random(3);
  for (const ResizePlan& plan : many_plans()) {
    for (const int divide : {1, 2, 8}) {
      for (const bool odd : {false, true}) {
        Scores scores = random_scores(random, 5, std::max(1, plan.height / divide),
                                      std::max(1, plan.width / divide), odd);
        for (const auto layout : {SegmentLayout::kNchw, SegmentLayout::kNhwc}) {
          for (const auto upscale : {Upscale::kNearest, Upscale::kBilinear, Upscale::kAuto}) {
            for (const bool corners : {false, true}) {
              const SegmentDecodeSpec spec{.layout = layout,
                                           .upscale = upscale,
                                           .align_corners = corners,
                                           .background = odd ? 2 : -1,
                                           .first_label = odd ? 7 : 0};
              const bool bilinear =
                  upscale == Upscale::kBilinear || (upscale == Upscale::kAuto && divide > 1);
              std::vector<uint8_t> unsure;
              const auto wanted = plain(scores, spec, plan, bilinear, unsure);
              expect_same(scores.decode(spec, plan), wanted, unsure, spec, plan);
              if (HasFatalFailure()) return;
            }
          }
        }
      }
    }
  }
}

TEST(SegmentDecode, ScoresAreMeansOfTheProbability) {
  Scores scores(2, 1, 4);
  const float logits[] = {0, 1, 2, -3};
  for (int x = 0; x < 4; ++x) scores.at(1, 0, x) = logits[x];
  const ResizePlan plan = plan_resize(ResizePolicy::kStretch, 4, 1, 4, 1).value();
  const auto found = scores.decode({}, plan);
  ASSERT_EQ(found.size(), 2U);
  const auto sigmoid = [](double x) { return 1 / (1 + std::exp(-x)); };
  // A tie is the lower class.
  EXPECT_EQ(found[0].best->label_id, 1);
  EXPECT_NEAR(found[0].best->score, (sigmoid(1) + sigmoid(2)) / 2, 1e-6);
  EXPECT_EQ(found[1].best->label_id, 0);
  EXPECT_NEAR(found[1].best->score, (sigmoid(0) + sigmoid(3)) / 2, 1e-6);
  for (float& x : scores.values) x = x > 0 ? 0.75F : 0.25F;
  EXPECT_NEAR(scores.decode({.scores = ScoreKind::kProbabilities}, plan)[0].best->score, 0.75,
              1e-6);
}

TEST(SegmentDecode, LabelMapsOfEveryTypeAndShape) {
  const ResizePlan plan = plan_resize(ResizePolicy::kStretch, 6, 4, 3, 2).value();
  const std::vector<int> labels = {0, 3, 3, 1, -1, 3};
  const auto check = [&](auto zero, const Shape& shape) {
    using T = decltype(zero);
    std::vector<T> values;
    for (const int label : labels) values.push_back(static_cast<T>(label));
    const TensorView view{values.data(), kDTypeOf<T>, shape, {}, {}};
    const auto found =
        segment_decode(view, {.layout = SegmentLayout::kLabels, .background = 0}, plan).value();
    std::map<int, int64_t> areas;
    for (const Finding& finding : found) {
      areas[finding.best->label_id] = finding.mask->area();
      EXPECT_EQ(finding.best->score, 1);
    }
    if (std::is_unsigned_v<T>) areas.erase(255);
    EXPECT_EQ(areas, (std::map<int, int64_t>{{1, 4}, {3, 12}})) << to_string(shape);
  };
  for (const Shape& shape : {Shape{2, 3}, Shape{1, 2, 3}, Shape{1, 1, 2, 3}, Shape{1, 2, 3, 1}}) {
    check(float{}, shape);
    check(int64_t{}, shape);
    check(int32_t{}, shape);
    check(uint8_t{}, shape);
  }
}

TEST(SegmentDecode, APlaneOfProbabilitiesIsAgainstTheThreshold) {
  Scores scores(1, 2, 2);
  scores.values = {0.5F, 0.5F, 0.4999F, kNan};
  const ResizePlan plan = plan_resize(ResizePolicy::kStretch, 2, 2, 2, 2).value();
  const SegmentDecodeSpec spec{.scores = ScoreKind::kProbabilities};
  const auto found = scores.decode(spec, plan);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].mask->area(), 2);
  EXPECT_EQ(*found[0].box, (Box{0, 0, 2, 1}));
  EXPECT_NEAR(found[0].best->score, 0.5, 1e-6);
  // Enlarged, the border lies where the interpolation crosses the threshold.
  Scores step(1, 1, 2);
  step.values = {1, 0};
  const ResizePlan large = plan_resize(ResizePolicy::kStretch, 100, 1, 2, 1).value();
  const auto half = step.decode({.scores = ScoreKind::kProbabilities, .threshold = 0.75F}, large);
  ASSERT_EQ(half.size(), 1U);
  EXPECT_EQ(half[0].mask->area(), 38);  // up to 0.25 between the places: pixel 25 + 12.5
  EXPECT_EQ(
      step.decode({.upscale = Upscale::kNearest, .scores = ScoreKind::kProbabilities}, large)[0]
          .mask->area(),
      50);
  step.values = {kInf, -kInf};
  EXPECT_EQ(step.decode({.scores = ScoreKind::kLogits}, large)[0].mask->area(), 50);
}

TEST(SegmentDecode, SeesWhetherScoresAreProbabilities) {
  const ResizePlan plan = plan_resize(ResizePolicy::kStretch, 2, 1, 2, 1).value();
  Scores scores(2, 1, 2);
  scores.values = {0.75F, 0.25F, 0.25F, 0.75F};
  EXPECT_NEAR(scores.decode({}, plan)[0].best->score, 0.75, 1e-6);
  scores.values = {0.75F, 0.25F, 0.5F, 0.75F};
  EXPECT_NEAR(scores.decode({}, plan)[0].best->score, 1 / (1 + std::exp(-0.5)), 1e-6);
  Scores plane(1, 1, 2);
  plane.values = {0.75F, 0.25F};
  EXPECT_EQ(plane.decode({}, plan)[0].mask->area(), 1);
  plane.values = {2, 0.25F};  // logits: both are above one half
  EXPECT_EQ(plane.decode({}, plan)[0].mask->area(), 2);
}

TEST(SegmentDecode, NothingAndEverything) {
  const ResizePlan plan = plan_resize(ResizePolicy::kStretch, 9, 7, 4, 4).value();
  Scores scores(3, 4, 4);
  for (float& x : scores.values) x = kNan;
  EXPECT_TRUE(scores.decode({}, plan).empty());
  for (float& x : scores.values) x = 0;
  const auto found = scores.decode({}, plan);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].mask->area(), 63);
  EXPECT_EQ(found[0].mask->counts, (std::vector<uint32_t>{0, 63}));
  EXPECT_TRUE(scores.decode({.background = 0}, plan).empty());
}

TEST(SegmentDecode, RefusesOtherTensors) {
  const ResizePlan plan = plan_resize(ResizePolicy::kStretch, 9, 7, 4, 4).value();
  std::vector<float> x(64);
  const auto wrong = segment_decode({x.data(), DType::kFloat32, {64}, {}, {}}, {}, plan);
  ASSERT_FALSE(wrong);
  EXPECT_NE(wrong.error().message.find("64"), std::string::npos);
  EXPECT_FALSE(segment_decode({x.data(), DType::kInt32, {1, 4, 4, 4}, {}, {}}, {}, plan));
  EXPECT_FALSE(segment_decode({x.data(), DType::kFloat32, {2, 2, 4, 4}, {}, {}}, {}, plan));
  EXPECT_FALSE(segment_decode({x.data(), DType::kFloat16, {4, 4}, {}, {}},
                              {.layout = SegmentLayout::kLabels}, plan));
  EXPECT_FALSE(parse_upscale("bicubic"));
  EXPECT_EQ(parse_segment_layout("labels").value(), SegmentLayout::kLabels);
}

}  // namespace
}  // namespace weir
