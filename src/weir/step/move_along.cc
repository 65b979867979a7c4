#include "weir/step/move_along.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace weir {
namespace {

// From one box to the other: stretched in each direction by itself.
struct Stretch {
  Box from;
  Box to;
  float scale_x = to.width() / from.width();
  float scale_y = to.height() / from.height();

  float x(float value) const { return to.x1 + (value - from.x1) * scale_x; }
  float y(float value) const { return to.y1 + (value - from.y1) * scale_y; }
  float x_before(float value) const { return from.x1 + (value - to.x1) / scale_x; }
};

// Rows of one column that belong to a mask.
struct Rows {
  int begin = 0;
  int end = 0;
};

// The rows of each column: those of column x begin at `first[x]`, and end where the next begin.
struct Columns {
  std::vector<Rows> rows;
  std::vector<std::size_t> first;
};

Columns columns_of(const Mask& mask) {
  Columns columns;
  const auto height = static_cast<uint64_t>(mask.height);
  uint64_t place = 0;  // counts down the columns
  for (std::size_t i = 0; i < mask.counts.size(); ++i) {
    const uint64_t end = place + mask.counts[i];
    if (i % 2 == 0) {
      place = end;
      continue;
    }
    while (place < end) {
      const uint64_t column = place / height;
      const uint64_t stop = std::min(end, (column + 1) * height);
      while (columns.first.size() <= column) columns.first.push_back(columns.rows.size());
      const uint64_t above = column * height;
      columns.rows.push_back({static_cast<int>(place - above), static_cast<int>(stop - above)});
      place = stop;
    }
  }
  columns.first.resize(static_cast<std::size_t>(mask.width) + 1, columns.rows.size());
  return columns;
}

// Writes runs one after the other; what touches becomes one.
class RunWriter {
 public:
  void add(uint64_t begin, uint64_t end) {
    if (begin >= end) return;
    if (begin == end_ && !counts_.empty()) {
      counts_.back() += static_cast<uint32_t>(end - begin);
    } else {
      counts_.push_back(static_cast<uint32_t>(begin - end_));
      counts_.push_back(static_cast<uint32_t>(end - begin));
    }
    end_ = end;
  }
  std::vector<uint32_t> finish(uint64_t size) {
    if (end_ < size) counts_.push_back(static_cast<uint32_t>(size - end_));
    return std::move(counts_);
  }

 private:
  std::vector<uint32_t> counts_;
  uint64_t end_ = 0;
};

// The number of the pixel whose centre comes at or after that place, inside of the picture.
int pixel(float place, int size) {
  return static_cast<int>(std::clamp(std::round(place), 0.0F, static_cast<float>(size)));
}

// Column by column and run by run: no pixel is looked at.
Mask moved(const Mask& mask, const Stretch& stretch) {
  const Columns columns = columns_of(mask);
  const auto height = static_cast<uint64_t>(mask.height);
  RunWriter runs;
  for (int x = 0; x < mask.width; ++x) {
    const float before = std::floor(stretch.x_before(static_cast<float>(x) + 0.5F));
    if (!(before >= 0) || !(before < static_cast<float>(mask.width))) continue;
    const auto column = static_cast<std::size_t>(before);
    const uint64_t above = static_cast<uint64_t>(x) * height;
    for (std::size_t i = columns.first[column]; i < columns.first[column + 1]; ++i) {
      const Rows& rows = columns.rows[i];
      const int begin = pixel(stretch.y(static_cast<float>(rows.begin)), mask.height);
      const int end = pixel(stretch.y(static_cast<float>(rows.end)), mask.height);
      runs.add(above + static_cast<uint64_t>(begin), above + static_cast<uint64_t>(end));
    }
  }
  return {mask.width, mask.height,
          runs.finish(static_cast<uint64_t>(mask.width) * static_cast<uint64_t>(mask.height))};
}

}  // namespace

void move_along(Finding& finding, const Box& from, const Box& to) {
  if (from == to || !(from.width() > 0) || !(from.height() > 0)) return;
  const Stretch stretch{from, to};
  if (finding.box) {
    const Box& box = *finding.box;
    finding.box = Box{stretch.x(box.x1), stretch.y(box.y1), stretch.x(box.x2), stretch.y(box.y2)};
  }
  for (Keypoint& point : finding.keypoints) {
    point.x = stretch.x(point.x);
    point.y = stretch.y(point.y);
  }
  for (float& depth : finding.depths) depth *= stretch.scale_x;
  const bool has_size = to.width() > 0 && to.height() > 0;
  if (finding.mask && has_size && finding.mask->check()) {
    finding.mask = moved(*finding.mask, stretch);
  }
}

}  // namespace weir
