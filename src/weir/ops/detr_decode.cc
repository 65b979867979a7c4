#include "weir/ops/detr_decode.h"

#include <cmath>

#include "weir/ops/tensor_check.h"

namespace weir {
namespace {

// -1 for what is no label.
int32_t label_at(const TensorView& labels, int64_t i) {
  const auto checked = [](auto value) {
    return value >= 0 && value < (1 << 24) ? static_cast<int32_t>(value) : -1;
  };
  switch (labels.dtype) {
    case DType::kInt64:
      return checked(labels.as<int64_t>()[i]);
    case DType::kInt32:
      return checked(labels.as<int32_t>()[i]);
    default:
      return checked(labels.as<float>()[i]);
  }
}

}  // namespace

Status detr_decode(const DetrOutputs& outputs, const DetrDecodeSpec& spec, const ResizePlan& plan,
                   std::vector<Finding>& found) {
  WEIR_ASSIGN(const TensorView boxes,
              ops::expect_floats("the boxes of a DETR", outputs.boxes, {Shape::kDynamic, 4}));
  const Shape queries{boxes.shape[0]};
  WEIR_ASSIGN(const TensorView scores,
              ops::expect_floats("the scores of a DETR", outputs.scores, queries));
  const TensorView labels = ops::squeezed(outputs.labels, 1);
  const DType type = labels.dtype;
  if (!(labels.shape == queries) || !ops::is_readable(labels, type) ||
      (type != DType::kInt64 && type != DType::kInt32 && type != DType::kFloat32)) {
    return ops::unexpected("the labels of a DETR", outputs.labels,
                           "a dense int64, int32 or float32 tensor of " + to_string(queries));
  }
  DetectionWorkspace& workspace = DetectionWorkspace::of_this_thread();
  Candidates& proposed = workspace.start();
  for (int64_t i = 0; i < queries[0]; ++i) {
    const float score = scores.as<float>()[i];
    const int32_t label = label_at(labels, i);
    if (label < 0 || (spec.classes > 0 && label >= spec.classes)) continue;
    if (!(score >= spec.detect.score)) continue;
    const float* box = boxes.as<float>() + 4 * i;
    proposed.add({box[0], box[1], box[2], box[3]}, score, label);
  }
  detections(workspace, spec.detect, plan, found);
  return {};
}

Result<std::vector<Finding>> detr_decode(const DetrOutputs& outputs, const DetrDecodeSpec& spec,
                                         const ResizePlan& plan) {
  std::vector<Finding> found;
  WEIR_TRY(detr_decode(outputs, spec, plan, found));
  return found;
}

}  // namespace weir
