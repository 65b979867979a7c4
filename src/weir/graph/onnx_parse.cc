#include "weir/graph/onnx_parse.h"

#include <algorithm>
#include <utility>

#include "weir/graph/tensor_parse.h"
#include "weir/graph/wire.h"

namespace weir::graph {
namespace {

// Field numbers are those of onnx.proto; each function reads one message of it.
class Parser {
 public:
  explicit Parser(ByteSource& source) : source_(source), tensors_(source, budget_) {}

  Result<ParsedModel> run() {
    WEIR_TRY(read_model({0, source_.size()}));
    if (!model_.has_graph) {
      return Error(ErrorCode::kCorrupt, "not an ONNX model: there is no graph in it", "",
                   "a TensorFlow .pb or a Paddle file looks like this; convert it to ONNX");
    }
    return std::move(model_);
  }

 private:
  Status read_model(ByteRange range) {
    return each_field(source_, range, [this](const Field& field) -> Status {
      switch (field.number) {
        case 1:
          return number(field, model_.ir_version, "ir_version");
        case 2:
          return text(field, model_.producer, "producer_name");
        case 3:
          return text(field, model_.producer_version, "producer_version");
        case 4:
          return text(field, model_.domain, "domain");
        case 5:
          return number(field, model_.model_version, "model_version");
        case 7:
          model_.has_graph = true;
          return message(field, "graph",
                         [this](ByteRange r) { return read_graph(r, model_.graph); });
        case 8:
          return message(field, "opset_import", [this](ByteRange r) { return read_opset(r); });
        case 14:
          return message(field, "metadata_props", [this](ByteRange r) { return read_metadata(r); });
        case 25:
          return message(field, "functions", [this](ByteRange r) { return read_function(r); });
        default:
          return {};
      }
    });
  }

  Status read_opset(ByteRange range) {
    WEIR_TRY(budget_.take(1));
    std::pair<std::string, int64_t> opset;
    WEIR_TRY(each_field(source_, range, [&](const Field& field) -> Status {
      if (field.number == 1) return text(field, opset.first, "opset domain");
      if (field.number == 2) return number(field, opset.second, "opset version");
      return {};
    }));
    model_.opsets.push_back(std::move(opset));
    return {};
  }

  Status read_metadata(ByteRange range) {
    WEIR_TRY(budget_.take(1));
    std::pair<std::string, std::string> entry;
    WEIR_TRY(each_field(source_, range, [&](const Field& field) -> Status {
      if (field.number == 1) return text(field, entry.first, "metadata key");
      if (field.number == 2) return cut_text(field, entry.second, kMaxMetadataBytes);
      return {};
    }));
    model_.metadata.push_back(std::move(entry));
    return {};
  }

  Status read_function(ByteRange range) {
    WEIR_TRY(budget_.take(1));
    ParsedFunction function;
    WEIR_TRY(each_field(source_, range, [&](const Field& field) -> Status {
      switch (field.number) {
        case 1:
          return text(field, function.name, "function name");
        case 7:
          return message(field, "node", [&](ByteRange r) { return read_node(r, function.nodes); });
        case 10:
          return text(field, function.domain, "function domain");
        default:
          return {};
      }
    }));
    model_.functions.push_back(std::move(function));
    return {};
  }

  Status read_graph(ByteRange range, ParsedGraph& graph) {
    if (depth_ == kMaxDepth) {
      return Error(ErrorCode::kExhausted,
                   "graphs are nested more than " + std::to_string(kMaxDepth) + " deep");
    }
    ++depth_;
    Status status = each_field(source_, range, [&](const Field& field) -> Status {
      switch (field.number) {
        case 1:
          return message(field, "node", [&](ByteRange r) { return read_node(r, graph.nodes); });
        case 2:
          return text(field, graph.name, "graph name");
        case 5:
          return message(field, "initializer", [&](ByteRange r) { return read_weight(r, graph); });
        case 11:
          return message(field, "input", [&](ByteRange r) { return read_value(r, graph.inputs); });
        case 12:
          return message(field, "output",
                         [&](ByteRange r) { return read_value(r, graph.outputs); });
        case 13:
          return message(field, "value_info",
                         [&](ByteRange r) { return read_value(r, graph.values); });
        default:
          return {};
      }
    });
    --depth_;
    return status;
  }

  Status read_weight(ByteRange range, ParsedGraph& graph) {
    WEIR_TRY(budget_.take(1));
    std::string tensor_name;
    WEIR_ASSIGN(ParsedTensor tensor, tensors_.read(range, &tensor_name, model_.notes));
    graph.initialisers.emplace_back(model_.names.id(tensor_name), std::move(tensor));
    return {};
  }

  Status read_node(ByteRange range, std::vector<ParsedNode>& nodes) {
    WEIR_TRY(budget_.take(1));
    ParsedNode node;
    WEIR_TRY(each_field(source_, range, [&](const Field& field) -> Status {
      switch (field.number) {
        case 1:
          return edge(field, node.inputs, "node input");
        case 2:
          return edge(field, node.outputs, "node output");
        case 4:
          return interned(field, node.op, "op_type");
        case 5:
          return message(field, "attribute", [&](ByteRange r) { return read_attribute(r, node); });
        case 7:
          return interned(field, node.domain, "node domain");
        default:
          return {};
      }
    }));
    if (model_.names.text(node.domain) == "ai.onnx") node.domain = 0;
    nodes.push_back(std::move(node));
    return {};
  }

  Status read_attribute(ByteRange range, ParsedNode& node) {
    WEIR_TRY(budget_.take(1));
    ParsedAttribute made;
    WEIR_TRY(each_field(source_, range, [&](const Field& field) -> Status {
      switch (field.number) {
        case 1:
          return text(field, made.name, "attribute name");
        case 2:
          return TensorParser::read_float(field, made.real);
        case 3:
          return number(field, made.integer, "attribute integer");
        case 4:
          return cut_text(field, made.text, kMaxKeptText);
        case 5:
        case 10:
          return message(field, "tensor", [&](ByteRange r) { return read_tensor_of(r, made); });
        case 6:
        case 11:
          return message(field, "graph", [&](ByteRange r) { return read_graph_of(r, made); });
        case 7:
          return tensors_.read_reals(field, made.reals, made.value_count);
        case 8:
          return tensors_.read_integers(field, made.integers, made.value_count);
        default:
          return {};
      }
    }));
    node.attributes.push_back(std::move(made));
    return {};
  }

  Status read_tensor_of(ByteRange range, ParsedAttribute& attribute) {
    WEIR_TRY(budget_.take(1));
    WEIR_ASSIGN(ParsedTensor tensor, tensors_.read(range, nullptr, model_.notes));
    attribute.tensors.push_back(std::move(tensor));
    return {};
  }

  Status read_graph_of(ByteRange range, ParsedAttribute& attribute) {
    WEIR_TRY(budget_.take(1));
    attribute.graphs.push_back(std::make_unique<ParsedGraph>());
    return read_graph(range, *attribute.graphs.back());
  }

  Status read_value(ByteRange range, std::vector<ParsedValue>& values) {
    WEIR_TRY(budget_.take(1));
    ParsedValue value;
    WEIR_TRY(each_field(source_, range, [&](const Field& field) -> Status {
      if (field.number == 1) return interned(field, value.name, "value name");
      if (field.number != 2) return {};
      return message(field, "type", [&](ByteRange r) { return read_type(r, value); });
    }));
    values.push_back(std::move(value));
    return {};
  }

  Status read_type(ByteRange range, ParsedValue& value) {
    return each_field(source_, range, [&](const Field& field) -> Status {
      switch (field.number) {
        case 1:
          return message(field, "tensor_type",
                         [&](ByteRange r) { return read_tensor_type(r, value); });
        case 4:
          value.kind = "sequence";
          return {};
        case 5:
          value.kind = "map";
          return {};
        case 8:
          value.kind = "sparse tensor";
          return {};
        case 9:
          value.kind = "optional";
          return {};
        default:
          return {};
      }
    });
  }

  Status read_tensor_type(ByteRange range, ParsedValue& value) {
    return each_field(source_, range, [&](const Field& field) -> Status {
      if (field.number == 1) {
        WEIR_ASSIGN(const int64_t type, integer_of(field, "elem_type"));
        value.type = element_type_of(type);
        return {};
      }
      if (field.number != 2) return {};
      value.has_shape = true;
      return message(field, "shape", [&](ByteRange r) { return read_shape(r, value); });
    });
  }

  Status read_shape(ByteRange range, ParsedValue& value) {
    return each_field(source_, range, [&](const Field& field) -> Status {
      if (field.number != 1) return {};
      return message(field, "dim", [&](ByteRange r) { return read_dim(r, value); });
    });
  }

  Status read_dim(ByteRange range, ParsedValue& value) {
    WEIR_TRY(budget_.take(1));
    if (value.dims.size() == kMaxRank) {
      return Error(ErrorCode::kCorrupt,
                   "a value of more than " + std::to_string(kMaxRank) + " dimensions");
    }
    ParsedDim dim;
    WEIR_TRY(each_field(source_, range, [&](const Field& field) -> Status {
      if (field.number == 1) return number(field, dim.size, "dim_value");
      if (field.number == 2) return text(field, dim.symbol, "dim_param");
      return {};
    }));
    // Exporters write 0 or a negative number where they mean "any".
    if (dim.size <= 0) dim.size = -1;
    value.dims.push_back(std::move(dim));
    return {};
  }

  template <class Read>
  Status message(const Field& field, const char* what, Read&& read) {
    WEIR_ASSIGN(const ByteRange range, range_of(field, what));
    return read(range);
  }
  Status number(const Field& field, int64_t& to, const char* what) {
    WEIR_ASSIGN(to, integer_of(field, what));
    return {};
  }
  Status text(const Field& field, std::string& to, const char* what) {
    WEIR_ASSIGN(to, text_of(source_, field, kMaxNameBytes, what));
    return budget_.take_text(to.size());
  }
  Status cut_text(Field field, std::string& to, std::size_t limit) {
    WEIR_ASSIGN(const ByteRange range, range_of(field, "text"));
    field.range.end = range.begin + std::min<uint64_t>(range.size(), limit);
    WEIR_ASSIGN(to, text_of(source_, field, limit, "text"));
    return budget_.take_text(to.size());
  }
  Status interned(const Field& field, uint32_t& to, const char* what) {
    std::string name;
    WEIR_TRY(text(field, name, what));
    to = model_.names.id(name);
    return {};
  }
  Status edge(const Field& field, std::vector<uint32_t>& to, const char* what) {
    WEIR_TRY(budget_.take(1));
    uint32_t name = 0;
    WEIR_TRY(interned(field, name, what));
    to.push_back(name);
    return {};
  }

  ByteSource& source_;
  ParseBudget budget_;
  TensorParser tensors_;
  ParsedModel model_;
  std::size_t depth_ = 0;
};

}  // namespace

Result<ParsedModel> parse_onnx(ByteSource& source) {
  return Parser(source).run();
}

}  // namespace weir::graph
