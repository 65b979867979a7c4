#include "weir/assemble/explain_layout.h"

#include <algorithm>
#include <cassert>

namespace weir {
namespace {

constexpr int kSweeps = 8;

std::size_t at(int number) {
  return static_cast<std::size_t>(number);
}

}  // namespace

int ChartLayout::add_box(int column, double width, double height) {
  assert(column >= 0);
  boxes_.push_back({.column = column, .width = width, .height = height});
  return static_cast<int>(boxes_.size()) - 1;
}

void ChartLayout::add_edge(int from, int to) {
  assert(boxes_[at(from)].column < boxes_[at(to)].column);
  edges_.push_back({from, to});
}

void ChartLayout::arrange() {
  bend_long_edges();
  order_columns();
  place();
  for (int sweep = 0; sweep < kSweeps; ++sweep) pull_together(sweep % 2 == 0);
  double top = boxes_.empty() ? 0 : boxes_[0].y;  // may be above or below 0 by now
  for (const ChartBox& box : boxes_) top = std::min(top, box.y);
  height_ = 0;
  for (ChartBox& box : boxes_) {
    box.y -= top;
    height_ = std::max(height_, box.y + box.height);
  }
}

void ChartLayout::bend_long_edges() {
  for (Way& way : edges_) {
    const int from = way.front();
    const int to = way.back();
    way = {from};
    for (int column = boxes_[at(from)].column + 1; column < boxes_[at(to)].column; ++column) {
      way.push_back(add_box(column, 0, 0));
    }
    way.push_back(to);
  }
}

double ChartLayout::middle(int box) const {
  return boxes_[at(box)].y + boxes_[at(box)].height / 2;
}

double ChartLayout::neighbours_middle(int box, bool left, double otherwise) const {
  double sum = 0;
  int count = 0;
  for (const Way& way : edges_) {
    for (std::size_t i = 0; i + 1 < way.size(); ++i) {
      if (way[left ? i + 1 : i] != box) continue;
      sum += middle(way[left ? i : i + 1]);
      ++count;
    }
  }
  return count == 0 ? otherwise : sum / count;
}

// Each box where the mean of its neighbours is, in turn from the left and from the right.
void ChartLayout::order_columns() {
  int last = 0;
  for (const ChartBox& box : boxes_) last = std::max(last, box.column);
  columns_.assign(at(last) + 1, {});
  for (std::size_t i = 0; i < boxes_.size(); ++i) {
    std::vector<int>& column = columns_[at(boxes_[i].column)];
    boxes_[i].y = static_cast<double>(column.size());
    column.push_back(static_cast<int>(i));
  }
  for (int sweep = 0; sweep < kSweeps; ++sweep) {
    const bool left = sweep % 2 == 0;
    for (std::size_t c = 0; c < columns_.size(); ++c) {
      std::vector<int>& column = columns_[left ? c : columns_.size() - 1 - c];
      std::vector<std::pair<double, int>> wanted;
      for (const int box : column) {
        wanted.emplace_back(neighbours_middle(box, left, boxes_[at(box)].y), box);
      }
      std::stable_sort(wanted.begin(), wanted.end(),
                       [](const auto& a, const auto& b) { return a.first < b.first; });
      for (std::size_t i = 0; i < column.size(); ++i) {
        column[i] = wanted[i].second;
        boxes_[at(column[i])].y = static_cast<double>(i);
      }
    }
  }
}

void ChartLayout::place() {
  double x = 0;
  for (const std::vector<int>& column : columns_) {
    double widest = 0;
    double y = 0;
    for (const int box : column) {
      boxes_[at(box)].y = y;
      y += boxes_[at(box)].height + kRowGap;
      widest = std::max(widest, boxes_[at(box)].width);
    }
    for (const int box : column) {
      ChartBox& of = boxes_[at(box)];
      of.x = x;
      of.width = widest;  // a column has one width: it is easier to read
    }
    x += widest + kColumnGap;
  }
  width_ = x - kColumnGap;
}

// Boxes move to their neighbours as far as those above and below let them.
void ChartLayout::pull_together(bool from_the_left) {
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    const std::vector<int>& column = columns_[from_the_left ? c : columns_.size() - 1 - c];
    double shift = 0;
    double above = -1e9;
    for (const int box : column) {
      ChartBox& of = boxes_[at(box)];
      const double wanted = neighbours_middle(box, from_the_left, middle(box)) - of.height / 2;
      of.y = std::max(wanted, above);
      shift += wanted - of.y;
      above = of.y + of.height + kRowGap;
    }
    // What was pushed down by those above it comes half the way back, all together.
    for (const int box : column) boxes_[at(box)].y += shift / static_cast<double>(column.size());
  }
}

std::vector<ChartPoint> ChartLayout::points(std::size_t edge) const {
  const Way& way = edges_[edge];
  std::vector<ChartPoint> points;
  for (std::size_t i = 0; i < way.size(); ++i) {
    const ChartBox& box = boxes_[at(way[i])];
    if (i > 0) points.push_back({box.x, middle(way[i])});
    if (i + 1 < way.size()) points.push_back({box.x + box.width, middle(way[i])});
  }
  return points;
}

}  // namespace weir
