#include "weir/ops/yolox_decode.h"

#include <cmath>
#include <cstdint>
#include <string>

#include "weir/ops/grid.h"
#include "weir/ops/tensor_check.h"

namespace weir {
namespace {

constexpr int64_t kBeforeClasses = 5;

Box box_around(float x, float y, float width, float height) {
  return {x - width / 2, y - height / 2, x + width / 2, y + height / 2};
}

Box decode_box(const float* row, const Grid& grid, int64_t cell, bool decoded) {
  if (decoded) return box_around(row[0], row[1], row[2], row[3]);
  const auto stride = static_cast<float>(grid.stride);
  const auto column = static_cast<float>(cell % grid.columns);
  const auto line = static_cast<float>(cell / grid.columns);
  return box_around((row[0] + column) * stride, (row[1] + line) * stride, std::exp(row[2]) * stride,
                    std::exp(row[3]) * stride);
}

}  // namespace

Status yolox_decode(const TensorView& output, const YoloxDecodeSpec& spec, const ResizePlan& plan,
                    std::vector<Finding>& found) {
  int64_t cells = 0;
  for (const int stride : spec.strides) cells += grid_of(plan.width, plan.height, stride).cells();
  WEIR_ASSIGN(const TensorView rows,
              ops::expect_floats("the rows of a YOLOX", output, {cells, Shape::kDynamic}));
  const int64_t columns = rows.shape[1];
  if (columns <= kBeforeClasses) {
    return Error(ErrorCode::kInvalidArgument,
                 "the rows of a YOLOX have " + std::to_string(columns) + " numbers", "",
                 "at least 6 are expected: 4 of the box, objectness, and one a class");
  }
  DetectionWorkspace& workspace = DetectionWorkspace::of_this_thread();
  Candidates& proposed = workspace.start();
  const float* row = rows.as<float>();
  for (const int stride : spec.strides) {
    const Grid grid = grid_of(plan.width, plan.height, stride);
    for (int64_t cell = 0; cell < grid.cells(); ++cell, row += columns) {
      if (!(row[4] >= spec.detect.score)) continue;
      const ClassScore best = best_class(row + kBeforeClasses, columns - kBeforeClasses);
      const float score = row[4] * best.score;
      if (best.label_id < 0 || !(score >= spec.detect.score)) continue;
      proposed.add(decode_box(row, grid, cell, spec.decoded), score, best.label_id);
    }
  }
  detections(workspace, spec.detect, plan, found);
  return {};
}

Result<std::vector<Finding>> yolox_decode(const TensorView& output, const YoloxDecodeSpec& spec,
                                          const ResizePlan& plan) {
  std::vector<Finding> found;
  WEIR_TRY(yolox_decode(output, spec, plan, found));
  return found;
}

}  // namespace weir
