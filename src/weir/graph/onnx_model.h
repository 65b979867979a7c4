// An ONNX file in memory, without its weights: what parse_onnx() makes and what the inference of
// shapes and the summary read. Plain values; names are numbers in one table.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "weir/graph/element_type.h"

namespace weir::graph {

// Every name once. Number 0 is the empty name, which means "not there".
class NameTable {
 public:
  NameTable() { id(""); }
  uint32_t id(std::string_view name) {
    if (const auto found = ids_.find(name); found != ids_.end()) return found->second;
    const auto number = static_cast<uint32_t>(names_.size());
    names_.emplace_back(name);
    ids_.emplace(names_.back(), number);
    return number;
  }
  const std::string& text(uint32_t id) const { return names_[id]; }
  std::size_t size() const { return names_.size(); }

 private:
  std::deque<std::string> names_;  // a deque: the map's keys look into it
  std::unordered_map<std::string_view, uint32_t> ids_;
};

struct ParsedTensor {
  ElementType type = ElementType::kUndefined;
  std::vector<int64_t> dims;
  int64_t elements = 0;         // the product of dims
  uint64_t bytes = 0;           // that the file (or the file beside it) holds for it
  std::vector<double> content;  // the elements of a small numeric one, else empty
  std::string external_file;    // where its data lies, if beside the model
};

struct ParsedGraph;

struct ParsedAttribute {
  std::string name;
  int64_t integer = 0;
  float real = 0;
  std::string text;               // cut after kMaxKeptText bytes
  std::vector<int64_t> integers;  // the first kMaxKept values
  std::vector<double> reals;      // the first kMaxKept values
  uint64_t value_count = 0;       // of integers or reals, kept or not
  std::vector<ParsedTensor> tensors;
  std::vector<std::unique_ptr<ParsedGraph>> graphs;
};

struct ParsedNode {
  uint32_t op = 0;      // names of the table
  uint32_t domain = 0;  // "" for ai.onnx
  std::vector<uint32_t> inputs;
  std::vector<uint32_t> outputs;
  std::vector<ParsedAttribute> attributes;

  const ParsedAttribute* attribute(std::string_view name) const {
    for (const ParsedAttribute& one : attributes) {
      if (one.name == name) return &one;
    }
    return nullptr;
  }
};

struct ParsedDim {
  int64_t size = -1;
  std::string symbol;
};

struct ParsedValue {
  uint32_t name = 0;
  std::string kind = "tensor";  // or sequence, map, optional, sparse tensor
  ElementType type = ElementType::kUndefined;
  bool has_shape = false;
  std::vector<ParsedDim> dims;
};

struct ParsedGraph {
  std::string name;
  std::vector<ParsedNode> nodes;
  std::vector<std::pair<uint32_t, ParsedTensor>> initialisers;
  std::vector<ParsedValue> inputs;
  std::vector<ParsedValue> outputs;
  std::vector<ParsedValue> values;
};

struct ParsedFunction {
  std::string domain;
  std::string name;
  std::vector<ParsedNode> nodes;
};

struct ParsedModel {
  NameTable names;
  int64_t ir_version = 0;
  std::string producer;
  std::string producer_version;
  std::string domain;
  int64_t model_version = 0;
  std::vector<std::pair<std::string, int64_t>> opsets;
  std::vector<std::pair<std::string, std::string>> metadata;
  std::vector<ParsedFunction> functions;
  ParsedGraph graph;
  bool has_graph = false;
  std::vector<std::string> notes;  // what is odd but does not stop the reader
};

// Bounds: what a damaged or hostile file can make us hold.
inline constexpr std::size_t kMaxKept = 256;
inline constexpr std::size_t kMaxKeptText = 4096;
inline constexpr std::size_t kMaxNameBytes = std::size_t{64} << 10U;
inline constexpr std::size_t kMaxMetadataBytes = std::size_t{1} << 20U;
inline constexpr std::size_t kMaxRank = 64;
inline constexpr std::size_t kMaxDepth = 32;
inline constexpr std::size_t kMaxNotes = 16;
// Nodes, tensors, edges, attributes, dimensions, names… of a whole file, together.
inline constexpr std::size_t kMaxObjects = 2'000'000;
// Numbers kept of attributes and small tensors.
inline constexpr std::size_t kMaxNumbers = 16'000'000;
inline constexpr std::size_t kMaxTotalText = std::size_t{256} << 20U;

}  // namespace weir::graph
