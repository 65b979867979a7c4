// Where the boxes of a small flow chart go: columns from left to right, as few crossings as a few
// sweeps find, edges that bend around boxes.
//
//   ChartLayout chart;
//   const int a = chart.add_box(0, 120, 40), b = chart.add_box(1, 90, 40);
//   chart.add_edge(a, b);
//   chart.arrange();
//   chart.box(a).y; chart.points(0);
//
// The caller says the column of each box; edges go to a later one. Pure; one thread at a time.
#pragma once

#include <cstddef>
#include <vector>

namespace weir {

struct ChartBox {
  int column = 0;
  double width = 0;
  double height = 0;
  double x = 0;  // of the upper left corner
  double y = 0;
};

struct ChartPoint {
  double x = 0;
  double y = 0;
};

class ChartLayout {
 public:
  static constexpr double kColumnGap = 56;
  static constexpr double kRowGap = 18;

  int add_box(int column, double width, double height);
  // From the right side of one to the left side of the other.
  void add_edge(int from, int to);
  void arrange();

  std::size_t edges() const { return edges_.size(); }
  const ChartBox& box(int number) const { return boxes_[static_cast<std::size_t>(number)]; }
  // Where an edge leaves, where it passes between the boxes of the columns that it crosses (twice
  // each), where it arrives.
  std::vector<ChartPoint> points(std::size_t edge) const;
  double width() const { return width_; }
  double height() const { return height_; }

 private:
  // An edge as the boxes it goes through: its ends, and one of no size in each column between.
  using Way = std::vector<int>;

  void bend_long_edges();
  void order_columns();
  void place();
  void pull_together(bool from_the_left);
  double neighbours_middle(int box, bool left, double otherwise) const;
  double middle(int box) const;

  std::vector<ChartBox> boxes_;
  std::vector<Way> edges_;
  std::vector<std::vector<int>> columns_;  // boxes from top to bottom
  double width_ = 0;
  double height_ = 0;
};

}  // namespace weir
