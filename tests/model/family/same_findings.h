// Whether two lists of findings say the same, within what two ways of computing may differ.
// Test-only.
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "tests/ops/plain_detections.h"

namespace weir::test {

struct Tolerance {
  double iou = 0.99;
  double score = 0.01;
};

// Every finding of `a` that is not within the tolerance of the threshold has one in `b` of its
// class that lies where it lies.
inline void expect_each_in(const std::vector<Finding>& a, const std::vector<Finding>& b,
                           double threshold, const Tolerance& tolerance, const std::string& what) {
  for (const Finding& finding : a) {
    if (finding.best->score < threshold + tolerance.score) continue;
    const Finding* nearest = nullptr;
    for (const Finding& other : b) {
      if (other.best->label_id != finding.best->label_id) continue;
      const bool nearer = nearest == nullptr ||
                          overlap(*other.box, *finding.box) > overlap(*nearest->box, *finding.box);
      if (nearer) nearest = &other;
    }
    ASSERT_NE(nearest, nullptr) << what << ": class " << finding.best->label_id;
    EXPECT_GE(overlap(*nearest->box, *finding.box), tolerance.iou) << what;
    EXPECT_NEAR(nearest->best->score, finding.best->score, tolerance.score) << what;
  }
}

inline void expect_alike(const std::vector<Finding>& a, const std::vector<Finding>& b,
                         double threshold, const Tolerance& tolerance, const std::string& what) {
  expect_each_in(a, b, threshold, tolerance, what);
  expect_each_in(b, a, threshold, tolerance, what);
}

}  // namespace weir::test
