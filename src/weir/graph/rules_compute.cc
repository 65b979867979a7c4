// Shapes of the operators that multiply and add: convolutions, products, pools, reductions,
// recurrent layers.
#include <algorithm>
#include <cstddef>
#include <string_view>
#include <utility>

#include "weir/graph/shape_value.h"

namespace weir::graph {
namespace {

// What a sliding window does along one axis.
struct Window {
  int64_t kernel = 1;
  int64_t stride = 1;
  int64_t dilation = 1;
  int64_t pad_begin = 0;
  int64_t pad_end = 0;
};

// Sizes beyond this are nonsense, and below it no sum of them overflows.
constexpr int64_t kMaxSize = int64_t{1} << 40U;
bool sane(int64_t number) {
  return number >= 0 && number <= kMaxSize;
}

int64_t at_or(const std::vector<int64_t>* list, std::size_t i, int64_t otherwise) {
  return list != nullptr && i < list->size() ? (*list)[i] : otherwise;
}

Window window_of(const NodeView& node, std::size_t axis, std::size_t axes, int64_t kernel) {
  Window window;
  window.kernel = kernel;
  window.stride = at_or(node.integers("strides"), axis, 1);
  window.dilation = at_or(node.integers("dilations"), axis, 1);
  window.pad_begin = at_or(node.integers("pads"), axis, 0);
  window.pad_end = at_or(node.integers("pads"), axis + axes, 0);
  return window;
}

int64_t slide(const Window& w, std::string_view auto_pad, bool ceil_mode, int64_t size) {
  if (!sane(size) || !sane(w.kernel) || !sane(w.stride) || !sane(w.dilation) || w.stride == 0 ||
      !sane(w.pad_begin) || !sane(w.pad_end)) {
    return kUnknownDim;
  }
  if (auto_pad == "SAME_UPPER" || auto_pad == "SAME_LOWER") return (size + w.stride - 1) / w.stride;
  const bool valid = auto_pad == "VALID";
  const int64_t reach = multiply(std::max<int64_t>(w.kernel - 1, 0), w.dilation);
  const int64_t padded = size + (valid ? 0 : w.pad_begin + w.pad_end);
  if (!sane(reach) || padded < reach + 1) return kUnknownDim;
  int64_t count = (padded - reach - 1 + (ceil_mode ? w.stride - 1 : 0)) / w.stride + 1;
  // A last window must start inside the input or its first padding.
  if (ceil_mode && (count - 1) * w.stride >= size + (valid ? 0 : w.pad_begin)) --count;
  return count;
}

// The kernel's sizes: the attribute, or the weights' own.
int64_t kernel_at(const NodeView& node, const ShapeValue* weights, std::size_t axis) {
  const int64_t own = weights != nullptr && weights->has_rank && axis + 2 < weights->rank()
                          ? weights->dims[axis + 2]
                          : kUnknownDim;
  return at_or(node.integers("kernel_shape"), axis, own);
}

void window_shape(NodeView& node, const ShapeValue* weights) {
  const ShapeValue& in = node.in(0);
  if (!in.has_rank || in.rank() < 3) return;
  const std::size_t axes = in.rank() - 2;
  Dims made = {in.dims[0], in.dims[1]};
  if (weights != nullptr) {
    made[1] = weights->has_rank && weights->rank() > 0 ? weights->dims[0] : kUnknownDim;
  }
  const std::string_view auto_pad = node.text("auto_pad", "NOTSET");
  const bool ceil_mode = node.integer("ceil_mode", 0) != 0;
  for (std::size_t i = 0; i < axes; ++i) {
    const Window window = window_of(node, i, axes, kernel_at(node, weights, i));
    made.push_back(slide(window, auto_pad, ceil_mode, in.dims[i + 2]));
  }
  node.out().set_dims(std::move(made));
}

void conv(NodeView& node) {
  const bool integer = node.op() == "ConvInteger";
  const bool quantised = node.op() == "QLinearConv";
  node.out().type = integer ? ElementType::kInt32 : (quantised ? node.in(7).type : node.in(0).type);
  window_shape(node, &node.in(quantised ? 3 : 1));
}

void pool(NodeView& node) {
  node.out().type = node.in(0).type;
  window_shape(node, nullptr);
  if (!node.has_output(1)) return;
  node.out(1) = node.out(0);
  node.out(1).type = ElementType::kInt64;
}

int64_t slide_back(const NodeView& node, const Window& w, std::size_t axis, int64_t size) {
  if (const auto* asked = node.integers("output_shape"); asked != nullptr) {
    const std::size_t spatial = node.in(0).rank() - 2;
    const std::size_t skip = asked->size() > spatial ? asked->size() - spatial : 0;
    return std::max(at_or(asked, axis + skip, kUnknownDim), kUnknownDim);
  }
  const int64_t extra = at_or(node.integers("output_padding"), axis, 0);
  const int64_t spread = multiply(size, w.stride);
  const int64_t reach = multiply(std::max<int64_t>(w.kernel - 1, 0), w.dilation);
  if (!sane(size) || !sane(w.kernel) || !sane(spread) || !sane(reach) || !sane(extra) ||
      !sane(w.pad_begin) || !sane(w.pad_end) || w.stride <= 0) {
    return kUnknownDim;
  }
  if (node.text("auto_pad", "NOTSET").substr(0, 4) == "SAME") return spread;
  const int64_t made = spread - w.stride + extra + reach + 1 - w.pad_begin - w.pad_end;
  return made < 0 ? kUnknownDim : made;
}

void conv_transpose(NodeView& node) {
  const ShapeValue& in = node.in(0);
  const ShapeValue& weights = node.in(1);
  node.out().type = in.type;
  if (!in.has_rank || in.rank() < 3) return;
  const std::size_t axes = in.rank() - 2;
  const int64_t filters = weights.has_rank && weights.rank() > 1
                              ? multiply(weights.dims[1], node.integer("group", 1))
                              : kUnknownDim;
  Dims made = {in.dims[0], filters};
  for (std::size_t i = 0; i < axes; ++i) {
    const Window window = window_of(node, i, axes, kernel_at(node, &weights, i));
    made.push_back(slide_back(node, window, i, in.dims[i + 2]));
  }
  node.out().set_dims(std::move(made));
}

void global_pool(NodeView& node) {
  const ShapeValue& in = node.in(0);
  node.out().type = in.type;
  if (!in.has_rank || in.rank() < 2) return;
  Dims made = in.dims;
  std::fill(made.begin() + 2, made.end(), 1);
  node.out().set_dims(std::move(made));
}

void gemm(NodeView& node) {
  const ShapeValue& a = node.in(0);
  const ShapeValue& b = node.in(1);
  node.out().type = a.type;
  const bool ready = a.has_rank && b.has_rank && a.rank() == 2 && b.rank() == 2;
  if (!ready) return;
  node.out().set_dims({a.dims[node.integer("transA", 0) != 0 ? 1 : 0],
                       b.dims[node.integer("transB", 0) != 0 ? 0 : 1]});
}

Dims matmul_dims(const ShapeValue& a, const ShapeValue& b) {
  Dims left = a.dims;
  Dims right = b.dims;
  if (left.size() == 1) left.insert(left.begin(), 1);
  if (right.size() == 1) right.push_back(1);
  const std::size_t rank = std::max(left.size(), right.size());
  Dims made(rank, 1);
  for (std::size_t i = 2; i < rank; ++i) {
    const int64_t x = i < left.size() ? left[left.size() - 1 - i] : 1;
    const int64_t y = i < right.size() ? right[right.size() - 1 - i] : 1;
    made[rank - 1 - i] = x == 1 ? y : (y == 1 ? x : std::max(x, y));
  }
  made[rank - 2] = left[left.size() - 2];
  made[rank - 1] = right[right.size() - 1];
  if (b.rank() == 1) made.pop_back();
  if (a.rank() == 1) made.erase(made.end() - (b.rank() == 1 ? 1 : 2));
  return made;
}

void matmul(NodeView& node) {
  const bool quantised = node.op() == "QLinearMatMul";
  const ShapeValue& a = node.in(0);
  const ShapeValue& b = node.in(quantised ? 3 : 1);
  node.out().type =
      node.op() == "MatMulInteger" ? ElementType::kInt32 : (quantised ? node.in(7).type : a.type);
  if (!a.has_rank || !b.has_rank || a.rank() == 0 || b.rank() == 0) return;
  node.out().set_dims(matmul_dims(a, b));
}

void reduce(NodeView& node) {
  const ShapeValue& in = node.in(0);
  node.out().type = in.type;
  Dims axes;
  if (!in.has_rank || !node.integers("axes", 1, axes)) return;
  const bool keep = node.integer("keepdims", 1) != 0;
  const bool nothing = axes.empty() && node.integer("noop_with_empty_axes", 0) != 0;
  std::vector<bool> gone(in.rank(), axes.empty() && !nothing);
  for (const int64_t axis : axes) {
    const int64_t at = axis_in(axis, in.rank());
    if (at < 0) return;
    gone[static_cast<std::size_t>(at)] = true;
  }
  Dims made;
  for (std::size_t i = 0; i < in.rank(); ++i) {
    if (!gone[i]) made.push_back(in.dims[i]);
    if (gone[i] && keep) made.push_back(1);
  }
  node.out().set_dims(std::move(made));
}

void arg_of(NodeView& node) {
  const ShapeValue& in = node.in(0);
  node.out().type = ElementType::kInt64;
  const int64_t axis = in.has_rank ? axis_in(node.integer("axis", 0), in.rank()) : -1;
  if (axis < 0) return;
  Dims made = in.dims;
  if (node.integer("keepdims", 1) != 0) {
    made[static_cast<std::size_t>(axis)] = 1;
  } else {
    made.erase(made.begin() + axis);
  }
  node.out().set_dims(std::move(made));
}

// Y [seq, directions, batch, hidden], Y_h and Y_c [directions, batch, hidden].
void recurrent(NodeView& node) {
  const ShapeValue& in = node.in(0);
  const ShapeValue& again = node.in(2);  // R: [directions, gates·hidden, hidden]
  const bool ready = in.has_rank && in.rank() == 3 && again.has_rank && again.rank() == 3;
  const bool batch_first = node.integer("layout", 0) == 1;
  for (std::size_t i = 0; i < node.output_count(); ++i) {
    node.out(i).type = in.type;
    if (!ready) continue;
    const int64_t length = in.dims[batch_first ? 1 : 0];
    const int64_t batch = in.dims[batch_first ? 0 : 1];
    const int64_t ways = again.dims[0];
    const int64_t hidden = again.dims[2];
    if (i == 0) {
      node.out(i).set_dims(batch_first ? Dims{batch, length, ways, hidden}
                                       : Dims{length, ways, batch, hidden});
    } else {
      node.out(i).set_dims(batch_first ? Dims{batch, ways, hidden} : Dims{ways, batch, hidden});
    }
  }
}

void grid_sample(NodeView& node) {
  const ShapeValue& in = node.in(0);
  const ShapeValue& grid = node.in(1);
  node.out().type = in.type;
  if (!in.has_rank || !grid.has_rank || in.rank() < 3 || grid.rank() != in.rank()) return;
  Dims made = {in.dims[0], in.dims[1]};
  made.insert(made.end(), grid.dims.begin() + 1, grid.dims.end() - 1);
  node.out().set_dims(std::move(made));
}

void roi_align(NodeView& node) {
  const ShapeValue& in = node.in(0);
  const ShapeValue& rois = node.in(1);
  node.out().type = in.type;
  if (!in.has_rank || in.rank() != 4 || !rois.has_rank || rois.rank() == 0) return;
  node.out().set_dims({rois.dims[0], in.dims[1], node.integer("output_height", 1),
                       node.integer("output_width", 1)});
}

struct Row {
  std::string_view op;
  ShapeRule rule;
};
constexpr Row kRows[] = {{"Conv", conv},
                         {"FusedConv", conv},
                         {"ConvInteger", conv},
                         {"QLinearConv", conv},
                         {"ConvTranspose", conv_transpose},
                         {"MaxPool", pool},
                         {"AveragePool", pool},
                         {"LpPool", pool},
                         {"GlobalAveragePool", global_pool},
                         {"GlobalMaxPool", global_pool},
                         {"GlobalLpPool", global_pool},
                         {"Gemm", gemm},
                         {"FusedGemm", gemm},
                         {"MatMul", matmul},
                         {"MatMulInteger", matmul},
                         {"QLinearMatMul", matmul},
                         {"ArgMax", arg_of},
                         {"ArgMin", arg_of},
                         {"LSTM", recurrent},
                         {"GRU", recurrent},
                         {"RNN", recurrent},
                         {"GridSample", grid_sample},
                         {"RoiAlign", roi_align}};

}  // namespace

ShapeRule compute_rule(std::string_view op) {
  if (op.substr(0, 6) == "Reduce") return reduce;
  for (const Row& row : kRows) {
    if (row.op == op) return row.rule;
  }
  return nullptr;
}

}  // namespace weir::graph
