// Exact linear assignment with a cost limit: which row belongs to which column, so that the sum of
// `cost - limit` over the matched pairs is least. No pair at or above the limit is ever matched.
//
//   Assignment assignment;
//   assignment.begin(tracks, detections, 0.8F);
//   assignment.add(0, 3, 0.25F);                  // only pairs below the limit need to be said
//   assignment.solve();
//   assignment.column_of(0)                       // 3, or kUnmatched
//
// Pairs that share no row or column with others are taken at once; what is left is solved component
// by component with shortest augmenting paths. Equal costs are resolved by index, so the result is
// deterministic. The object keeps its memory from one use to the next; one thread at a time.
#pragma once

#include <cstdint>
#include <vector>

namespace weir {

class Assignment {
 public:
  static constexpr int kUnmatched = -1;

  void begin(int rows, int columns, float limit);
  // Rows in rising order, and columns in rising order within a row; each pair once.
  void add(int row, int column, float cost) {
    if (cost < limit_) edges_.push_back({row, column, cost});
  }
  void solve();

  int column_of(int row) const { return column_of_[static_cast<std::size_t>(row)]; }
  int row_of(int column) const { return row_of_[static_cast<std::size_t>(column)]; }

 private:
  struct Edge {
    int row;
    int column;
    float cost;
  };
  int root_of(int node);
  void match(int row, int column);
  void solve_component(std::size_t first, std::size_t last);
  void augment(int rows, int columns);

  float limit_ = 0;
  std::vector<Edge> edges_;
  std::vector<int> column_of_;
  std::vector<int> row_of_;
  std::vector<int> parent_;  // union-find over rows, then columns
  // Scratch of one component.
  std::vector<int> place_;  // node -> index in the component
  std::vector<int> component_rows_;
  std::vector<int> component_columns_;
  std::vector<double> matrix_;
  std::vector<double> row_potential_;
  std::vector<double> column_potential_;
  std::vector<double> distance_;
  std::vector<int> matched_row_;
  std::vector<int> came_from_;
  std::vector<char> visited_;
};

}  // namespace weir
