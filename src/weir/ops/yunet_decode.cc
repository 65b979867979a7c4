#include "weir/ops/yunet_decode.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

#include "weir/ops/grid.h"
#include "weir/ops/points.h"
#include "weir/ops/tensor_check.h"

namespace weir {
namespace {

using Points = std::array<Keypoint, kFacePoints>;

struct Rows {
  Grid grid;
  const float* classes;
  const float* objects;
  const float* boxes;
  const float* points;
};

Result<Rows> rows_of(const YunetLevel& level, const ResizePlan& plan) {
  const Grid grid = grid_of(plan.width, plan.height, level.stride);
  const int64_t n = grid.cells();
  WEIR_ASSIGN(auto classes, ops::expect_floats("the classes of a YuNet", level.classes, {n, 1}));
  WEIR_ASSIGN(auto objects, ops::expect_floats("the objects of a YuNet", level.objects, {n, 1}));
  WEIR_ASSIGN(auto boxes, ops::expect_floats("the boxes of a YuNet", level.boxes, {n, 4}));
  WEIR_ASSIGN(auto points,
              ops::expect_floats("the points of a YuNet", level.points, {n, 2 * kFacePoints}));
  return Rows{grid, classes.as<float>(), objects.as<float>(), boxes.as<float>(),
              points.as<float>()};
}

struct Cell {
  float x;
  float y;
  float stride;
  Cell(const Grid& grid, int64_t i)
      : x(static_cast<float>(i % grid.columns)),
        y(static_cast<float>(i / grid.columns)),
        stride(static_cast<float>(grid.stride)) {}
};

Box box_at(const Cell& cell, const float* row) {
  const float x = (cell.x + row[0]) * cell.stride;
  const float y = (cell.y + row[1]) * cell.stride;
  const float width = std::exp(row[2]) * cell.stride;
  const float height = std::exp(row[3]) * cell.stride;
  return {x - width / 2, y - height / 2, x + width / 2, y + height / 2};
}

Points points_at(const Cell& cell, const float* row) {
  Points points;
  for (std::size_t k = 0; k < points.size(); ++k) {
    points[k] = {(cell.x + row[2 * k]) * cell.stride, (cell.y + row[2 * k + 1]) * cell.stride, 1};
  }
  return points;
}

// There is only one class, so the label of a candidate is free to say where its points are.
void collect(const Rows& rows, float least, Candidates& found, std::vector<Points>& points) {
  for (int64_t i = 0; i < rows.grid.cells(); ++i) {
    // The root cannot be more than the threshold where one factor is less than its square.
    if (!(rows.classes[i] >= least * least * 0.999F)) continue;
    const float score = std::sqrt(std::clamp(rows.classes[i], 0.0F, 1.0F) *
                                  std::clamp(rows.objects[i], 0.0F, 1.0F));
    if (!(score >= least)) continue;
    const Cell cell(rows.grid, i);
    found.add(box_at(cell, rows.boxes + 4 * i), score, static_cast<int32_t>(points.size()));
    points.push_back(points_at(cell, rows.points + int64_t{2 * kFacePoints} * i));
  }
}

}  // namespace

Status yunet_decode(std::span<const YunetLevel> levels, const YunetDecodeSpec& spec,
                    const ResizePlan& plan, std::vector<Finding>& found) {
  DetectionWorkspace& workspace = DetectionWorkspace::of_this_thread();
  Candidates& proposed = workspace.start();
  thread_local std::vector<Points> points;  // kept like the workspace
  points.clear();
  for (const YunetLevel& level : levels) {
    WEIR_ASSIGN(const Rows rows, rows_of(level, plan));
    collect(rows, spec.detect.score, proposed, points);
  }
  DetectionSpec detect = spec.detect;
  detect.per_class = false;
  const std::size_t first = found.size();
  detections(workspace, detect, plan, found);
  const Affine to_source = plan.to_source();
  for (Finding& face : std::span(found).subspan(first)) {
    const Points& marks = points[static_cast<std::size_t>(face.best->label_id)];
    face.best->label_id = 0;
    face.keypoints.assign(marks.begin(), marks.end());
    for (Keypoint& point : face.keypoints) point = to_source.apply(point);
    if (!all_finite(face.keypoints)) face.keypoints.clear();
  }
  return {};
}

Result<std::vector<Finding>> yunet_decode(std::span<const YunetLevel> levels,
                                          const YunetDecodeSpec& spec, const ResizePlan& plan) {
  std::vector<Finding> found;
  WEIR_TRY(yunet_decode(levels, spec, plan, found));
  return found;
}

}  // namespace weir
