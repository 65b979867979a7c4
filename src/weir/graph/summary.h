// What `weir inspect` and `weir init` know of a model file: a plain value, made by inspect.h.
// docs/inspect.md says what each figure means and how it is counted.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "weir/graph/element_type.h"

namespace weir::graph {

// One size of a shape: -1 where it is dynamic, then with the file's name for it, if it has one.
struct GraphDim {
  int64_t size = -1;
  std::string symbol;
  bool operator==(const GraphDim&) const = default;
};

// An input or an output.
struct GraphValue {
  std::string name;
  std::string kind = "tensor";  // or "sequence", "map", "optional", "sparse tensor"
  ElementType type = ElementType::kUndefined;
  bool has_shape = false;  // false: not even the rank is known
  std::vector<GraphDim> dims;
  // The shape with the sizes that MACs were counted for; -1 where the inference did not find it.
  std::vector<int64_t> resolved;
};

struct GraphOpset {
  std::string domain;  // "ai.onnx" for the standard one
  int64_t version = 0;
};

struct OperatorCount {
  std::string domain;
  std::string op;
  int64_t count = 0;
};

struct TypeCount {
  ElementType type = ElementType::kUndefined;
  int64_t tensors = 0;
  int64_t elements = 0;
  int64_t bytes = 0;
};

// Weights in a file beside the model.
struct ExternalFile {
  std::string location;  // as the model writes it, relative to the model's folder
  int64_t tensors = 0;
  int64_t bytes = 0;
  bool found = false;  // always false where bytes and not a file were inspected
};

struct Quantisation {
  int64_t quantize_nodes = 0;    // QuantizeLinear
  int64_t dequantize_nodes = 0;  // DequantizeLinear
  int64_t operator_nodes = 0;  // operators that compute with integers: ConvInteger, QLinearConv, …
  int64_t dynamic_nodes = 0;   // DynamicQuantizeLinear and its kin: scales found at run time
  int64_t nodes() const {
    return quantize_nodes + dequantize_nodes + operator_nodes + dynamic_nodes;
  }
  // "none", "qdq", "weight-only", "operator", "dynamic"
  std::string_view kind() const;
};

struct MacShare {
  std::string op;
  int64_t nodes = 0;
  int64_t macs = 0;
};

// A dynamic size that was taken as a number, so that MACs could be counted.
struct AssumedDim {
  std::string input;
  int64_t axis = 0;
  std::string symbol;
  int64_t size = 0;
};

struct MacCount {
  int64_t total = 0;
  int64_t unknown_nodes = 0;  // that multiply, but whose shapes (or inner workings) are not known
  std::vector<MacShare> by_operator;  // most first
  std::vector<AssumedDim> assumed;
};

struct GraphSummary {
  std::string producer;
  std::string producer_version;
  std::string domain;
  std::string graph_name;
  int64_t model_version = 0;
  int64_t ir_version = 0;
  int64_t file_bytes = 0;
  std::vector<GraphOpset> opsets;
  std::vector<GraphValue> inputs;
  std::vector<GraphValue> outputs;
  std::vector<std::pair<std::string, std::string>> metadata;

  int64_t nodes = 0;                     // those of subgraphs and functions included
  int64_t subgraphs = 0;                 // branches and loop bodies
  std::vector<OperatorCount> operators;  // most first
  std::vector<std::string> functions;    // "domain:name" of the model's own operators

  int64_t initialisers = 0;
  int64_t parameters = 0;
  int64_t parameter_bytes = 0;
  std::vector<TypeCount> parameters_by_type;  // most bytes first
  std::vector<ExternalFile> external_files;

  ElementType precision = ElementType::kUndefined;
  Quantisation quantisation;
  MacCount macs;
  std::vector<std::string> notes;  // what is odd about the file
};

}  // namespace weir::graph
