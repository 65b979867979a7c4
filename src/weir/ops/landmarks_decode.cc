#include "weir/ops/landmarks_decode.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "weir/ops/tensor_check.h"

namespace weir {
namespace {

constexpr int64_t kWithDepth = 3;
constexpr int64_t kWithVisibility = 5;

// The part of a heat map that a window around a cell covers.
struct Window {
  int64_t left;
  int64_t top;
  int64_t right;  // past the end
  int64_t bottom;
};

// Empty if the point lies outside of the map.
Window window_around(double x, double y, int64_t columns, int64_t rows, int kernel) {
  // Compared as they are: casting what is far outside would be undefined.
  if (!(x >= 0 && y >= 0 && x < static_cast<double>(columns) && y < static_cast<double>(rows))) {
    return {0, 0, 0, 0};
  }
  const auto column = static_cast<int64_t>(x);
  const auto row = static_cast<int64_t>(y);
  const int64_t reach = (kernel - 1) / 2;
  return {std::max<int64_t>(column - reach, 0), std::max<int64_t>(row - reach, 0),
          std::min(column + reach + 1, columns), std::min(row + reach + 1, rows)};
}

}  // namespace

float sigmoid(float logit) {
  return std::isnan(logit) ? 0 : 1 / (1 + std::exp(-logit));
}

Status landmarks_decode(const TensorView& output, const LandmarksDecodeSpec& spec,
                        Finding& finding) {
  const auto elements = output.shape.elements();
  if (!ops::is_readable(output) || !elements || *elements != spec.points * spec.numbers) {
    return ops::unexpected(
        "the points", output,
        "a dense float32 tensor of " + std::to_string(spec.points * spec.numbers) + " numbers");
  }
  const int64_t count = spec.keep == 0 ? spec.points : std::min(spec.keep, spec.points);
  const std::size_t all = finding.keypoints.size() + static_cast<std::size_t>(count);
  const bool has_depth = spec.numbers >= kWithDepth;
  finding.keypoints.reserve(all);
  if (has_depth) finding.depths.reserve(all);
  const float* row = output.as<float>();
  for (int64_t i = 0; i < count; ++i, row += spec.numbers) {
    const float visible = spec.numbers >= kWithVisibility ? sigmoid(row[3]) : 1.0F;
    finding.keypoints.push_back({row[0], row[1], visible});
    if (has_depth) finding.depths.push_back(row[2] * spec.depth_unit);
  }
  return {};
}

Status refine_by_heatmap(const TensorView& heatmaps, int input_width, int input_height,
                         const HeatmapSpec& spec, std::span<Keypoint> points) {
  const int64_t any = Shape::kDynamic;
  WEIR_ASSIGN(const TensorView maps,
              ops::expect_floats("the heat maps", heatmaps, {any, any, any}));
  const int64_t rows = maps.shape[0];
  const int64_t columns = maps.shape[1];
  const int64_t channels = maps.shape[2];
  if (channels < static_cast<int64_t>(points.size())) {
    return ops::unexpected("the heat maps", heatmaps, std::to_string(points.size()) + " channels");
  }
  for (std::size_t k = 0; k < points.size(); ++k) {
    const double x = double{points[k].x} * static_cast<double>(columns) / input_width;
    const double y = double{points[k].y} * static_cast<double>(rows) / input_height;
    const Window window = window_around(x, y, columns, rows, spec.kernel);
    double sum = 0;
    double sum_x = 0;
    double sum_y = 0;
    float surest = 0;
    for (int64_t r = window.top; r < window.bottom; ++r) {
      for (int64_t c = window.left; c < window.right; ++c) {
        const float sure =
            sigmoid(maps.as<float>()[(r * columns + c) * channels + static_cast<int64_t>(k)]);
        surest = std::max(surest, sure);
        sum += double{sure};
        sum_x += double{sure} * static_cast<double>(c);
        sum_y += double{sure} * static_cast<double>(r);
      }
    }
    if (!(surest >= spec.least) || !(sum > 0)) continue;
    points[k].x = static_cast<float>(sum_x / sum * input_width / static_cast<double>(columns));
    points[k].y = static_cast<float>(sum_y / sum * input_height / static_cast<double>(rows));
  }
  return {};
}

void to_source(const Affine& map, Finding& finding) {
  for (Keypoint& point : finding.keypoints) point = map.apply(point);
  const auto scale = static_cast<float>(std::hypot(map.a, map.c));
  for (float& depth : finding.depths) depth *= scale;
}

}  // namespace weir
