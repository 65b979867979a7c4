// What is known of a value while shapes are inferred: its type, its shape as far as known, and, for
// the small integer tensors that shapes are computed from, its elements.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <string_view>
#include <vector>

#include "weir/graph/element_type.h"
#include "weir/graph/onnx_model.h"

namespace weir::graph {

using Dims = std::vector<int64_t>;  // -1 where a size is not known
inline constexpr int64_t kUnknownDim = -1;
// An element that is not known, inside a content that is.
inline const double kUnknownElement = std::numeric_limits<double>::quiet_NaN();

struct ShapeValue {
  ElementType type = ElementType::kUndefined;
  bool has_rank = false;
  Dims dims;
  bool has_content = false;
  std::vector<double> content;

  std::size_t rank() const { return dims.size(); }
  bool is_complete() const;
  void set_dims(Dims made) {
    dims = std::move(made);
    has_rank = true;
  }
  void set_content(std::vector<double> made) {
    content = std::move(made);
    has_content = true;
  }
};

// The product; kUnknownDim if a size is not known or it does not fit.
int64_t product(const Dims& dims, std::size_t begin = 0, std::size_t end = SIZE_MAX);
// a * b, kUnknownDim if either is or it does not fit.
int64_t multiply(int64_t a, int64_t b);
// To an integer, with what does not fit at the limits of the type; kUnknownDim for a NaN is the
// caller's business (`known`).
int64_t to_integer(double number);
inline bool known(double number) {
  return !std::isnan(number);
}
// An axis, from the end if negative; -1 if it is outside.
int64_t axis_in(int64_t axis, std::size_t rank);

// A content as a shape, with kUnknownDim for unknown elements; false if there is no content.
bool to_dims(const ShapeValue& value, Dims& dims);

// A node as a rule sees it.
class NodeView {
 public:
  NodeView(const ParsedNode& node, const NameTable& names, std::vector<const ShapeValue*> inputs,
           std::vector<ShapeValue>& outputs)
      : node_(node), names_(names), inputs_(std::move(inputs)), outputs_(outputs) {}

  std::string_view op() const { return names_.text(node_.op); }
  std::size_t input_count() const { return inputs_.size(); }
  bool has_input(std::size_t i) const { return i < inputs_.size() && node_.inputs[i] != 0; }
  // An unknown value for an input that is not there.
  const ShapeValue& in(std::size_t i) const;
  std::size_t output_count() const { return outputs_.size(); }
  ShapeValue& out(std::size_t i = 0) { return outputs_[i]; }
  bool has_output(std::size_t i) const { return i < outputs_.size(); }

  const ParsedAttribute* attribute(std::string_view name) const { return node_.attribute(name); }
  int64_t integer(std::string_view name, int64_t otherwise) const;
  std::string_view text(std::string_view name, std::string_view otherwise) const;
  // The attribute's integers, or nothing.
  const std::vector<int64_t>* integers(std::string_view name) const;
  // The integers of the attribute `name` or of the input `i`: newer operator sets moved many lists
  // from the one to the other. False if it is there but its values are not known.
  bool integers(std::string_view name, std::size_t i, std::vector<int64_t>& to) const;

 private:
  const ParsedNode& node_;
  const NameTable& names_;
  std::vector<const ShapeValue*> inputs_;
  std::vector<ShapeValue>& outputs_;
};

// Fills in what it can of the outputs; leaves the rest unknown.
using ShapeRule = void (*)(NodeView&);
// The rule of an operator of ai.onnx (or of com.microsoft with the same meaning), or null.
ShapeRule elementwise_rule(std::string_view op);
ShapeRule constant_rule(std::string_view op);
ShapeRule layout_rule(std::string_view op);
ShapeRule compute_rule(std::string_view op);

// More elements than these are not followed.
inline constexpr std::size_t kMaxContent = kMaxKept;

}  // namespace weir::graph
