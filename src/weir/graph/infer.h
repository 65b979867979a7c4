// Walks a parsed model in the order of its nodes, infers shapes as far as it can, and counts
// multiply-accumulates on the way. Linear in the number of nodes; never fails: what it cannot find
// it counts as unknown.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "weir/graph/onnx_model.h"
#include "weir/graph/shape_value.h"

namespace weir::graph {

// MACs of a graph, by name of the operator.
struct MacTotals {
  struct Share {
    int64_t nodes = 0;
    int64_t macs = 0;
  };
  std::map<std::string, Share> by_operator;
  int64_t unknown_nodes = 0;
  int64_t total() const;
  void add(const MacTotals& other);
};

class Inference {
 public:
  // Borrows `model`. `symbols` are the sizes of named dimensions, for the shapes that the file
  // itself gives to values in between.
  Inference(const ParsedModel& model, std::map<std::string, int64_t> symbols);

  void set_input(uint32_t name, ElementType type, Dims dims);
  MacTotals run();
  const ShapeValue& value(uint32_t name) const { return values_[name]; }

 private:
  MacTotals walk(const ParsedGraph& graph);
  void visit(const ParsedNode& node, MacTotals& totals);
  void apply_rule(const ParsedNode& node);
  MacTotals walk_branches(const ParsedNode& node);
  void merge_branch_outputs(const ParsedNode& node, const ParsedGraph& branch, bool first);
  void adopt_hint(uint32_t name, ShapeValue& value) const;
  void bound(ShapeValue& value);
  void count(const ParsedNode& node, MacTotals& totals);

  const ParsedModel& model_;
  std::map<std::string, int64_t> symbols_;
  std::vector<ShapeValue> values_;
  std::unordered_map<uint32_t, const ParsedValue*> hints_;
  std::size_t content_left_;
};

}  // namespace weir::graph
