#include "weir/ops/ssd_decode.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>

#include "weir/ops/tensor_check.h"

namespace weir {
namespace {

// The best class but the background.
ClassScore best_of(const float* row, int64_t classes, int background) {
  if (background < 0 || background >= classes) return best_class(row, classes);
  const ClassScore before = best_class(row, background);
  ClassScore after = best_class(row + background + 1, classes - background - 1);
  if (!(after.score > before.score)) return before;
  after.label_id += background + 1;
  return after;
}

Box decode_box(const float* offset, const SsdAnchor& anchor, const SsdDecodeSpec& spec,
               const ResizePlan& plan) {
  const auto& divisor = spec.variances;
  const float y = offset[0] / divisor[0] * anchor.height + anchor.y;
  const float x = offset[1] / divisor[1] * anchor.width + anchor.x;
  const float half_height = std::exp(offset[2] / divisor[2]) * anchor.height / 2;
  const float half_width = std::exp(offset[3] / divisor[3]) * anchor.width / 2;
  const auto w = static_cast<float>(plan.width);
  const auto h = static_cast<float>(plan.height);
  return {(x - half_width) * w, (y - half_height) * h, (x + half_width) * w, (y + half_height) * h};
}

// The threshold is first applied to the raw value, so that the sigmoid and the box are only
// computed for what may be a hit; a little below it, because the sigmoid rounds.
float raw_threshold(const SsdDecodeSpec& spec) {
  if (!spec.logits) return spec.detect.score;
  const float below = std::min(spec.detect.score, 1.0F) - 4e-7F;
  if (!(below > 0)) return -std::numeric_limits<float>::infinity();
  return std::log(below / (1 - below));
}

}  // namespace

Status ssd_decode(const TensorView& boxes, const TensorView& scores,
                  std::span<const SsdAnchor> anchors, const SsdDecodeSpec& spec,
                  const ResizePlan& plan, std::vector<Finding>& found) {
  const auto count = static_cast<int64_t>(anchors.size());
  WEIR_ASSIGN(const TensorView offsets,
              ops::expect_floats("the boxes of an SSD", boxes, {count, 4}));
  WEIR_ASSIGN(const TensorView rows,
              ops::expect_floats("the scores of an SSD", scores, {count, Shape::kDynamic}));
  const int64_t classes = rows.shape[1];
  const float threshold = raw_threshold(spec);
  DetectionWorkspace& workspace = DetectionWorkspace::of_this_thread();
  Candidates& proposed = workspace.start();
  for (std::size_t i = 0; i < anchors.size(); ++i) {
    const float* row = rows.as<float>() + static_cast<int64_t>(i) * classes;
    const ClassScore best = best_of(row, classes, spec.background);
    if (best.label_id < 0 || !(best.score >= threshold)) continue;
    proposed.add(decode_box(offsets.as<float>() + 4 * i, anchors[i], spec, plan),
                 spec.logits ? 1 / (1 + std::exp(-best.score)) : best.score, best.label_id);
  }
  detections(workspace, spec.detect, plan, found);
  return {};
}

Result<std::vector<Finding>> ssd_decode(const TensorView& boxes, const TensorView& scores,
                                        std::span<const SsdAnchor> anchors,
                                        const SsdDecodeSpec& spec, const ResizePlan& plan) {
  std::vector<Finding> found;
  WEIR_TRY(ssd_decode(boxes, scores, anchors, spec, plan, found));
  return found;
}

}  // namespace weir
