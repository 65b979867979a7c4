// Shapes of the operators that move elements about.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string_view>
#include <utility>

#include "weir/graph/shape_value.h"

namespace weir::graph {
namespace {

void keep_content(NodeView& node) {
  if (node.in(0).has_content) node.out().set_content(node.in(0).content);
}

// The distance of neighbours along each axis of a dense tensor.
Dims strides_of(const Dims& dims) {
  Dims strides(dims.size(), 1);
  for (std::size_t i = dims.size(); i-- > 1;) strides[i - 1] = strides[i] * dims[i];
  return strides;
}

// Some elements of `from`, as a dense tensor of the shape `dims`: from `offset` on, in `strides`.
// The caller has seen to it that they exist.
std::vector<double> picked(const std::vector<double>& from, const Dims& dims, int64_t offset,
                           const Dims& strides) {
  std::vector<double> made;
  const int64_t count = product(dims);
  for (int64_t i = 0; i < count; ++i) {
    int64_t at = offset;
    int64_t rest = i;
    for (std::size_t axis = dims.size(); axis-- > 0;) {
      at += rest % dims[axis] * strides[axis];
      rest /= dims[axis];
    }
    made.push_back(from[static_cast<std::size_t>(at)]);
  }
  return made;
}

// Whether the content of a value is there, whole, and of its shape.
bool has_whole_content(const ShapeValue& value) {
  return value.has_content && value.is_complete() &&
         product(value.dims) == static_cast<int64_t>(value.content.size());
}

void expand(NodeView& node) {
  ShapeValue& out = node.out();
  out.type = node.in(0).type;
  Dims wanted;
  if (!node.in(0).has_rank || !to_dims(node.in(1), wanted)) return;
  const Dims& have = node.in(0).dims;
  Dims made(std::max(have.size(), wanted.size()), 1);
  for (std::size_t i = 0; i < made.size(); ++i) {
    const int64_t a = i < have.size() ? have[have.size() - 1 - i] : 1;
    const int64_t b = i < wanted.size() ? wanted[wanted.size() - 1 - i] : 1;
    made[made.size() - 1 - i] = b == 1 ? a : (a == 1 ? b : std::max(a, b));
  }
  out.set_dims(std::move(made));
}

void tile(NodeView& node) {
  ShapeValue& out = node.out();
  out.type = node.in(0).type;
  Dims repeats;
  if (!node.in(0).has_rank) return;
  Dims made(node.in(0).rank(), kUnknownDim);
  if (to_dims(node.in(1), repeats) && repeats.size() == made.size()) {
    for (std::size_t i = 0; i < made.size(); ++i) {
      made[i] = multiply(node.in(0).dims[i], repeats[i]);
    }
  }
  out.set_dims(std::move(made));
}

void reshape(NodeView& node) {
  ShapeValue& out = node.out();
  const ShapeValue& in = node.in(0);
  out.type = in.type;
  Dims wanted;
  if (const auto* list = node.integers("shape"); list != nullptr) {
    wanted = *list;
  } else if (!to_dims(node.in(1), wanted)) {
    const ShapeValue& shape = node.in(1);
    if (shape.has_rank && shape.rank() == 1 && shape.dims[0] >= 0 &&
        shape.dims[0] <= static_cast<int64_t>(kMaxRank)) {
      out.set_dims(Dims(static_cast<std::size_t>(shape.dims[0]), kUnknownDim));
    }
    return;
  }
  const bool from_list = node.integers("shape") != nullptr;
  std::size_t infer = wanted.size();
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const bool unknown = !from_list && !known(node.in(1).content[i]);
    if (wanted[i] == 0 && node.integer("allowzero", 0) == 0) {
      wanted[i] = in.has_rank && i < in.rank() ? in.dims[i] : kUnknownDim;
    } else if (wanted[i] == -1 && !unknown) {
      infer = i;
    }
  }
  if (infer < wanted.size() && in.is_complete()) {
    wanted[infer] = 1;
    const int64_t rest = product(wanted);
    const int64_t all = product(in.dims);
    wanted[infer] = rest > 0 && all >= 0 ? all / rest : kUnknownDim;
  }
  out.set_dims(std::move(wanted));
  keep_content(node);
}

void flatten(NodeView& node) {
  ShapeValue& out = node.out();
  const ShapeValue& in = node.in(0);
  out.type = in.type;
  if (!in.has_rank) return;
  const int64_t asked = node.integer("axis", 1);
  const auto rank = static_cast<int64_t>(in.rank());
  const int64_t axis = asked < 0 ? asked + rank : asked;
  if (axis < 0 || axis > rank) return;
  const auto cut = static_cast<std::size_t>(axis);
  out.set_dims({product(in.dims, 0, cut), product(in.dims, cut)});
  keep_content(node);
}

void squeeze(NodeView& node) {
  ShapeValue& out = node.out();
  const ShapeValue& in = node.in(0);
  out.type = in.type;
  Dims axes;
  if (!in.has_rank || !node.integers("axes", 1, axes)) return;
  std::vector<bool> gone(in.rank(), false);
  for (const int64_t axis : axes) {
    const int64_t at = axis_in(axis, in.rank());
    if (at < 0) return;
    gone[static_cast<std::size_t>(at)] = true;
  }
  if (axes.empty()) {
    for (std::size_t i = 0; i < in.rank(); ++i) {
      if (in.dims[i] < 0) return;
      gone[i] = in.dims[i] == 1;
    }
  }
  Dims made;
  for (std::size_t i = 0; i < in.rank(); ++i) {
    if (!gone[i]) made.push_back(in.dims[i]);
  }
  out.set_dims(std::move(made));
  keep_content(node);
}

void unsqueeze(NodeView& node) {
  ShapeValue& out = node.out();
  const ShapeValue& in = node.in(0);
  out.type = in.type;
  Dims axes;
  if (!in.has_rank || !node.integers("axes", 1, axes)) return;
  const std::size_t rank = in.rank() + axes.size();
  if (rank > kMaxRank) return;
  std::vector<bool> fresh(rank, false);
  for (const int64_t axis : axes) {
    const int64_t at = axis_in(axis, rank);
    if (at < 0 || fresh[static_cast<std::size_t>(at)]) return;
    fresh[static_cast<std::size_t>(at)] = true;
  }
  Dims made;
  std::size_t next = 0;
  for (const bool is_fresh : fresh) made.push_back(is_fresh ? 1 : in.dims[next++]);
  out.set_dims(std::move(made));
  keep_content(node);
}

void transpose(NodeView& node) {
  ShapeValue& out = node.out();
  const ShapeValue& in = node.in(0);
  out.type = in.type;
  if (!in.has_rank) return;
  Dims order(in.rank());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<int64_t>(in.rank() - 1 - i);
  if (const auto* asked = node.integers("perm"); asked != nullptr) order = *asked;
  if (order.size() != in.rank()) return;
  std::vector<bool> used(in.rank(), false);
  Dims made;
  for (int64_t& axis : order) {
    axis = axis_in(axis, in.rank());
    if (axis < 0 || used[static_cast<std::size_t>(axis)]) return;
    used[static_cast<std::size_t>(axis)] = true;
    made.push_back(in.dims[static_cast<std::size_t>(axis)]);
  }
  if (has_whole_content(in)) {
    const Dims strides = strides_of(in.dims);
    Dims turned;
    for (const int64_t axis : order) turned.push_back(strides[static_cast<std::size_t>(axis)]);
    out.set_content(picked(in.content, made, 0, turned));
  }
  out.set_dims(std::move(made));
}

void concat(NodeView& node) {
  ShapeValue& out = node.out();
  out.type = node.in(0).type;
  if (node.input_count() == 0 || !node.in(0).has_rank) return;
  Dims made = node.in(0).dims;
  const int64_t axis = axis_in(node.integer("axis", 0), made.size());
  if (axis < 0) return;
  const auto at = static_cast<std::size_t>(axis);
  std::vector<double> content;
  bool has_content = made.size() == 1;
  made[at] = 0;
  for (std::size_t i = 0; i < node.input_count(); ++i) {
    const ShapeValue& part = node.in(i);
    if (!part.has_rank || part.rank() != made.size()) return;
    const int64_t more = part.dims[at];
    if (more < 0 || made[at] < 0 || __builtin_add_overflow(made[at], more, &made[at])) {
      made[at] = kUnknownDim;
    }
    has_content =
        has_content && part.has_content && content.size() + part.content.size() <= kMaxContent;
    if (has_content) content.insert(content.end(), part.content.begin(), part.content.end());
  }
  out.set_dims(std::move(made));
  if (has_content) out.set_content(std::move(content));
}

void split(NodeView& node) {
  const ShapeValue& in = node.in(0);
  Dims sizes;
  const bool sizes_known = node.integers("split", 1, sizes);
  const int64_t axis = in.has_rank ? axis_in(node.integer("axis", 0), in.rank()) : -1;
  const auto parts = static_cast<int64_t>(node.output_count());
  for (std::size_t i = 0; i < node.output_count(); ++i) {
    node.out(i).type = in.type;
    if (axis < 0) continue;
    Dims made = in.dims;
    int64_t& size = made[static_cast<std::size_t>(axis)];
    if (i < sizes.size()) {
      size = sizes[i];
    } else if (!sizes_known || !sizes.empty()) {
      size = kUnknownDim;
    } else if (size >= 0) {
      const int64_t each = (size + parts - 1) / parts;
      size = std::clamp<int64_t>(size - each * static_cast<int64_t>(i), 0, each);
    }
    node.out(i).set_dims(std::move(made));
  }
}

// How many elements a slice takes of `size`, and where it starts.
std::pair<int64_t, int64_t> slice_of(int64_t size, int64_t start, int64_t end, int64_t step) {
  const auto from_end = [size](int64_t i) {
    if (i >= 0) return i;
    return i < -size ? int64_t{-1} : i + size;
  };
  if (step > 0) {
    start = std::clamp<int64_t>(from_end(start), 0, size);
    end = std::clamp<int64_t>(from_end(end), 0, size);
    return {start, end > start ? (end - start - 1) / step + 1 : 0};
  }
  start = std::clamp<int64_t>(from_end(start), 0, size - 1);
  end = std::clamp<int64_t>(from_end(end), -1, size - 1);
  if (step == std::numeric_limits<int64_t>::min()) return {start, start > end ? 1 : 0};
  return {start, start > end ? (start - end - 1) / -step + 1 : 0};
}

void slice(NodeView& node) {
  ShapeValue& out = node.out();
  const ShapeValue& in = node.in(0);
  out.type = in.type;
  if (!in.has_rank) return;
  Dims starts;
  Dims ends;
  Dims axes;
  Dims steps;
  Dims made = in.dims;
  const bool all_known = node.integers("starts", 1, starts) && node.integers("ends", 2, ends) &&
                         node.integers("axes", 3, axes) && node.integers("steps", 4, steps);
  if (!all_known || starts.size() != ends.size()) {
    std::fill(made.begin(), made.end(), kUnknownDim);
    out.set_dims(std::move(made));
    return;
  }
  const bool whole = has_whole_content(in);
  Dims strides = whole ? strides_of(in.dims) : Dims(in.rank(), 0);
  int64_t offset = 0;
  for (std::size_t i = 0; i < starts.size(); ++i) {
    const int64_t axis = axis_in(i < axes.size() ? axes[i] : static_cast<int64_t>(i), in.rank());
    const int64_t step = i < steps.size() ? steps[i] : 1;
    if (axis < 0 || step == 0) return;
    const auto at = static_cast<std::size_t>(axis);
    if (made[at] <= 0) continue;
    const auto [first, count] = slice_of(made[at], starts[i], ends[i], step);
    made[at] = count;
    offset += first * strides[at];
    // A step that takes one element or none may be as large as it likes.
    strides[at] *= count > 1 ? step : 1;
  }
  if (whole) out.set_content(picked(in.content, made, offset, strides));
  out.set_dims(std::move(made));
}

void gather(NodeView& node) {
  ShapeValue& out = node.out();
  const ShapeValue& in = node.in(0);
  const ShapeValue& indices = node.in(1);
  out.type = in.type;
  if (!in.has_rank || !indices.has_rank) return;
  const int64_t axis = axis_in(node.integer("axis", 0), in.rank());
  if (axis < 0 || in.rank() + indices.rank() > kMaxRank) return;
  Dims made(in.dims.begin(), in.dims.begin() + axis);
  made.insert(made.end(), indices.dims.begin(), indices.dims.end());
  made.insert(made.end(), in.dims.begin() + axis + 1, in.dims.end());
  out.set_dims(std::move(made));
  if (!in.has_content || !indices.has_content || in.rank() != 1) return;
  std::vector<double> content;
  for (const double index : indices.content) {
    const int64_t at = known(index) ? axis_in(to_integer(index), in.content.size()) : -1;
    content.push_back(at < 0 ? kUnknownElement : in.content[static_cast<std::size_t>(at)]);
  }
  out.set_content(std::move(content));
}

void gather_elements(NodeView& node) {
  node.out().type = node.in(0).type;
  if (node.in(1).has_rank) node.out().set_dims(node.in(1).dims);
}

void gather_nd(NodeView& node) {
  ShapeValue& out = node.out();
  const ShapeValue& in = node.in(0);
  const ShapeValue& indices = node.in(1);
  out.type = in.type;
  if (!in.has_rank || !indices.has_rank || indices.rank() == 0 || indices.dims.back() < 0) return;
  const int64_t taken = indices.dims.back() + node.integer("batch_dims", 0);
  if (taken < 0 || taken > static_cast<int64_t>(in.rank())) return;
  Dims made(indices.dims.begin(), indices.dims.end() - 1);
  made.insert(made.end(), in.dims.begin() + taken, in.dims.end());
  if (made.size() <= kMaxRank) out.set_dims(std::move(made));
}

void pad(NodeView& node) {
  ShapeValue& out = node.out();
  const ShapeValue& in = node.in(0);
  out.type = in.type;
  if (!in.has_rank) return;
  Dims made = in.dims;
  Dims pads;
  Dims axes;
  const bool all_known = node.integers("pads", 1, pads) && node.integers("axes", 3, axes);
  if (axes.empty()) {
    for (std::size_t i = 0; i < in.rank(); ++i) axes.push_back(static_cast<int64_t>(i));
  }
  if (!all_known || pads.size() != 2 * axes.size()) {
    out.set_dims(Dims(in.rank(), kUnknownDim));
    return;
  }
  for (std::size_t i = 0; i < axes.size(); ++i) {
    const int64_t axis = axis_in(axes[i], in.rank());
    if (axis < 0) return;
    int64_t& dim = made[static_cast<std::size_t>(axis)];
    if (dim < 0) continue;
    if (__builtin_add_overflow(dim, pads[i], &dim) ||
        __builtin_add_overflow(dim, pads[i + axes.size()], &dim) || dim < 0) {
      dim = kUnknownDim;
    }
  }
  out.set_dims(std::move(made));
}

// Scales times sizes, rounded down.
Dims scaled(const Dims& dims, const std::vector<double>& scales) {
  Dims made(dims.size(), kUnknownDim);
  for (std::size_t i = 0; i < dims.size() && i < scales.size(); ++i) {
    const double size = std::floor(static_cast<double>(dims[i]) * scales[i]);
    if (dims[i] >= 0 && known(size) && size >= 0 && size < 1e15) made[i] = to_integer(size);
  }
  return made;
}

void resize(NodeView& node) {
  ShapeValue& out = node.out();
  const ShapeValue& in = node.in(0);
  out.type = in.type;
  if (!in.has_rank) return;
  Dims axes;
  if (const auto* list = node.integers("axes"); list != nullptr) axes = *list;
  if (axes.empty()) {
    for (std::size_t i = 0; i < in.rank(); ++i) axes.push_back(static_cast<int64_t>(i));
  }
  const ShapeValue& scales = node.in(node.input_count() <= 2 ? 1 : 2);
  const ShapeValue& sizes = node.in(3);
  const bool by_size = sizes.has_content && sizes.content.size() == axes.size();
  const bool by_scale = scales.has_content && scales.content.size() == axes.size();
  const std::string_view policy = node.text("keep_aspect_ratio_policy", "stretch");
  Dims made = in.dims;
  for (std::size_t i = 0; i < axes.size(); ++i) {
    const int64_t axis = axis_in(axes[i], in.rank());
    if (axis < 0) return;
    int64_t& dim = made[static_cast<std::size_t>(axis)];
    if (by_size && policy == "stretch" && known(sizes.content[i])) {
      dim = std::max<int64_t>(kUnknownDim, to_integer(sizes.content[i]));
    } else {
      dim = by_scale && !by_size ? scaled({dim}, {scales.content[i]})[0] : kUnknownDim;
    }
  }
  out.set_dims(std::move(made));
}

void upsample(NodeView& node) {
  ShapeValue& out = node.out();
  const ShapeValue& in = node.in(0);
  out.type = in.type;
  if (!in.has_rank) return;
  const ParsedAttribute* scales = node.attribute("scales");
  out.set_dims(scaled(in.dims, scales != nullptr ? scales->reals : node.in(1).content));
}

void blocks(NodeView& node) {
  ShapeValue& out = node.out();
  const ShapeValue& in = node.in(0);
  out.type = in.type;
  const int64_t side = node.integer("blocksize", 0);
  if (!in.has_rank || in.rank() != 4 || side <= 0 || side > (1 << 20)) return;
  const Dims& d = in.dims;
  const int64_t area = side * side;
  const auto divide = [](int64_t a, int64_t b) { return a < 0 ? kUnknownDim : a / b; };
  if (node.op() == "DepthToSpace") {
    out.set_dims({d[0], divide(d[1], area), multiply(d[2], side), multiply(d[3], side)});
  } else {
    out.set_dims({d[0], multiply(d[1], area), divide(d[2], side), divide(d[3], side)});
  }
}

void top_k(NodeView& node) {
  const ShapeValue& in = node.in(0);
  Dims k;
  if (const ParsedAttribute* old = node.attribute("k"); old != nullptr) {
    k = {old->integer};
  } else {
    (void)to_dims(node.in(1), k);
  }
  for (std::size_t i = 0; i < std::min<std::size_t>(2, node.output_count()); ++i) {
    node.out(i).type = i == 0 ? in.type : ElementType::kInt64;
    const int64_t axis = in.has_rank ? axis_in(node.integer("axis", -1), in.rank()) : -1;
    if (axis < 0) continue;
    Dims made = in.dims;
    made[static_cast<std::size_t>(axis)] =
        k.size() == 1 ? std::max(k[0], kUnknownDim) : kUnknownDim;
    node.out(i).set_dims(std::move(made));
  }
}

void one_hot(NodeView& node) {
  ShapeValue& out = node.out();
  out.type = node.in(2).type;
  const ShapeValue& in = node.in(0);
  if (!in.has_rank || in.rank() >= kMaxRank) return;
  const int64_t axis = axis_in(node.integer("axis", -1), in.rank() + 1);
  if (axis < 0) return;
  Dims depth;
  (void)to_dims(node.in(1), depth);
  Dims made = in.dims;
  made.insert(made.begin() + axis, depth.size() == 1 ? depth[0] : kUnknownDim);
  out.set_dims(std::move(made));
}

void non_zero(NodeView& node) {
  node.out().type = ElementType::kInt64;
  const ShapeValue& in = node.in(0);
  if (in.has_rank) node.out().set_dims({static_cast<int64_t>(in.rank()), kUnknownDim});
}

void non_max_suppression(NodeView& node) {
  node.out().type = ElementType::kInt64;
  node.out().set_dims({kUnknownDim, 3});
}

struct Row {
  std::string_view op;
  ShapeRule rule;
};
constexpr Row kRows[] = {{"Expand", expand},       {"Tile", tile},
                         {"Reshape", reshape},     {"Flatten", flatten},
                         {"Squeeze", squeeze},     {"Unsqueeze", unsqueeze},
                         {"Transpose", transpose}, {"Concat", concat},
                         {"Split", split},         {"Slice", slice},
                         {"Gather", gather},       {"GatherElements", gather_elements},
                         {"GatherND", gather_nd},  {"Pad", pad},
                         {"Resize", resize},       {"Upsample", upsample},
                         {"DepthToSpace", blocks}, {"SpaceToDepth", blocks},
                         {"TopK", top_k},          {"OneHot", one_hot},
                         {"NonZero", non_zero},    {"NonMaxSuppression", non_max_suppression}};

}  // namespace

ShapeRule layout_rule(std::string_view op) {
  for (const Row& row : kRows) {
    if (row.op == op) return row.rule;
  }
  return nullptr;
}

}  // namespace weir::graph
