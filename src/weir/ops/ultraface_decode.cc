#include "weir/ops/ultraface_decode.h"

#include <cmath>
#include <cstdint>
#include <string>

#include "weir/ops/tensor_check.h"

namespace weir {
namespace {

// How far offsets reach: 0.1 of the anchor's side for the centre, 0.2 in the logarithm for sides.
constexpr float kCentreVariance = 0.1F;
constexpr float kSizeVariance = 0.2F;

Box decode_box(const float* offset, const SsdAnchor& anchor) {
  const float x = anchor.x + offset[0] * kCentreVariance * anchor.width;
  const float y = anchor.y + offset[1] * kCentreVariance * anchor.height;
  const float width = anchor.width * std::exp(offset[2] * kSizeVariance);
  const float height = anchor.height * std::exp(offset[3] * kSizeVariance);
  return {x - width / 2, y - height / 2, x + width / 2, y + height / 2};
}

// Decoded boxes come from exponentials: whatever the picture, none of them is inside out. Of
// offsets about half are.
bool look_decoded(const float* boxes, int64_t count) {
  int64_t inside_out = 0;
  for (int64_t i = 0; i < count; ++i) {
    const float* box = boxes + 4 * i;
    if (box[2] < box[0] || box[3] < box[1]) ++inside_out;
  }
  return inside_out * 10 <= count;
}

Error not_decoded() {
  return {ErrorCode::kInvalidArgument, "the boxes of this UltraFace are offsets, not corners", "",
          "a '_simplified' export leaves them undecoded: write family_options: {decoded: false}"};
}

}  // namespace

std::vector<SsdAnchor> ultraface_anchors(int width, int height) {
  struct Layer {
    int stride;
    std::vector<float> sides;  // in pixels
  };
  const Layer layers[] = {{8, {10, 16, 24}}, {16, {32, 48}}, {32, {64, 96}}, {64, {128, 192, 256}}};
  const auto w = static_cast<float>(width);
  const auto h = static_cast<float>(height);
  std::vector<SsdAnchor> anchors;
  for (const Layer& layer : layers) {
    const auto stride = static_cast<float>(layer.stride);
    const int columns = (width + layer.stride - 1) / layer.stride;
    const int rows = (height + layer.stride - 1) / layer.stride;
    for (int i = 0; i < rows * columns; ++i) {
      const float x = (static_cast<float>(i % columns) + 0.5F) * stride / w;
      const float y = (static_cast<float>(i / columns) + 0.5F) * stride / h;
      for (const float side : layer.sides) anchors.push_back({x, y, side / w, side / h});
    }
  }
  return anchors;
}

Status ultraface_decode(const TensorView& scores, const TensorView& boxes,
                        std::span<const SsdAnchor> anchors, const UltrafaceDecodeSpec& spec,
                        const ResizePlan& plan, std::vector<Finding>& found) {
  const int64_t any = Shape::kDynamic;
  WEIR_ASSIGN(const TensorView corners,
              ops::expect_floats("the boxes of an UltraFace", boxes, {any, 4}));
  const int64_t count = corners.shape[0];
  WEIR_ASSIGN(const TensorView rows,
              ops::expect_floats("the scores of an UltraFace", scores, {count, any}));
  const int64_t classes = rows.shape[1];
  if (classes < 2)
    return ops::unexpected("the scores of an UltraFace", scores, "at least 2 columns");
  if (!spec.decoded && static_cast<int64_t>(anchors.size()) != count) {
    return ops::unexpected("the boxes of an UltraFace", boxes,
                           std::to_string(anchors.size()) + " rows, one an anchor,");
  }
  const float* box = corners.as<float>();
  if (spec.decoded && !look_decoded(box, count)) return not_decoded();
  const auto w = static_cast<float>(plan.width);
  const auto h = static_cast<float>(plan.height);
  DetectionWorkspace& workspace = DetectionWorkspace::of_this_thread();
  Candidates& proposed = workspace.start();
  for (int64_t i = 0; i < count; ++i, box += 4) {
    const ClassScore best = best_class(rows.as<float>() + i * classes + 1, classes - 1);
    if (best.label_id < 0 || !(best.score >= spec.detect.score)) continue;
    const Box share = spec.decoded ? Box{box[0], box[1], box[2], box[3]}
                                   : decode_box(box, anchors[static_cast<std::size_t>(i)]);
    proposed.add({share.x1 * w, share.y1 * h, share.x2 * w, share.y2 * h}, best.score,
                 best.label_id);
  }
  detections(workspace, spec.detect, plan, found);
  return {};
}

Result<std::vector<Finding>> ultraface_decode(const TensorView& scores, const TensorView& boxes,
                                              std::span<const SsdAnchor> anchors,
                                              const UltrafaceDecodeSpec& spec,
                                              const ResizePlan& plan) {
  std::vector<Finding> found;
  WEIR_TRY(ultraface_decode(scores, boxes, anchors, spec, plan, found));
  return found;
}

}  // namespace weir
