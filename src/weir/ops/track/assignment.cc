#include "weir/ops/track/assignment.h"

#include <algorithm>
#include <limits>
#include <numeric>

namespace weir {

void Assignment::begin(int rows, int columns, float limit) {
  limit_ = limit;
  edges_.clear();
  column_of_.assign(static_cast<std::size_t>(rows), kUnmatched);
  row_of_.assign(static_cast<std::size_t>(columns), kUnmatched);
}

int Assignment::root_of(int node) {
  while (parent_[node] != node) node = parent_[node] = parent_[parent_[node]];
  return node;
}

void Assignment::match(int row, int column) {
  column_of_[row] = column;
  row_of_[column] = row;
}

void Assignment::solve() {
  const int rows = static_cast<int>(column_of_.size());
  parent_.resize(column_of_.size() + row_of_.size());
  place_.resize(parent_.size());
  std::iota(parent_.begin(), parent_.end(), 0);
  for (const Edge& edge : edges_) {
    const int a = root_of(edge.row);
    const int b = root_of(rows + edge.column);
    if (a != b) parent_[std::max(a, b)] = std::min(a, b);
  }
  // The root is the lowest row of its component, so this order is that of the rows.
  std::sort(edges_.begin(), edges_.end(), [&](const Edge& a, const Edge& b) {
    const int root_a = root_of(a.row);
    const int root_b = root_of(b.row);
    if (root_a != root_b) return root_a < root_b;
    return a.row != b.row ? a.row < b.row : a.column < b.column;
  });
  for (std::size_t first = 0; first < edges_.size();) {
    const int root = root_of(edges_[first].row);
    std::size_t last = first + 1;
    while (last < edges_.size() && root_of(edges_[last].row) == root) ++last;
    solve_component(first, last);
    first = last;
  }
}

void Assignment::solve_component(std::size_t first, std::size_t last) {
  if (last - first == 1) return match(edges_[first].row, edges_[first].column);
  const int all_rows = static_cast<int>(column_of_.size());
  component_rows_.clear();
  component_columns_.clear();
  for (std::size_t i = first; i < last; ++i) {
    if (component_rows_.empty() || component_rows_.back() != edges_[i].row) {
      component_rows_.push_back(edges_[i].row);
    }
    component_columns_.push_back(edges_[i].column);
  }
  std::sort(component_columns_.begin(), component_columns_.end());
  component_columns_.erase(std::unique(component_columns_.begin(), component_columns_.end()),
                           component_columns_.end());
  // The shorter side is augmented; the other must be at least as long.
  const bool flipped = component_rows_.size() > component_columns_.size();
  const std::vector<int>& shorter = flipped ? component_columns_ : component_rows_;
  const std::vector<int>& longer = flipped ? component_rows_ : component_columns_;
  for (std::size_t i = 0; i < shorter.size(); ++i) {
    place_[flipped ? all_rows + shorter[i] : shorter[i]] = static_cast<int>(i);
  }
  for (std::size_t i = 0; i < longer.size(); ++i) {
    place_[flipped ? longer[i] : all_rows + longer[i]] = static_cast<int>(i);
  }
  // A pair that was not said costs the limit: to match it is worth nothing.
  matrix_.assign(shorter.size() * longer.size(), static_cast<double>(limit_));
  for (std::size_t i = first; i < last; ++i) {
    const int row = place_[edges_[i].row];
    const int column = place_[all_rows + edges_[i].column];
    const std::size_t at = flipped ? static_cast<std::size_t>(column) * longer.size() + row
                                   : static_cast<std::size_t>(row) * longer.size() + column;
    matrix_[at] = static_cast<double>(edges_[i].cost);
  }
  augment(static_cast<int>(shorter.size()), static_cast<int>(longer.size()));
  for (std::size_t j = 0; j < longer.size(); ++j) {
    const int i = matched_row_[j + 1] - 1;
    if (i < 0) continue;
    if (matrix_[static_cast<std::size_t>(i) * longer.size() + j] >= static_cast<double>(limit_)) {
      continue;
    }
    flipped ? match(longer[j], shorter[i]) : match(shorter[i], longer[j]);
  }
}

// Shortest augmenting paths with potentials over a dense matrix of rows <= columns. Index 0 of the
// columns stands for the row that is being placed.
void Assignment::augment(int rows, int columns) {
  constexpr double kInfinite = std::numeric_limits<double>::infinity();
  const std::size_t width = static_cast<std::size_t>(columns) + 1;
  row_potential_.assign(static_cast<std::size_t>(rows) + 1, 0);
  column_potential_.assign(width, 0);
  matched_row_.assign(width, 0);
  came_from_.resize(width);
  for (int row = 1; row <= rows; ++row) {
    matched_row_[0] = row;
    distance_.assign(width, kInfinite);
    visited_.assign(width, 0);
    int column = 0;
    do {
      visited_[column] = 1;
      const int from = matched_row_[column];
      const double* costs = matrix_.data() + static_cast<std::size_t>(from - 1) * columns - 1;
      int next = 0;
      double shortest = kInfinite;
      for (int j = 1; j <= columns; ++j) {
        if (visited_[j] != 0) continue;
        const double reduced = costs[j] - row_potential_[from] - column_potential_[j];
        if (reduced < distance_[j]) {
          distance_[j] = reduced;
          came_from_[j] = column;
        }
        if (distance_[j] < shortest) {
          shortest = distance_[j];
          next = j;
        }
      }
      for (int j = 0; j <= columns; ++j) {
        if (visited_[j] != 0) {
          row_potential_[matched_row_[j]] += shortest;
          column_potential_[j] -= shortest;
        } else {
          distance_[j] -= shortest;
        }
      }
      column = next;
    } while (matched_row_[column] != 0);
    while (column != 0) {
      matched_row_[column] = matched_row_[came_from_[column]];
      column = came_from_[column];
    }
  }
}

}  // namespace weir
