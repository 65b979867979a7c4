#include "weir/graph/macs.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace weir::graph {
namespace {

using Inputs = std::vector<const ShapeValue*>;

NodeMacs counted(int64_t count) {
  return count < 0 ? NodeMacs{NodeMacs::kUnknown, 0} : NodeMacs{NodeMacs::kCounted, count};
}

// For each element of `grid`: one product per weight of a filter. `weights` is [filters, …].
NodeMacs by_filter(const ShapeValue& grid, const ShapeValue& weights) {
  if (!grid.has_rank || !weights.has_rank || weights.rank() < 3) return counted(kUnknownDim);
  return counted(multiply(product(grid.dims), product(weights.dims, 1)));
}

NodeMacs by_depth(const ShapeValue& output, int64_t depth) {
  if (!output.has_rank) return counted(kUnknownDim);
  return counted(multiply(product(output.dims), depth));
}

int64_t last_dim(const ShapeValue& value) {
  return value.has_rank && value.rank() > 0 ? value.dims.back() : kUnknownDim;
}

// The inner size of a Gemm is not one axis of A (transA), but A is [M, K] or [K, M], and M is a
// size of the output.
int64_t gemm_depth(const ShapeValue& a, const ShapeValue& output) {
  if (!a.has_rank || a.rank() != 2 || !output.has_rank || output.rank() != 2) return kUnknownDim;
  const int64_t all = product(a.dims);
  const int64_t rows = output.dims[0];
  if (all < 0 || rows < 0) return kUnknownDim;
  return rows == 0 ? 0 : all / rows;
}

// W [ways, gates·hidden, input] and R [ways, gates·hidden, hidden], once per step and row of X.
NodeMacs by_step(const Inputs& inputs) {
  if (inputs.size() < 3) return counted(kUnknownDim);
  const ShapeValue& x = *inputs[0];
  const ShapeValue& w = *inputs[1];
  const ShapeValue& r = *inputs[2];
  if (!x.is_complete() || !w.is_complete() || !r.is_complete() || x.rank() != 3) {
    return counted(kUnknownDim);
  }
  const int64_t steps = multiply(x.dims[0], x.dims[1]);
  const int64_t first = multiply(steps, product(w.dims));
  const int64_t second = multiply(steps, product(r.dims));
  int64_t sum = 0;
  const bool overflow = __builtin_add_overflow(first, second, &sum);
  return counted(first < 0 || second < 0 || overflow ? kUnknownDim : sum);
}

// Operators that multiply, but whose formula is not here.
constexpr std::array<std::string_view, 16> kOpaque = {
    "Attention",
    "MultiHeadAttention",
    "GroupQueryAttention",
    "QAttention",
    "Einsum",
    "DeformConv",
    "QGemm",
    "MatMulNBits",
    "FusedMatMul",
    "MatMulIntegerToFloat",
    "NhwcConv",
    "DynamicQuantizeMatMul",
    "MatMulBnb4",
    "DynamicQuantizeLSTM",
    "DFT",
    "STFT",
};

bool is_opaque(std::string_view domain, std::string_view op) {
  const bool ours = domain.empty() || domain == "com.microsoft" || domain == "ai.onnx.ml";
  return !ours || std::find(kOpaque.begin(), kOpaque.end(), op) != kOpaque.end();
}

}  // namespace

NodeMacs macs_of(std::string_view domain, std::string_view op, const Inputs& inputs,
                 const ShapeValue& output) {
  if (is_opaque(domain, op)) return {NodeMacs::kUnknown, 0};
  static const ShapeValue kNothing;
  const auto in = [&](std::size_t i) -> const ShapeValue& {
    return i < inputs.size() ? *inputs[i] : kNothing;
  };
  if (op == "Conv" || op == "ConvInteger" || op == "FusedConv") return by_filter(output, in(1));
  if (op == "QLinearConv") return by_filter(output, in(3));
  if (op == "ConvTranspose") return by_filter(in(0), in(1));
  if (op == "Gemm" || op == "FusedGemm") return by_depth(output, gemm_depth(in(0), output));
  if (op == "MatMul" || op == "MatMulInteger") return by_depth(output, last_dim(in(0)));
  if (op == "QLinearMatMul") return by_depth(output, last_dim(in(0)));
  if (op == "LSTM" || op == "GRU" || op == "RNN") return by_step(inputs);
  return {};
}

}  // namespace weir::graph
