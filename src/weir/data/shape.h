// The shape of a tensor: up to eight sizes, -1 where a size is not known yet. A plain value that
// never allocates.
#pragma once

#include <array>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "weir/base/result.h"

namespace weir {

class Shape {
 public:
  static constexpr std::size_t kMaxRank = 8;
  static constexpr int64_t kDynamic = -1;

  Shape() = default;
  Shape(std::initializer_list<int64_t> sizes) {
    for (const int64_t size : sizes) push_back(size);
  }
  // An Error if there are more than kMaxRank sizes, or one below -1.
  static Result<Shape> from(const int64_t* sizes, std::size_t rank);

  std::size_t rank() const { return rank_; }
  int64_t operator[](std::size_t axis) const { return assert(axis < rank_), sizes_[axis]; }
  int64_t& operator[](std::size_t axis) { return assert(axis < rank_), sizes_[axis]; }
  const int64_t* data() const { return sizes_.data(); }
  const int64_t* begin() const { return sizes_.data(); }
  const int64_t* end() const { return sizes_.data() + rank_; }
  void push_back(int64_t size) {
    assert(rank_ < kMaxRank);
    sizes_[rank_++] = size;
  }

  bool is_dynamic() const;
  // The number of elements; an Error if a size is unknown or the product does not fit 63 bits.
  Result<int64_t> elements() const;
  // Whether a tensor of the shape `actual` may stand where this is asked for: same rank, and equal
  // sizes wherever this one is known.
  bool accepts(const Shape& actual) const;

  bool operator==(const Shape& other) const;

 private:
  std::array<int64_t, kMaxRank> sizes_{};
  std::size_t rank_ = 0;
};

// "1x3x?x640", and "scalar" for rank 0. Reads the same text back; "-1" is "?" too.
std::string to_string(const Shape& shape);
Result<Shape> parse_shape(std::string_view text);

}  // namespace weir
