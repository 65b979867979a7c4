// Which samples of one axis each output is made of, and how much of each: any ResizeFilter. Made
// once for a geometry. Not synchronised: one thread has it.
#pragma once

#include <cstddef>
#include <vector>

#include "weir/ops/columns.h"
#include "weir/ops/resize_filter.h"

namespace weir::ops {

class FilterTaps {
 public:
  static constexpr int kQuad = 4;  // weights of an output are padded with zeros to a multiple

  void make(const Columns& columns, ResizeFilter filter);
  const Columns& columns() const { return columns_; }

  // All outputs have as many taps: some may weigh nothing.
  int taps() const { return taps_; }
  int first(int output) const { return first_[static_cast<std::size_t>(output)]; }
  // taps() of them, and zeros up to the next multiple of kQuad.
  const float* weights(int output) const {
    return weights_.data() + static_cast<std::size_t>(output) * stride_;
  }

 private:
  void add(double centre);
  void add_area(double from, double to);
  void add_kernel(double centre, double support, double (*kernel)(double));
  void set(std::size_t output, int from);

  Columns columns_;
  ResizeFilter filter_ = ResizeFilter::kBilinear;
  int taps_ = 0;
  std::size_t stride_ = 0;
  std::vector<int> first_;
  std::vector<float> weights_;
  // While it is made: where each output's samples begin among all weights, one more at the end.
  std::vector<double> made_;
  std::vector<std::size_t> ends_;
};

}  // namespace weir::ops
