#include "weir/graph/shape_value.h"

#include <algorithm>
#include <cstddef>

namespace weir::graph {

bool ShapeValue::is_complete() const {
  return has_rank && std::all_of(dims.begin(), dims.end(), [](int64_t dim) { return dim >= 0; });
}

int64_t multiply(int64_t a, int64_t b) {
  int64_t result = 0;
  if (a < 0 || b < 0 || __builtin_mul_overflow(a, b, &result)) return kUnknownDim;
  return result;
}

int64_t product(const Dims& dims, std::size_t begin, std::size_t end) {
  int64_t result = 1;
  for (std::size_t i = begin; i < std::min(end, dims.size()); ++i) {
    result = multiply(result, dims[i]);
  }
  return result;
}

int64_t to_integer(double number) {
  constexpr double kLimit = 9.2e18;
  if (number >= kLimit) return std::numeric_limits<int64_t>::max();
  if (number <= -kLimit) return std::numeric_limits<int64_t>::min();
  return static_cast<int64_t>(number);
}

int64_t axis_in(int64_t axis, std::size_t rank) {
  const auto count = static_cast<int64_t>(rank);
  if (axis < -count || axis >= count) return -1;
  return axis < 0 ? axis + count : axis;
}

bool to_dims(const ShapeValue& value, Dims& dims) {
  if (!value.has_content || value.content.size() > kMaxRank) return false;
  for (const double element : value.content) {
    dims.push_back(known(element) ? to_integer(element) : kUnknownDim);
  }
  return true;
}

const ShapeValue& NodeView::in(std::size_t i) const {
  static const ShapeValue kNothing;
  return i < inputs_.size() ? *inputs_[i] : kNothing;
}

int64_t NodeView::integer(std::string_view name, int64_t otherwise) const {
  const ParsedAttribute* found = attribute(name);
  return found == nullptr ? otherwise : found->integer;
}

std::string_view NodeView::text(std::string_view name, std::string_view otherwise) const {
  const ParsedAttribute* found = attribute(name);
  return found == nullptr ? otherwise : std::string_view(found->text);
}

const std::vector<int64_t>* NodeView::integers(std::string_view name) const {
  const ParsedAttribute* found = attribute(name);
  return found == nullptr || found->value_count != found->integers.size() ? nullptr
                                                                          : &found->integers;
}

bool NodeView::integers(std::string_view name, std::size_t i, std::vector<int64_t>& to) const {
  if (const std::vector<int64_t>* list = integers(name); list != nullptr) {
    to = *list;
    return true;
  }
  if (!has_input(i)) return true;
  const ShapeValue& value = in(i);
  if (!value.has_content) return false;
  for (const double element : value.content) {
    if (!known(element)) return false;
    to.push_back(to_integer(element));
  }
  return true;
}

}  // namespace weir::graph
