#include "weir/graph/summarise.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <set>
#include <system_error>
#include <tuple>
#include <utility>

#include "weir/graph/infer.h"

namespace weir::graph {
namespace {

int64_t add_bytes(int64_t a, uint64_t b) {
  int64_t sum = 0;
  const bool overflow = b > INT64_MAX || __builtin_add_overflow(a, static_cast<int64_t>(b), &sum);
  return overflow ? INT64_MAX : sum;
}

std::string shown_domain(const std::string& domain) {
  return domain.empty() ? "ai.onnx" : domain;
}

// Counts operators and weights over the graph, its subgraphs and the model's functions.
class Census {
 public:
  Census(const ParsedModel& model, GraphSummary& summary) : model_(model), summary_(summary) {}

  void run(const std::string& folder) {
    visit(model_.graph);
    for (const ParsedFunction& function : model_.functions) {
      summary_.functions.push_back(function.domain + ":" + function.name);
      visit(function.nodes);
    }
    finish_operators();
    finish_weights(folder);
  }

 private:
  void visit(const ParsedGraph& graph) {
    summary_.initialisers += static_cast<int64_t>(graph.initialisers.size());
    for (const auto& [name, tensor] : graph.initialisers) add_weight(tensor);
    visit(graph.nodes);
  }

  void visit(const std::vector<ParsedNode>& nodes) {
    for (const ParsedNode& node : nodes) {
      ++operators_[{node.domain, node.op}];
      for (const ParsedAttribute& attribute : node.attributes) {
        // Exporters put weights into Constant nodes as well.
        for (const ParsedTensor& tensor : attribute.tensors) add_weight(tensor);
        for (const std::unique_ptr<ParsedGraph>& graph : attribute.graphs) {
          ++summary_.subgraphs;
          visit(*graph);
        }
      }
    }
  }

  void add_weight(const ParsedTensor& tensor) {
    TypeCount& row = types_[tensor.type];
    row.type = tensor.type;
    ++row.tensors;
    row.elements = add_bytes(row.elements, static_cast<uint64_t>(tensor.elements));
    row.bytes = add_bytes(row.bytes, tensor.bytes);
    if (tensor.external_file.empty()) return;
    ExternalFile& file = files_[tensor.external_file];
    file.location = tensor.external_file;
    ++file.tensors;
    file.bytes = add_bytes(file.bytes, tensor.bytes);
  }

  void finish_operators() {
    for (const auto& [key, count] : operators_) {
      const auto& [domain, op] = key;
      summary_.nodes += count;
      summary_.operators.push_back(
          {shown_domain(model_.names.text(domain)), model_.names.text(op), count});
      count_quantised(model_.names.text(op), count);
    }
    std::sort(summary_.operators.begin(), summary_.operators.end(),
              [](const OperatorCount& a, const OperatorCount& b) {
                return std::tie(b.count, a.domain, a.op) < std::tie(a.count, b.domain, b.op);
              });
  }

  void count_quantised(std::string_view op, int64_t count) {
    static constexpr std::array<std::string_view, 9> kDynamic = {"DynamicQuantizeLinear",
                                                                 "DynamicQuantizeMatMul",
                                                                 "DynamicQuantizeLSTM",
                                                                 "MatMulNBits",
                                                                 "MatMulBnb4",
                                                                 "MatMulIntegerToFloat",
                                                                 "GatherBlockQuantized",
                                                                 "QMoE",
                                                                 "QAttention"};
    Quantisation& found = summary_.quantisation;
    if (op == "QuantizeLinear") {
      found.quantize_nodes += count;
    } else if (op == "DequantizeLinear") {
      found.dequantize_nodes += count;
    } else if (std::find(kDynamic.begin(), kDynamic.end(), op) != kDynamic.end()) {
      found.dynamic_nodes += count;
    } else if (op.substr(0, 7) == "QLinear" || op == "ConvInteger" || op == "MatMulInteger" ||
               op == "QGemm") {
      found.operator_nodes += count;
    }
  }

  void finish_weights(const std::string& folder) {
    for (const auto& [type, row] : types_) {
      summary_.parameters = add_bytes(summary_.parameters, static_cast<uint64_t>(row.elements));
      summary_.parameter_bytes =
          add_bytes(summary_.parameter_bytes, static_cast<uint64_t>(row.bytes));
      summary_.parameters_by_type.push_back(row);
    }
    std::stable_sort(summary_.parameters_by_type.begin(), summary_.parameters_by_type.end(),
                     [](const TypeCount& a, const TypeCount& b) { return a.bytes > b.bytes; });
    for (auto& [location, file] : files_) {
      std::error_code ignored;
      file.found = !folder.empty() && std::filesystem::is_regular_file(
                                          std::filesystem::path(folder) / location, ignored);
      summary_.external_files.push_back(std::move(file));
    }
  }

  const ParsedModel& model_;
  GraphSummary& summary_;
  std::map<std::pair<uint32_t, uint32_t>, int64_t> operators_;
  std::map<ElementType, TypeCount> types_;
  std::map<std::string, ExternalFile> files_;
};

GraphValue shown_value(const ParsedModel& model, const ParsedValue& value) {
  GraphValue shown;
  shown.name = model.names.text(value.name);
  shown.kind = value.kind;
  shown.type = value.type;
  shown.has_shape = value.has_shape;
  for (const ParsedDim& dim : value.dims) shown.dims.push_back({dim.size, dim.symbol});
  return shown;
}

// The type that most of the weights have. Integers of 32 and 64 bits are shapes and biases, and
// decide only where there is nothing else.
ElementType precision_of(const GraphSummary& summary) {
  ElementType best = ElementType::kUndefined;
  int64_t most = -1;
  for (const TypeCount& row : summary.parameters_by_type) {
    const bool weight = is_floating(row.type) || (bits_of(row.type) > 0 && bits_of(row.type) <= 16);
    if (!weight || row.type == ElementType::kBool || row.elements <= most) continue;
    best = row.type;
    most = row.elements;
  }
  if (best != ElementType::kUndefined) return best;
  for (const GraphValue& input : summary.inputs) {
    if (input.type != ElementType::kUndefined) return input.type;
  }
  return best;
}

// The sizes that the dynamic dimensions of the inputs are taken as.
class InputShapes {
 public:
  InputShapes(const InspectOptions& options, GraphSummary& summary)
      : options_(options), summary_(summary) {}

  Status resolve() {
    for (const auto& [name, dims] : options_.input_shapes) WEIR_TRY(check(name, dims));
    for (GraphValue& input : summary_.inputs) {
      for (std::size_t axis = 0; axis < input.dims.size(); ++axis) fix(input, axis);
    }
    return {};
  }
  std::map<std::string, int64_t> symbols() && { return std::move(symbols_); }

 private:
  Status check(const std::string& name, const std::vector<int64_t>& dims) {
    const auto input = std::find_if(summary_.inputs.begin(), summary_.inputs.end(),
                                    [&](const GraphValue& value) { return value.name == name; });
    if (input == summary_.inputs.end()) {
      std::string names;
      for (const GraphValue& value : summary_.inputs) names += " '" + value.name + "'";
      return Error(ErrorCode::kNotFound, "the model has no input '" + name + "'", "",
                   "its inputs are:" + names);
    }
    bool fits = dims.size() == input->dims.size();
    for (std::size_t i = 0; fits && i < dims.size(); ++i) {
      fits = dims[i] >= 0 && (input->dims[i].size < 0 || input->dims[i].size == dims[i]);
      if (!input->dims[i].symbol.empty()) symbols_[input->dims[i].symbol] = dims[i];
    }
    if (fits) return {};
    return Error(ErrorCode::kInvalidArgument,
                 "the shape for the input '" + name + "' does not fit the model", "",
                 "give " + std::to_string(input->dims.size()) +
                     " sizes, and leave those that the model fixes as they are");
  }

  void fix(GraphValue& input, std::size_t axis) {
    const GraphDim& dim = input.dims[axis];
    if (dim.size >= 0) {
      input.resolved.push_back(dim.size);
      return;
    }
    const auto given = options_.input_shapes.find(input.name);
    const auto symbol = dim.symbol.empty() ? symbols_.end() : symbols_.find(dim.symbol);
    int64_t size = options_.dynamic_size;
    if (given != options_.input_shapes.end()) {
      size = given->second[axis];
    } else if (symbol != symbols_.end()) {
      size = symbol->second;
    }
    if (!dim.symbol.empty()) symbols_.emplace(dim.symbol, size);
    input.resolved.push_back(size);
    summary_.macs.assumed.push_back({input.name, static_cast<int64_t>(axis), dim.symbol, size});
  }

  const InspectOptions& options_;
  GraphSummary& summary_;
  std::map<std::string, int64_t> symbols_;
};

Status count_macs(const ParsedModel& model, const InspectOptions& options, GraphSummary& summary) {
  InputShapes shapes(options, summary);
  WEIR_TRY(shapes.resolve());
  Inference inference(model, std::move(shapes).symbols());
  std::map<std::string, const GraphValue*> by_name;
  for (const GraphValue& input : summary.inputs) by_name[input.name] = &input;
  for (const ParsedValue& input : model.graph.inputs) {
    const auto found = by_name.find(model.names.text(input.name));
    if (found == by_name.end() || !input.has_shape) continue;
    inference.set_input(input.name, input.type, found->second->resolved);
  }
  const MacTotals totals = inference.run();
  summary.macs.total = totals.total();
  summary.macs.unknown_nodes = totals.unknown_nodes;
  for (const auto& [op, share] : totals.by_operator) {
    summary.macs.by_operator.push_back({op, share.nodes, share.macs});
  }
  std::stable_sort(summary.macs.by_operator.begin(), summary.macs.by_operator.end(),
                   [](const MacShare& a, const MacShare& b) { return a.macs > b.macs; });
  for (std::size_t i = 0; i < summary.outputs.size(); ++i) {
    const ShapeValue& value = inference.value(model.graph.outputs[i].name);
    if (value.has_rank) summary.outputs[i].resolved = value.dims;
  }
  return {};
}

}  // namespace

std::string_view Quantisation::kind() const {
  if (dynamic_nodes > 0) return "dynamic";
  if (operator_nodes > 0) return "operator";
  if (quantize_nodes > 0) return "qdq";
  return dequantize_nodes > 0 ? "weight-only" : "none";
}

Result<GraphSummary> summarise(const ParsedModel& model, const InspectOptions& options,
                               const std::string& folder) {
  GraphSummary summary;
  summary.producer = model.producer;
  summary.producer_version = model.producer_version;
  summary.domain = model.domain;
  summary.graph_name = model.graph.name;
  summary.model_version = model.model_version;
  summary.ir_version = model.ir_version;
  summary.metadata = model.metadata;
  summary.notes = model.notes;
  for (const auto& [domain, version] : model.opsets) {
    summary.opsets.push_back({shown_domain(domain), version});
  }
  // Old exporters list the weights among the inputs.
  std::set<uint32_t> weights;
  for (const auto& [name, tensor] : model.graph.initialisers) weights.insert(name);
  for (const ParsedValue& input : model.graph.inputs) {
    if (weights.count(input.name) == 0) summary.inputs.push_back(shown_value(model, input));
  }
  for (const ParsedValue& output : model.graph.outputs) {
    summary.outputs.push_back(shown_value(model, output));
  }
  Census(model, summary).run(folder);
  summary.precision = precision_of(summary);
  WEIR_TRY(count_macs(model, options, summary));
  return summary;
}

}  // namespace weir::graph
