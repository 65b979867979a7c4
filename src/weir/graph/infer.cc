#include "weir/graph/infer.h"

#include <algorithm>
#include <utility>

#include "weir/graph/macs.h"

namespace weir::graph {
namespace {

// More dimensions than this are not followed, and not more elements than these in one file: both
// bound the memory that a hostile graph can make us take.
constexpr std::size_t kMaxInferredRank = 16;
constexpr std::size_t kMaxInferredContent = 4'000'000;

ShapeRule rule_of(std::string_view op) {
  if (const ShapeRule rule = compute_rule(op); rule != nullptr) return rule;
  if (const ShapeRule rule = elementwise_rule(op); rule != nullptr) return rule;
  if (const ShapeRule rule = constant_rule(op); rule != nullptr) return rule;
  return layout_rule(op);
}

int64_t add_saturated(int64_t a, int64_t b) {
  int64_t sum = 0;
  return __builtin_add_overflow(a, b, &sum) ? INT64_MAX : sum;
}

}  // namespace

int64_t MacTotals::total() const {
  int64_t sum = 0;
  for (const auto& [op, share] : by_operator) sum = add_saturated(sum, share.macs);
  return sum;
}

void MacTotals::add(const MacTotals& other) {
  for (const auto& [op, share] : other.by_operator) {
    Share& mine = by_operator[op];
    mine.nodes += share.nodes;
    mine.macs = add_saturated(mine.macs, share.macs);
  }
  unknown_nodes += other.unknown_nodes;
}

Inference::Inference(const ParsedModel& model, std::map<std::string, int64_t> symbols)
    : model_(model),
      symbols_(std::move(symbols)),
      values_(model.names.size()),
      content_left_(kMaxInferredContent) {}

void Inference::set_input(uint32_t name, ElementType type, Dims dims) {
  values_[name].type = type;
  values_[name].set_dims(std::move(dims));
}

MacTotals Inference::run() {
  return walk(model_.graph);
}

MacTotals Inference::walk(const ParsedGraph& graph) {
  for (const ParsedValue& hint : graph.values) hints_[hint.name] = &hint;
  for (const ParsedValue& hint : graph.outputs) hints_[hint.name] = &hint;
  for (const auto& [name, tensor] : graph.initialisers) {
    ShapeValue& value = values_[name];
    value.type = tensor.type;
    value.set_dims(tensor.dims);
    if (tensor.content.size() == static_cast<uint64_t>(tensor.elements)) {
      value.set_content(tensor.content);
    }
    bound(value);
  }
  MacTotals totals;
  for (const ParsedNode& node : graph.nodes) visit(node, totals);
  return totals;
}

void Inference::visit(const ParsedNode& node, MacTotals& totals) {
  const bool has_graphs =
      std::any_of(node.attributes.begin(), node.attributes.end(),
                  [](const ParsedAttribute& attribute) { return !attribute.graphs.empty(); });
  if (has_graphs) {
    totals.add(walk_branches(node));
  } else {
    apply_rule(node);
  }
  count(node, totals);
}

void Inference::apply_rule(const ParsedNode& node) {
  std::vector<const ShapeValue*> inputs;
  inputs.reserve(node.inputs.size());
  for (const uint32_t input : node.inputs) inputs.push_back(&values_[input]);
  std::vector<ShapeValue> outputs(node.outputs.size());
  const std::string& domain = model_.names.text(node.domain);
  const bool standard = domain.empty() || domain == "com.microsoft";
  const ShapeRule rule = standard ? rule_of(model_.names.text(node.op)) : nullptr;
  if (rule != nullptr && !outputs.empty()) {
    NodeView view(node, model_.names, std::move(inputs), outputs);
    rule(view);
  }
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    const uint32_t name = node.outputs[i];
    if (name == 0) continue;
    adopt_hint(name, outputs[i]);
    bound(outputs[i]);
    values_[name] = std::move(outputs[i]);
  }
}

// Of the branches of an If, the one that runs is counted; the dearer one where that is not known.
// The body of a loop is counted once.
MacTotals Inference::walk_branches(const ParsedNode& node) {
  const bool is_if = model_.names.text(node.op) == "If";
  const ShapeValue condition = node.inputs.empty() ? ShapeValue() : values_[node.inputs[0]];
  const bool decided = is_if && condition.content.size() == 1 && known(condition.content[0]);
  MacTotals chosen;
  bool first = true;
  for (const ParsedAttribute& attribute : node.attributes) {
    for (const std::unique_ptr<ParsedGraph>& graph : attribute.graphs) {
      if (decided && (attribute.name == "then_branch") != (condition.content[0] != 0)) continue;
      MacTotals totals = walk(*graph);
      if (is_if) merge_branch_outputs(node, *graph, first);
      const bool dearer = first || totals.total() > chosen.total();
      if (dearer) chosen = std::move(totals);
      first = false;
    }
  }
  if (is_if) return chosen;
  for (const uint32_t output : node.outputs) {
    values_[output] = ShapeValue();
    adopt_hint(output, values_[output]);
  }
  return chosen;
}

void Inference::merge_branch_outputs(const ParsedNode& node, const ParsedGraph& branch,
                                     bool first) {
  const std::size_t count = std::min(node.outputs.size(), branch.outputs.size());
  for (std::size_t i = 0; i < count; ++i) {
    ShapeValue& to = values_[node.outputs[i]];
    ShapeValue from = values_[branch.outputs[i].name];
    if (node.outputs[i] == 0) continue;
    if (first) {
      to = std::move(from);
      continue;
    }
    to.has_content = false;
    to.content.clear();
    if (!from.has_rank || !to.has_rank || from.rank() != to.rank()) {
      to.has_rank = false;
      to.dims.clear();
      continue;
    }
    for (std::size_t axis = 0; axis < to.rank(); ++axis) {
      if (to.dims[axis] != from.dims[axis]) to.dims[axis] = kUnknownDim;
    }
  }
}

// What the file says of a value, where we did not find it ourselves.
void Inference::adopt_hint(uint32_t name, ShapeValue& value) const {
  const auto found = hints_.find(name);
  if (found == hints_.end()) return;
  const ParsedValue& hint = *found->second;
  if (value.type == ElementType::kUndefined) value.type = hint.type;
  if (!hint.has_shape) return;
  if (!value.has_rank) value.set_dims(Dims(hint.dims.size(), kUnknownDim));
  if (value.rank() != hint.dims.size()) return;
  for (std::size_t i = 0; i < value.rank(); ++i) {
    if (value.dims[i] >= 0) continue;
    value.dims[i] = hint.dims[i].size;
    const auto symbol = symbols_.find(hint.dims[i].symbol);
    if (value.dims[i] < 0 && symbol != symbols_.end()) value.dims[i] = symbol->second;
  }
}

void Inference::bound(ShapeValue& value) {
  if (value.rank() > kMaxInferredRank) {
    value.has_rank = false;
    value.dims = {};
  }
  if (value.content.size() > std::min(kMaxContent, content_left_)) {
    value.has_content = false;
    value.content = {};
  }
  content_left_ -= value.content.size();
}

void Inference::count(const ParsedNode& node, MacTotals& totals) {
  std::vector<const ShapeValue*> inputs;
  for (const uint32_t input : node.inputs) inputs.push_back(&values_[input]);
  const ShapeValue nothing;
  const ShapeValue& output = node.outputs.empty() ? nothing : values_[node.outputs[0]];
  const std::string& op = model_.names.text(node.op);
  const std::string& domain = model_.names.text(node.domain);
  const NodeMacs macs = macs_of(domain, op, inputs, output);
  if (macs.kind == NodeMacs::kNone) return;
  if (macs.kind == NodeMacs::kUnknown) {
    ++totals.unknown_nodes;
    return;
  }
  MacTotals::Share& share = totals.by_operator[op];
  ++share.nodes;
  share.macs = add_saturated(share.macs, macs.count);
}

}  // namespace weir::graph
