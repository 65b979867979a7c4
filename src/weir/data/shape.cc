#include "weir/data/shape.h"

#include <algorithm>
#include <charconv>

namespace weir {

Result<Shape> Shape::from(const int64_t* sizes, std::size_t rank) {
  if (rank > kMaxRank) {
    return Error(ErrorCode::kUnsupported, "a tensor of " + std::to_string(rank) + " dimensions", "",
                 "at most " + std::to_string(kMaxRank) + " are supported");
  }
  Shape shape;
  for (std::size_t i = 0; i < rank; ++i) {
    if (sizes[i] < kDynamic) {
      return Error(ErrorCode::kInvalidArgument, "a size of " + std::to_string(sizes[i]), "",
                   "sizes are 0 or more, or -1 where unknown");
    }
    shape.push_back(sizes[i]);
  }
  return shape;
}

bool Shape::is_dynamic() const {
  return std::find(begin(), end(), kDynamic) != end();
}

Result<int64_t> Shape::elements() const {
  if (is_dynamic()) {
    return Error(ErrorCode::kInvalidArgument,
                 "the shape " + to_string(*this) + " has sizes that are not known yet");
  }
  if (std::find(begin(), end(), 0) != end()) return int64_t{0};
  int64_t product = 1;
  for (const int64_t size : *this) {
    if (__builtin_mul_overflow(product, size, &product)) {
      return Error(ErrorCode::kInvalidArgument, "the shape " + to_string(*this) + " is absurd", "",
                   "its number of elements does not fit 63 bits");
    }
  }
  return product;
}

bool Shape::accepts(const Shape& actual) const {
  if (rank_ != actual.rank_) return false;
  for (std::size_t i = 0; i < rank_; ++i) {
    if (sizes_[i] != kDynamic && sizes_[i] != actual.sizes_[i]) return false;
  }
  return true;
}

bool Shape::operator==(const Shape& other) const {
  return std::equal(begin(), end(), other.begin(), other.end());
}

std::string to_string(const Shape& shape) {
  if (shape.rank() == 0) return "scalar";
  std::string text;
  for (const int64_t size : shape) {
    if (!text.empty()) text += 'x';
    text += size == Shape::kDynamic ? "?" : std::to_string(size);
  }
  return text;
}

Result<Shape> parse_shape(std::string_view text) {
  const Error error(ErrorCode::kInvalidArgument, "'" + std::string(text) + "' is not a shape", "",
                    "write sizes joined by x, such as 1x3x640x640, with ? where unknown");
  Shape shape;
  if (text == "scalar") return shape;
  while (true) {
    const std::size_t cut = std::min(text.find('x'), text.size());
    const std::string_view part = text.substr(0, cut);
    int64_t size = Shape::kDynamic;
    if (part != "?") {
      const auto [end, code] = std::from_chars(part.data(), part.data() + part.size(), size);
      if (code != std::errc() || end != part.data() + part.size()) return error;
    }
    if (size < Shape::kDynamic || shape.rank() == Shape::kMaxRank) return error;
    shape.push_back(size);
    if (cut == text.size()) return shape;
    text.remove_prefix(cut + 1);
  }
}

}  // namespace weir
