// The decode of a BlazeFace once more, as plainly as it can be written: by its definition, in
// double. Test-only.
#pragma once

#include <cmath>
#include <vector>

#include "tests/ops/plain_detections.h"
#include "tests/ops/plain_nms.h"
#include "weir/ops/blazeface_decode.h"

namespace weir::test {

// What a BlazeFace says, a row an anchor, and the size of its input.
struct PlainBlazeface {
  const float* scores;
  const float* rows;
  int columns;
  int width;
  int height;
};

// In pixels of the input.
struct PlainFaces {
  std::vector<Box> boxes;
  std::vector<float> scores;
  std::vector<std::vector<double>> points;
};

inline PlainFaces plain_faces(const PlainBlazeface& outputs, const std::vector<SsdAnchor>& anchors,
                              float least) {
  PlainFaces all;
  for (std::size_t i = 0; i < anchors.size(); ++i) {
    const float score = 1 / (1 + std::exp(-outputs.scores[i]));
    if (!(score >= least)) continue;
    const float* row = outputs.rows + i * std::size_t(outputs.columns);
    const double x = double(anchors[i].x) * outputs.width;
    const double y = double(anchors[i].y) * outputs.height;
    const double cx = x + double(row[0]);
    const double cy = y + double(row[1]);
    const double w = row[2];
    const double h = row[3];
    all.boxes.push_back(
        {float(cx - w / 2), float(cy - h / 2), float(cx + w / 2), float(cy + h / 2)});
    all.scores.push_back(score);
    all.points.emplace_back();
    for (int k = 4; k < outputs.columns; k += 2) {
      all.points.back().push_back(x + double(row[k]));
      all.points.back().push_back(y + double(row[k + 1]));
    }
  }
  return all;
}

// Of all of a group, or of its best alone; none at all if one is not finite.
inline std::vector<Keypoint> plain_points(const PlainFaces& all, const WeightedBox& group,
                                          bool blend, const ResizePlan& plan) {
  std::vector<Keypoint> points;
  const std::size_t best = group.members[0].first;
  for (std::size_t k = 0; k < all.points[best].size(); k += 2) {
    double x = 0;
    double y = 0;
    for (const auto& [member, weight] : group.members) {
      const double w = blend ? double(weight) : member == best ? 1.0 : 0.0;
      if (w == 0) continue;
      x += w * all.points[member][k];
      y += w * all.points[member][k + 1];
    }
    if (!std::isfinite(x) || !std::isfinite(y)) return {};
    points.push_back({float((x - plan.left) * plan.source_width / plan.inner_width),
                      float((y - plan.top) * plan.source_height / plan.inner_height), 1});
  }
  return points;
}

inline std::vector<Finding> plain_blazeface(const PlainBlazeface& outputs,
                                            const std::vector<SsdAnchor>& anchors,
                                            const BlazefaceDecodeSpec& spec,
                                            const ResizePlan& plan) {
  const PlainFaces all = plain_faces(outputs, anchors, spec.detect.score);
  std::vector<Finding> findings;
  for (const WeightedBox& group : plain_weighted_nms(
           all.boxes, all.scores, {.iou = spec.detect.iou, .max_count = spec.detect.max_count})) {
    const std::size_t best = group.members[0].first;
    Finding finding{.box = plan.clip(plan.to_source(spec.blend ? group.box : all.boxes[best])),
                    .best = ClassScore{0, group.score},
                    .keypoints = plain_points(all, group, spec.blend, plan)};
    if (finding.box->area() > 0) findings.push_back(finding);
  }
  return findings;
}

inline void expect_same_points(const std::vector<Finding>& found,
                               const std::vector<Finding>& wanted) {
  expect_same(found, wanted);
  ASSERT_EQ(found.size(), wanted.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    ASSERT_EQ(found[i].keypoints.size(), wanted[i].keypoints.size()) << i;
    for (std::size_t k = 0; k < found[i].keypoints.size(); ++k) {
      const Keypoint& want = wanted[i].keypoints[k];
      EXPECT_NEAR(found[i].keypoints[k].x, want.x, 1e-3 * std::max(1.0F, std::abs(want.x)));
      EXPECT_NEAR(found[i].keypoints[k].y, want.y, 1e-3 * std::max(1.0F, std::abs(want.y)));
    }
  }
}

}  // namespace weir::test
