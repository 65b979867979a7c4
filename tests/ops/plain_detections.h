// The last part of every detector once more, as plainly as it can be written, and the numbers with
// which the decodes are tried. Test-only.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

#include "weir/ops/detections.h"

namespace weir::test {

inline const float kNan = std::numeric_limits<float>::quiet_NaN();
inline const float kInfinity = std::numeric_limits<float>::infinity();

// What a detector says, in pixels of its input.
struct Proposal {
  double x1, y1, x2, y2;
  float score;
  int label;
};

inline double overlap(const Box& a, const Box& b) {
  const double w = std::min(double{a.x2}, double{b.x2}) - std::max(double{a.x1}, double{b.x1});
  const double h = std::min(double{a.y2}, double{b.y2}) - std::max(double{a.y1}, double{b.y1});
  if (w <= 0 || h <= 0) return 0;
  const auto area = [](const Box& x) { return (double{x.x2} - x.x1) * (double{x.y2} - x.y1); };
  return w * h / (area(a) + area(b) - w * h);
}

// Brought into the source and cut at its borders; without what is nothing there.
inline std::vector<Finding> in_source(const std::vector<Proposal>& proposals, float score,
                                      const ResizePlan& plan) {
  std::vector<Finding> inside;
  for (const Proposal& p : proposals) {
    const auto place = [](double value, int before, int inner, int source) {
      const double there = (value - before) * source / inner;
      return std::isfinite(there) ? std::clamp(there, 0.0, double(source)) : there;
    };
    const double x1 = place(p.x1, plan.left, plan.inner_width, plan.source_width);
    const double y1 = place(p.y1, plan.top, plan.inner_height, plan.source_height);
    const double x2 = place(p.x2, plan.left, plan.inner_width, plan.source_width);
    const double y2 = place(p.y2, plan.top, plan.inner_height, plan.source_height);
    if (!std::isfinite(x1 + y1 + x2 + y2) || !(x2 > x1) || !(y2 > y1)) continue;
    if (!std::isfinite(p.score) || !(p.score >= score)) continue;
    inside.push_back({.box = Box{float(x1), float(y1), float(x2), float(y2)},
                      .best = ClassScore{p.label, p.score}});
  }
  return inside;
}

// The rules of detections.h by their definition: the best that is left, then strike out, again.
inline std::vector<Finding> plain_detections(const std::vector<Proposal>& proposals,
                                             const DetectionSpec& spec, const ResizePlan& plan) {
  std::vector<Finding> left = in_source(proposals, spec.score, plan);
  std::stable_sort(left.begin(), left.end(), [](const Finding& a, const Finding& b) {
    return a.best->score > b.best->score;
  });
  if (spec.candidates > 0 && left.size() > spec.candidates) left.resize(spec.candidates);
  std::vector<Finding> kept;
  while (!left.empty() && (spec.max_count == 0 || kept.size() < spec.max_count)) {
    kept.push_back(left.front());
    std::vector<Finding> rest;
    for (std::size_t i = 1; i < left.size(); ++i) {
      const bool rival = !spec.per_class || left[i].best->label_id == kept.back().best->label_id;
      if (!rival || spec.iou >= 1 || overlap(*left[i].box, *kept.back().box) <= spec.iou) {
        rest.push_back(left[i]);
      }
    }
    left = rest;
  }
  return kept;
}

inline void expect_same(const std::vector<Finding>& found, const std::vector<Finding>& wanted) {
  ASSERT_EQ(found.size(), wanted.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    ASSERT_EQ(found[i].best->label_id, wanted[i].best->label_id) << i;
    ASSERT_NEAR(found[i].best->score, wanted[i].best->score, 1e-5) << i;
    const auto near = [&](float a, float b) { EXPECT_NEAR(a, b, 1e-3 * std::max(1.0F, b)) << i; };
    near(found[i].box->x1, wanted[i].box->x1);
    near(found[i].box->y1, wanted[i].box->y1);
    near(found[i].box->x2, wanted[i].box->x2);
    near(found[i].box->y2, wanted[i].box->y2);
  }
}

// Numbers as no model should give them, but may: now and then one that is not finite.
class WildNumbers {
 public:
  explicit WildNumbers(unsigned seed, int one_in = 200) : random_(seed), one_in_(one_in) {}
  float normal(float mean = 0, float deviation = 1) {
    const float value = mean + deviation * normal_(random_);
    if (one_in_ == 0 || below(one_in_) != 0) return value;
    const float odd[] = {kNan, kInfinity, -kInfinity, 1e30F};
    return odd[below(4)];
  }
  // Between 0 and 1 in steps, so that scores tie.
  float share(int steps) { return float(below(steps + 1)) / float(steps); }
  int below(int limit) { return int(random_() % unsigned(limit)); }

 private:
  std::mt19937 random_;
  std::normal_distribution<float> normal_;
  int one_in_;
};

// A picture of 600x300 in an input of 416x416: some of it is padding.
inline ResizePlan letterboxed(int side) {
  return plan_resize(ResizePolicy::kLetterboxCentered, 600, 300, side, side).value();
}

// The specs with which every decode is tried: usual, everything, over the capacity, across classes.
inline std::vector<DetectionSpec> specs_to_try() {
  return {{.score = 0.3F, .iou = 0.45F},
          {.score = 0, .iou = 0.6F, .max_count = 20},
          {.score = 0.3F, .iou = 0.45F, .candidates = 50, .max_count = 10},
          {.score = 0.5F, .iou = 0.3F, .per_class = false},
          {.score = 0.4F, .iou = 1},
          {.score = 1.5F}};
}

}  // namespace weir::test
