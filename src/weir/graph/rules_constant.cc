// Shapes and elements of the operators that shapes are computed with: constants, the shape of a
// value, ranges.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string_view>
#include <utility>

#include "weir/graph/shape_value.h"

namespace weir::graph {
namespace {

std::vector<double> to_content(const Dims& dims) {
  std::vector<double> content;
  for (const int64_t dim : dims) {
    content.push_back(dim < 0 ? kUnknownElement : static_cast<double>(dim));
  }
  return content;
}

void shape(NodeView& node) {
  const ShapeValue& in = node.in(0);
  ShapeValue& out = node.out();
  out.type = ElementType::kInt64;
  if (!in.has_rank) return;
  const auto rank = static_cast<int64_t>(in.rank());
  const auto limit = [&](int64_t i) { return std::clamp<int64_t>(i < 0 ? i + rank : i, 0, rank); };
  const int64_t begin = limit(node.integer("start", 0));
  const int64_t end = std::max(begin, limit(node.integer("end", rank)));
  out.set_dims({end - begin});
  out.set_content(to_content({in.dims.begin() + begin, in.dims.begin() + end}));
}

void size(NodeView& node) {
  ShapeValue& out = node.out();
  out.type = ElementType::kInt64;
  out.set_dims({});
  if (node.in(0).has_rank) out.set_content(to_content({product(node.in(0).dims)}));
}

void constant(NodeView& node) {
  ShapeValue& out = node.out();
  const ParsedAttribute* value = node.attribute("value");
  if (value != nullptr && !value->tensors.empty()) {
    const ParsedTensor& tensor = value->tensors.front();
    out.type = tensor.type;
    out.set_dims(tensor.dims);
    const bool whole = tensor.content.size() == static_cast<uint64_t>(tensor.elements);
    if (whole) out.set_content(tensor.content);
    return;
  }
  if (const ParsedAttribute* one = node.attribute("value_int"); one != nullptr) {
    out.type = ElementType::kInt64;
    out.set_dims({});
    out.set_content({static_cast<double>(one->integer)});
  } else if (const auto* list = node.integers("value_ints"); list != nullptr) {
    out.type = ElementType::kInt64;
    out.set_dims({static_cast<int64_t>(list->size())});
    out.set_content({list->begin(), list->end()});
  } else if (const ParsedAttribute* real = node.attribute("value_float"); real != nullptr) {
    out.type = ElementType::kFloat32;
    out.set_dims({});
    out.set_content({static_cast<double>(real->real)});
  } else if (const ParsedAttribute* reals = node.attribute("value_floats"); reals != nullptr) {
    out.type = ElementType::kFloat32;
    out.set_dims({static_cast<int64_t>(reals->value_count)});
    if (reals->reals.size() == reals->value_count) out.set_content(reals->reals);
  }
}

void constant_of_shape(NodeView& node) {
  ShapeValue& out = node.out();
  out.type = ElementType::kFloat32;
  double element = 0;
  const ParsedAttribute* value = node.attribute("value");
  if (value != nullptr && !value->tensors.empty()) {
    out.type = value->tensors.front().type;
    const std::vector<double>& content = value->tensors.front().content;
    element = content.empty() ? kUnknownElement : content.front();
  }
  Dims dims;
  if (!to_dims(node.in(0), dims)) return;
  const int64_t count = product(dims);
  out.set_dims(std::move(dims));
  if (count >= 0 && count <= static_cast<int64_t>(kMaxContent)) {
    out.set_content(std::vector<double>(static_cast<std::size_t>(count), element));
  }
}

void range(NodeView& node) {
  ShapeValue& out = node.out();
  out.type = node.in(0).type;
  out.set_dims({kUnknownDim});
  for (std::size_t i = 0; i < 3; ++i) {
    if (node.in(i).content.size() != 1 || !known(node.in(i).content[0])) return;
  }
  const double start = node.in(0).content[0];
  const double step = node.in(2).content[0];
  const double count = std::ceil((node.in(1).content[0] - start) / step);
  if (!known(count) || std::isinf(count)) return;
  out.set_dims({std::max<int64_t>(0, to_integer(count))});
  if (count < 0 || count > static_cast<double>(kMaxContent)) return;
  std::vector<double> made;
  for (int64_t i = 0; i < to_integer(count); ++i) {
    made.push_back(start + static_cast<double>(i) * step);
  }
  out.set_content(std::move(made));
}

struct Row {
  std::string_view op;
  ShapeRule rule;
};
constexpr Row kRows[] = {
    {"Shape", shape},       {"Size", size},
    {"Constant", constant}, {"ConstantOfShape", constant_of_shape},
    {"Range", range},
};

}  // namespace

ShapeRule constant_rule(std::string_view op) {
  for (const Row& row : kRows) {
    if (row.op == op) return row.rule;
  }
  return nullptr;
}

}  // namespace weir::graph
