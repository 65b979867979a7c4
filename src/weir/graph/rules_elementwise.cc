// Shapes of the operators that work element by element: one input to one output, and broadcasting.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <string_view>

#include "weir/graph/shape_value.h"

namespace weir::graph {
namespace {

// The shape of two tensors broadcast together; false if they cannot be.
bool broadcast(const Dims& a, const Dims& b, Dims& to) {
  to.assign(std::max(a.size(), b.size()), kUnknownDim);
  for (std::size_t i = 0; i < to.size(); ++i) {
    const int64_t x = i < a.size() ? a[a.size() - 1 - i] : 1;
    const int64_t y = i < b.size() ? b[b.size() - 1 - i] : 1;
    int64_t& size = to[to.size() - 1 - i];
    if (x == 1 || y == 1) {
      size = x == 1 ? y : x;
    } else if (x >= 0 && y >= 0 && x != y) {
      return false;
    } else {
      // One unknown: it is the other, or 1, and the other decides.
      size = std::max(x, y);
    }
  }
  return true;
}

double apply(std::string_view op, bool integral, double a, double b) {
  if (op == "Add") return a + b;
  if (op == "Sub") return a - b;
  if (op == "Mul") return a * b;
  if (op == "Div") {
    if (integral && b == 0) return kUnknownElement;
    return integral ? std::trunc(a / b) : a / b;
  }
  if (op == "Mod") return b == 0 ? kUnknownElement : a - b * std::floor(a / b);
  if (op == "Min") return std::min(a, b);
  if (op == "Max") return std::max(a, b);
  if (op == "Pow") return std::pow(a, b);
  if (op == "Equal") return a == b ? 1 : 0;
  if (op == "Greater") return a > b ? 1 : 0;
  if (op == "Less") return a < b ? 1 : 0;
  if (op == "GreaterOrEqual") return a >= b ? 1 : 0;
  if (op == "LessOrEqual") return a <= b ? 1 : 0;
  if (op == "And") return a != 0 && b != 0 ? 1 : 0;
  if (op == "Or") return a != 0 || b != 0 ? 1 : 0;
  return kUnknownElement;
}

bool is_comparison(std::string_view op) {
  return op == "Equal" || op == "Greater" || op == "Less" || op == "GreaterOrEqual" ||
         op == "LessOrEqual" || op == "And" || op == "Or" || op == "Xor";
}

// Contents are vectors or scalars: what shapes are computed from never has more.
void binary_content(NodeView& node) {
  const ShapeValue& a = node.in(0);
  const ShapeValue& b = node.in(1);
  if (node.input_count() != 2 || !a.has_content || !b.has_content) return;
  const std::size_t size = std::max(a.content.size(), b.content.size());
  const auto fits = [&](const ShapeValue& v) {
    return v.content.size() == size || v.content.size() == 1;
  };
  if (a.content.empty() || b.content.empty() || !fits(a) || !fits(b)) return;
  const bool integral = !is_floating(a.type);
  std::vector<double> made(size);
  for (std::size_t i = 0; i < size; ++i) {
    const double x = a.content[a.content.size() == 1 ? 0 : i];
    const double y = b.content[b.content.size() == 1 ? 0 : i];
    made[i] = known(x) && known(y) ? apply(node.op(), integral, x, y) : kUnknownElement;
  }
  node.out().set_content(std::move(made));
}

// Any number of inputs, broadcast together.
void broadcast_all(NodeView& node) {
  ShapeValue& out = node.out();
  out.type = is_comparison(node.op()) ? ElementType::kBool : node.in(0).type;
  Dims dims;
  for (std::size_t i = 0; i < node.input_count(); ++i) {
    Dims both;
    if (!node.in(i).has_rank || !broadcast(dims, node.in(i).dims, both)) return;
    dims = std::move(both);
  }
  out.set_dims(std::move(dims));
  binary_content(node);
}

void where(NodeView& node) {
  broadcast_all(node);
  node.out().type = node.in(1).type;
  const ShapeValue& condition = node.in(0);
  const ShapeValue& yes = node.in(1);
  const ShapeValue& no = node.in(2);
  const std::size_t size = condition.content.size();
  if (!condition.has_content || !yes.has_content || !no.has_content || size == 0 ||
      yes.content.size() != size || no.content.size() != size) {
    return;
  }
  std::vector<double> made(size);
  for (std::size_t i = 0; i < size; ++i) {
    const double chosen = condition.content[i] != 0 ? yes.content[i] : no.content[i];
    made[i] = known(condition.content[i]) ? chosen : kUnknownElement;
  }
  node.out().set_content(std::move(made));
}

void same(NodeView& node) {
  const ShapeValue& in = node.in(0);
  ShapeValue& out = node.out();
  out.type = in.type;
  if (in.has_rank) out.set_dims(in.dims);
}

void same_with_content(NodeView& node) {
  same(node);
  const ShapeValue& in = node.in(0);
  if (!in.has_content) return;
  std::vector<double> made = in.content;
  for (double& element : made) {
    if (node.op() == "Neg") element = -element;
    if (node.op() == "Abs") element = std::abs(element);
    if (node.op() == "Floor") element = std::floor(element);
    if (node.op() == "Ceil") element = std::ceil(element);
    if (node.op() == "Round") element = std::nearbyint(element);
    if (node.op() == "Sqrt") element = std::sqrt(element);
    if (node.op() == "Not" && known(element)) element = element == 0 ? 1 : 0;
  }
  node.out().set_content(std::move(made));
}

void cast(NodeView& node) {
  same_with_content(node);
  ShapeValue& out = node.out();
  out.type = node.op() == "CastLike" ? node.in(1).type : element_type_of(node.integer("to", 0));
  for (double& element : out.content) {
    if (!is_floating(out.type)) element = std::trunc(element);
    if (out.type == ElementType::kBool && known(element)) element = element != 0 ? 1 : 0;
  }
}

void to_bool(NodeView& node) {
  same(node);
  node.out().type = ElementType::kBool;
}

void quantize(NodeView& node) {
  same(node);
  node.out().type = node.has_input(2) ? node.in(2).type : ElementType::kUInt8;
}

void dequantize(NodeView& node) {
  same(node);
  node.out().type = node.in(1).type;
}

void dynamic_quantize(NodeView& node) {
  same(node);
  node.out().type = ElementType::kUInt8;
  if (node.has_output(1)) {
    node.out(1).type = ElementType::kFloat32;
    node.out(1).set_dims({});
  }
  if (node.has_output(2)) {
    node.out(2).type = ElementType::kUInt8;
    node.out(2).set_dims({});
  }
}

void dropout(NodeView& node) {
  same(node);
  if (!node.has_output(1)) return;
  node.out(1) = node.out(0);
  node.out(1).type = ElementType::kBool;
}

constexpr std::array kSame = {
    "Relu",
    "LeakyRelu",
    "Sigmoid",
    "Tanh",
    "Clip",
    "HardSigmoid",
    "HardSwish",
    "Softmax",
    "LogSoftmax",
    "Hardmax",
    "Exp",
    "Log",
    "Erf",
    "Elu",
    "Selu",
    "Celu",
    "Softplus",
    "Softsign",
    "Mish",
    "Gelu",
    "FastGelu",
    "QuickGelu",
    "Swish",
    "Reciprocal",
    "Sign",
    "Sin",
    "Cos",
    "Tan",
    "Asin",
    "Acos",
    "Atan",
    "Sinh",
    "Cosh",
    "Asinh",
    "Acosh",
    "Atanh",
    "Shrink",
    "BatchNormalization",
    "InstanceNormalization",
    "LayerNormalization",
    "GroupNormalization",
    "SimplifiedLayerNormalization",
    "RMSNormalization",
    "SkipLayerNormalization",
    "BiasGelu",
    "LpNormalization",
    "LRN",
    "ThresholdedRelu",
    "MeanVarianceNormalization",
    "CumSum",
    "Trilu",
    "ScatterND",
    "ScatterElements",
    "Scatter",
    "PRelu",
    "ReverseSequence",
    "Bernoulli",
    "RotaryEmbedding",
    "BitwiseNot",
    "ImageScaler",
};
constexpr std::array kSameWithContent = {"Identity", "Neg",   "Abs",  "Floor",
                                         "Ceil",     "Round", "Sqrt", "Not"};
constexpr std::array kBroadcast = {
    "Add",      "Sub",        "Mul",       "Div",       "Pow",         "Mod",
    "Min",      "Max",        "And",       "Or",        "Xor",         "Equal",
    "Less",     "Greater",    "Sum",       "Mean",      "LessOrEqual", "GreaterOrEqual",
    "BitShift", "BitwiseAnd", "BitwiseOr", "BitwiseXor"};

template <std::size_t N>
bool is_one_of(const std::array<const char*, N>& names, std::string_view op) {
  return std::find(names.begin(), names.end(), op) != names.end();
}

}  // namespace

ShapeRule elementwise_rule(std::string_view op) {
  if (is_one_of(kSame, op)) return same;
  if (is_one_of(kBroadcast, op)) return broadcast_all;
  if (is_one_of(kSameWithContent, op)) return same_with_content;
  if (op == "Where") return where;
  if (op == "Cast" || op == "CastLike") return cast;
  if (op == "IsNaN" || op == "IsInf") return to_bool;
  if (op == "QuantizeLinear") return quantize;
  if (op == "DequantizeLinear") return dequantize;
  if (op == "DynamicQuantizeLinear") return dynamic_quantize;
  if (op == "Dropout") return dropout;
  return nullptr;
}

}  // namespace weir::graph
