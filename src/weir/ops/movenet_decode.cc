#include "weir/ops/movenet_decode.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

#include "weir/ops/tensor_check.h"

namespace weir {
namespace {

// How much nearness counts against sureness, in cells; what the model was exported with.
constexpr double kNearness = 1.8;

struct Maps {
  const float* heat;
  const float* regression;
  const float* offset;
  const float* centre;  // null: none
  int64_t points;
  int64_t rows;
  int64_t columns;

  int64_t cells() const { return rows * columns; }
  double at(const float* map, int64_t channel, int64_t cell) const {
    return double{map[channel * cells() + cell]};
  }
};

struct Cell {
  double x;
  double y;
};

Result<Maps> maps_of(const MovenetHeads& heads) {
  const int64_t any = Shape::kDynamic;
  WEIR_ASSIGN(const TensorView heat,
              ops::expect_floats("the heat maps of a MoveNet", heads.heatmaps, {any, any, any}));
  const int64_t points = heat.shape[0];
  const int64_t rows = heat.shape[1];
  const int64_t columns = heat.shape[2];
  const Shape pairs{2 * points, rows, columns};
  WEIR_ASSIGN(const TensorView regression,
              ops::expect_floats("the regressions of a MoveNet", heads.regression, pairs));
  WEIR_ASSIGN(const TensorView offset,
              ops::expect_floats("the offsets of a MoveNet", heads.offsets, pairs));
  Maps maps{heat.as<float>(), regression.as<float>(), offset.as<float>(), nullptr, points, rows,
            columns};
  if (heads.centre.data == nullptr) return maps;
  WEIR_ASSIGN(const TensorView centre,
              ops::expect_floats("the centres of a MoveNet", heads.centre, {1, rows, columns}));
  maps.centre = centre.as<float>();
  return maps;
}

// 1 / (distance + kNearness), what far things are weighted with.
double nearness(const Cell& a, const Cell& b) {
  return 1 / (std::hypot(a.x - b.x, a.y - b.y) + kNearness);
}

Cell place(const Maps& maps, int64_t cell) {
  return {static_cast<double>(cell % maps.columns), static_cast<double>(cell / maps.columns)};
}

// Where the regression of `centre` says that point k is.
Cell regressed(const Maps& maps, int64_t centre, int64_t k) {
  const Cell from = place(maps, centre);
  return {from.x + maps.at(maps.regression, 2 * k + 1, centre),
          from.y + maps.at(maps.regression, 2 * k, centre)};
}

// The heat of point k in the cell nearest to `where`; 0 outside, or if that is not a number.
double heat_at(const Maps& maps, int64_t k, const Cell& where) {
  const double x = std::round(where.x);
  const double y = std::round(where.y);
  if (!(x >= 0 && y >= 0 && x < static_cast<double>(maps.columns) &&
        y < static_cast<double>(maps.rows))) {
    return 0;
  }
  const double heat =
      maps.at(maps.heat, k, static_cast<int64_t>(y) * maps.columns + static_cast<int64_t>(x));
  return std::isfinite(heat) ? heat : 0;
}

// How much speaks for the person's centre being in this cell.
double evidence(const Maps& maps, int64_t cell) {
  if (maps.centre != nullptr) return maps.at(maps.centre, 0, cell);
  double sum = 0;
  for (int64_t k = 0; k < maps.points; ++k) {
    sum += heat_at(maps, k, regressed(maps, cell, k));
  }
  return sum;
}

// Of several people the one in the middle of the input. Comparisons with NaN are false.
int64_t find_centre(const Maps& maps) {
  const Cell middle{static_cast<double>(maps.columns) / 2, static_cast<double>(maps.rows) / 2};
  int64_t best = 0;
  double most = -std::numeric_limits<double>::infinity();
  for (int64_t cell = 0; cell < maps.cells(); ++cell) {
    const double weighted = evidence(maps, cell) * nearness(place(maps, cell), middle);
    if (weighted > most) {
      most = weighted;
      best = cell;
    }
  }
  return best;
}

// The cell of point k: hot, and near to where it should be.
int64_t find_point(const Maps& maps, int64_t k, const Cell& expected) {
  int64_t best = 0;
  double most = -std::numeric_limits<double>::infinity();
  for (int64_t cell = 0; cell < maps.cells(); ++cell) {
    const double weighted = maps.at(maps.heat, k, cell) * nearness(place(maps, cell), expected);
    if (weighted > most) {
      most = weighted;
      best = cell;
    }
  }
  return best;
}

}  // namespace

Result<std::vector<Keypoint>> movenet_decode(const MovenetHeads& heads, int width, int height) {
  WEIR_ASSIGN(const Maps maps, maps_of(heads));
  std::vector<Keypoint> points;
  if (maps.cells() == 0) return points;
  points.reserve(static_cast<std::size_t>(maps.points));
  const int64_t centre = find_centre(maps);
  for (int64_t k = 0; k < maps.points; ++k) {
    const int64_t cell = find_point(maps, k, regressed(maps, centre, k));
    const Cell at = place(maps, cell);
    const double x =
        (at.x + maps.at(maps.offset, 2 * k + 1, cell)) * width / static_cast<double>(maps.columns);
    const double y =
        (at.y + maps.at(maps.offset, 2 * k, cell)) * height / static_cast<double>(maps.rows);
    points.push_back({static_cast<float>(x), static_cast<float>(y),
                      static_cast<float>(maps.at(maps.heat, k, cell))});
  }
  return points;
}

}  // namespace weir
