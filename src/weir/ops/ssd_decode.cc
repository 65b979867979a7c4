#include "weir/ops/ssd_decode.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>

#include "weir/ops/nms.h"

namespace weir {
namespace {

// The number of columns of a tensor that has `rows` rows: [1,rows,columns] or [rows,columns].
Result<int64_t> columns_of(const TensorView& tensor, std::size_t rows, const std::string& what) {
  const Shape& shape = tensor.shape;
  const std::size_t rank = shape.rank();
  const bool fits = rank >= 2 && rank <= 3 && (rank == 2 || shape[0] == 1) &&
                    shape[rank - 2] == static_cast<int64_t>(rows) && shape[rank - 1] >= 1;
  if (fits && tensor.dtype == DType::kFloat32 && tensor.device.is_cpu() && tensor.is_dense() &&
      (tensor.data != nullptr || rows == 0)) {
    return shape[rank - 1];
  }
  return Error(
      ErrorCode::kInvalidArgument,
      "the " + what + " of an SSD are " + std::string(name(tensor.dtype)) + " " + to_string(shape),
      "", "a dense float32 tensor of 1x" + std::to_string(rows) + "xN is expected");
}

struct Best {
  int32_t label = -1;
  float value = -std::numeric_limits<float>::infinity();
};

// Comparisons with NaN are false, so a NaN is never the best.
Best best_class(const float* row, int64_t classes, int background) {
  Best best;
  for (int64_t c = 0; c < classes; ++c) {
    if (c != background && row[c] > best.value) best = {static_cast<int32_t>(c), row[c]};
  }
  return best;
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
  return plan.to_source(
      {(x - half_width) * w, (y - half_height) * h, (x + half_width) * w, (y + half_height) * h});
}

bool is_finite(const Box& box) {
  return std::isfinite(box.x1) && std::isfinite(box.y1) && std::isfinite(box.x2) &&
         std::isfinite(box.y2);
}

struct Candidates {
  std::vector<Box> boxes;
  std::vector<float> scores;
  std::vector<int32_t> labels;
};

// The threshold is applied to the raw value, so the sigmoid and the box are only computed for hits.
float raw_threshold(const SsdDecodeSpec& spec) {
  if (!spec.logits) return spec.score;
  if (spec.score <= 0) return -std::numeric_limits<float>::infinity();
  if (spec.score >= 1) return std::numeric_limits<float>::infinity();
  return std::log(spec.score / (1 - spec.score));
}

Candidates collect(const float* boxes, const float* scores, int64_t classes,
                   std::span<const SsdAnchor> anchors, const SsdDecodeSpec& spec,
                   const ResizePlan& plan) {
  Candidates found;
  const float threshold = raw_threshold(spec);
  for (std::size_t i = 0; i < anchors.size(); ++i) {
    const Best best =
        best_class(scores + static_cast<int64_t>(i) * classes, classes, spec.background);
    if (best.label < 0 || !(best.value >= threshold)) continue;
    const Box box = decode_box(boxes + 4 * i, anchors[i], spec, plan);
    const Box inside = plan.clip(box);
    // A box that lies outside of the picture has nothing left.
    if (!is_finite(box) || !(inside.width() > 0) || !(inside.height() > 0)) continue;
    found.boxes.push_back(inside);
    found.scores.push_back(spec.logits ? 1 / (1 + std::exp(-best.value)) : best.value);
    found.labels.push_back(best.label);
  }
  return found;
}

}  // namespace

Result<std::vector<Finding>> ssd_decode(const TensorView& boxes, const TensorView& scores,
                                        std::span<const SsdAnchor> anchors,
                                        const SsdDecodeSpec& spec, const ResizePlan& plan) {
  WEIR_ASSIGN(const int64_t sides, columns_of(boxes, anchors.size(), "boxes"));
  WEIR_ASSIGN(const int64_t classes, columns_of(scores, anchors.size(), "scores"));
  if (sides != 4) {
    return Error(ErrorCode::kInvalidArgument,
                 "the boxes of an SSD have " + std::to_string(sides) + " numbers", "",
                 "4 are expected: y, x, height, width");
  }
  const Candidates found =
      collect(boxes.as<float>(), scores.as<float>(), classes, anchors, spec, plan);
  const std::vector<std::size_t> kept =
      nms(found.boxes, found.scores, found.labels, {.iou = spec.iou, .max_count = spec.max_count});
  std::vector<Finding> findings;
  findings.reserve(kept.size());
  for (const std::size_t i : kept) {
    findings.push_back(
        {.box = found.boxes[i], .best = ClassScore{found.labels[i], found.scores[i]}});
  }
  return findings;
}

}  // namespace weir
