// Which part of an input shows the picture, and what is written into the rest of it.
#pragma once

#include <algorithm>
#include <array>

#include "weir/ops/resize_plan.h"
#include "weir/ops/tensor_target.h"

namespace weir::ops {

// The columns or the rows of the input that show the picture.
struct Shown {
  int from = 0;
  int to = 0;
  int count() const { return to - from; }
};
inline Shown shown(int offset, int inner, int size) {
  const int from = std::clamp(offset, 0, size);
  return {from, std::clamp(offset + inner, from, size)};
}
inline Shown columns_shown(const ResizePlan& plan) {
  return shown(plan.left, plan.inner_width, plan.width);
}
inline Shown rows_shown(const ResizePlan& plan) {
  return shown(plan.top, plan.inner_height, plan.height);
}

class PadWriter {
 public:
  // `target` outlives the writer.
  PadWriter(const TensorTarget& target, const PrepareSpec& spec);

  // The columns from `from_x` up to `to_x` of row y.
  void pad(int from_x, int to_x, int y) const;

 private:
  template <class T>
  void fill(int from_x, int to_x, int y) const;

  const TensorTarget& target_;
  std::array<float, 3> values_{};
};

}  // namespace weir::ops
