#include "weir/ops/gfl_decode.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <string>

#include "weir/ops/grid.h"
#include "weir/ops/tensor_check.h"

namespace weir {
namespace {

// The mean of 0 … count - 1 under the softmax of the logits.
float mean_distance(const float* logits, int64_t count) {
  const float highest = *std::max_element(logits, logits + count);
  float weights = 0;
  float sum = 0;
  for (int64_t i = 0; i < count; ++i) {
    const float weight = std::exp(logits[i] - highest);
    weights += weight;
    sum += weight * static_cast<float>(i);
  }
  return sum / weights;
}

struct Rows {
  const float* scores = nullptr;
  const float* sides = nullptr;
  int64_t classes = 0;
  int64_t steps = 0;  // of the distribution of one side
};

std::string wanted(const Shape& shape) {
  return "a dense float32 tensor of " + to_string(shape);
}

Result<Rows> rows_of(const GflLevel& level, const Grid& grid) {
  // Words only where they are needed: this is asked for every level of every picture.
  const auto of = [&](const char* what) {
    return "the " + std::string(what) + " of stride " + std::to_string(level.stride);
  };
  const Shape expected{grid.cells(), Shape::kDynamic};
  const auto scores_found = ops::expect_floats("", level.scores, expected);
  if (!scores_found) return ops::unexpected(of("scores"), level.scores, wanted(expected));
  const auto sides_found = ops::expect_floats("", level.sides, expected);
  if (!sides_found) return ops::unexpected(of("sides"), level.sides, wanted(expected));
  const TensorView& scores = *scores_found;
  const TensorView& sides = *sides_found;
  const int64_t numbers = sides.shape[1];
  if (numbers < 8 || numbers % 4 != 0) {
    return Error(ErrorCode::kInvalidArgument,
                 of("sides") + " have " + std::to_string(numbers) + " numbers a cell", "",
                 "a multiple of 4 is expected: the distributions of left, top, right and bottom");
  }
  return Rows{scores.as<float>(), sides.as<float>(), scores.shape[1], numbers / 4};
}

Box decode_box(const float* sides, int64_t steps, const Grid& grid, int64_t cell, float centre) {
  const auto stride = static_cast<float>(grid.stride);
  std::array<float, 4> distance{};
  for (std::size_t side = 0; side < 4; ++side) {
    distance[side] = mean_distance(sides + static_cast<int64_t>(side) * steps, steps) * stride;
  }
  const float x = (static_cast<float>(cell % grid.columns) + centre) * stride;
  const float y = (static_cast<float>(cell / grid.columns) + centre) * stride;
  return {x - distance[0], y - distance[1], x + distance[2], y + distance[3]};
}

}  // namespace

Status gfl_decode(std::span<const GflLevel> levels, const GflDecodeSpec& spec,
                  const ResizePlan& plan, std::vector<Finding>& found) {
  DetectionWorkspace& workspace = DetectionWorkspace::of_this_thread();
  Candidates& proposed = workspace.start();
  for (const GflLevel& level : levels) {
    const Grid grid = grid_of(plan.width, plan.height, level.stride);
    WEIR_ASSIGN(const Rows rows, rows_of(level, grid));
    for (int64_t cell = 0; cell < grid.cells(); ++cell) {
      const ClassScore best = best_class(rows.scores + cell * rows.classes, rows.classes);
      if (best.label_id < 0 || !(best.score >= spec.detect.score)) continue;
      const float* sides = rows.sides + cell * 4 * rows.steps;
      proposed.add(decode_box(sides, rows.steps, grid, cell, spec.centre), best.score,
                   best.label_id);
    }
  }
  detections(workspace, spec.detect, plan, found);
  return {};
}

Result<std::vector<Finding>> gfl_decode(std::span<const GflLevel> levels, const GflDecodeSpec& spec,
                                        const ResizePlan& plan) {
  std::vector<Finding> found;
  WEIR_TRY(gfl_decode(levels, spec, plan, found));
  return found;
}

}  // namespace weir
