// The cells of a detector without anchors: one grid for each stride, row by row.
//
//   for (const Grid& grid : grids(416, 416, {8, 16, 32})) …   // 52x52, 26x26, 13x13
//
// Pure functions: any thread.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace weir {

struct Grid {
  int stride = 1;
  int columns = 0;
  int rows = 0;
  int64_t cells() const { return int64_t{columns} * rows; }
};

// A side that is no multiple of a stride has one more cell, as convolutions with padding give it.
inline Grid grid_of(int width, int height, int stride) {
  return {stride, (width + stride - 1) / stride, (height + stride - 1) / stride};
}

inline std::vector<Grid> grids(int width, int height, std::span<const int> strides) {
  std::vector<Grid> all;
  for (const int stride : strides) all.push_back(grid_of(width, height, stride));
  return all;
}

inline int64_t cell_count(std::span<const Grid> grids) {
  int64_t count = 0;
  for (const Grid& grid : grids) count += grid.cells();
  return count;
}

}  // namespace weir
