#include "weir/ops/fastestdet_decode.h"

#include <cmath>
#include <cstdint>
#include <string>

#include "weir/ops/tensor_check.h"

namespace weir {
namespace {

constexpr int64_t kBeforeClasses = 5;

float sigmoid(float x) {
  return 1 / (1 + std::exp(-x));
}

}  // namespace

Status fastestdet_decode(const TensorView& output, const DetectionSpec& spec,
                         const ResizePlan& plan, std::vector<Finding>& found) {
  WEIR_ASSIGN(const TensorView map,
              ops::expect_floats("the cells of a FastestDet", output,
                                 {Shape::kDynamic, Shape::kDynamic, Shape::kDynamic}));
  const int64_t classes = map.shape[0] - kBeforeClasses;
  const int64_t columns = map.shape[2];
  const int64_t cells = map.shape[1] * columns;
  if (classes < 1) {
    return Error(ErrorCode::kInvalidArgument,
                 "the cells of a FastestDet have " + std::to_string(map.shape[0]) + " channels", "",
                 "at least 6 are expected: objectness, 4 of the box, and one a class");
  }
  const float across = static_cast<float>(plan.width) / static_cast<float>(columns);
  const float down = static_cast<float>(plan.height) / static_cast<float>(map.shape[1]);
  DetectionWorkspace& workspace = DetectionWorkspace::of_this_thread();
  Candidates& proposed = workspace.start();
  for (int64_t cell = 0; cell < cells; ++cell) {
    const float* value = map.as<float>() + cell;
    const ClassScore best = best_class(value + kBeforeClasses * cells, classes, cells);
    const float score = std::pow(value[0], 0.6F) * std::pow(best.score, 0.4F);
    if (best.label_id < 0 || !(score >= spec.score)) continue;
    const float x = (static_cast<float>(cell % columns) + std::tanh(value[cells])) * across;
    const float y = (static_cast<float>(cell / columns) + std::tanh(value[2 * cells])) * down;
    const float half_width = sigmoid(value[3 * cells]) * static_cast<float>(plan.width) / 2;
    const float half_height = sigmoid(value[4 * cells]) * static_cast<float>(plan.height) / 2;
    proposed.add({x - half_width, y - half_height, x + half_width, y + half_height}, score,
                 best.label_id);
  }
  detections(workspace, spec, plan, found);
  return {};
}

Result<std::vector<Finding>> fastestdet_decode(const TensorView& output, const DetectionSpec& spec,
                                               const ResizePlan& plan) {
  std::vector<Finding> found;
  WEIR_TRY(fastestdet_decode(output, spec, plan, found));
  return found;
}

}  // namespace weir
