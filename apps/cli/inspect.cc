// weir inspect: what is inside a model file.
#include <filesystem>
#include <memory>

#include "apps/cli/command.h"
#include "apps/cli/find_model.h"
#include "apps/cli/json.h"
#include "apps/cli/measure.h"
#include "apps/cli/runtime_options.h"
#include "apps/cli/table.h"
#include "apps/cli/text.h"
#include "weir/assemble/runtime.h"
#include "weir/graph/inspect.h"

namespace weir::cli {
namespace {

struct InspectOptions {
  std::string file;
  std::string backend;
  std::vector<std::string> shapes;
};

std::string shape_text(const graph::GraphValue& value) {
  if (!value.has_shape) return "any shape";
  if (value.dims.empty()) return "scalar";
  std::string text;
  for (const graph::GraphDim& dim : value.dims) {
    if (!text.empty()) text += "x";
    text += dim.size >= 0 ? std::to_string(dim.size) : dim.symbol.empty() ? "?" : dim.symbol;
  }
  return text;
}

Json shape_json(const graph::GraphValue& value) {
  Json shape = Json::array();
  for (const graph::GraphDim& dim : value.dims) {
    if (dim.size >= 0 || dim.symbol.empty()) {
      shape.push_back(dim.size);
    } else {
      shape.push_back(dim.symbol);
    }
  }
  return shape;
}

Json values_json(const std::vector<graph::GraphValue>& values) {
  Json list = Json::array();
  for (const graph::GraphValue& value : values) {
    Json json = {{"name", value.name}, {"kind", value.kind}, {"type", name(value.type)}};
    json["shape"] = value.has_shape ? shape_json(value) : Json();
    list.push_back(std::move(json));
  }
  return list;
}

std::string joined_opsets(const graph::GraphSummary& summary) {
  std::string text;
  for (const graph::GraphOpset& opset : summary.opsets) {
    text += (text.empty() ? "" : ", ") + opset.domain + " " + std::to_string(opset.version);
  }
  return text;
}

std::string full_name(const graph::OperatorCount& count) {
  return count.domain.empty() || count.domain == "ai.onnx" ? count.op
                                                           : count.domain + ":" + count.op;
}

Json parameters_json(const graph::GraphSummary& summary) {
  Json by_type = Json::array();
  for (const graph::TypeCount& count : summary.parameters_by_type) {
    by_type.push_back({{"type", name(count.type)},
                       {"tensors", count.tensors},
                       {"elements", count.elements},
                       {"bytes", count.bytes}});
  }
  Json external = Json::array();
  for (const graph::ExternalFile& file : summary.external_files) {
    external.push_back({{"file", file.location}, {"bytes", file.bytes}, {"found", file.found}});
  }
  return {{"count", summary.parameters},
          {"bytes", summary.parameter_bytes},
          {"by_type", by_type},
          {"external_files", external}};
}

Json quantisation_json(const graph::Quantisation& quantisation) {
  return {{"kind", quantisation.kind()},
          {"quantize_nodes", quantisation.quantize_nodes},
          {"dequantize_nodes", quantisation.dequantize_nodes},
          {"operator_nodes", quantisation.operator_nodes},
          {"dynamic_nodes", quantisation.dynamic_nodes}};
}

Json macs_json(const graph::MacCount& macs) {
  Json by_operator = Json::array();
  for (const graph::MacShare& share : macs.by_operator) {
    by_operator.push_back({{"op", share.op}, {"nodes", share.nodes}, {"macs", share.macs}});
  }
  Json assumed = Json::array();
  for (const graph::AssumedDim& dim : macs.assumed) {
    assumed.push_back({{"input", dim.input}, {"axis", dim.axis}, {"size", dim.size}});
  }
  return {{"total", macs.total},
          {"unknown_nodes", macs.unknown_nodes},
          {"assumed", assumed},
          {"by_operator", by_operator}};
}

Json graph_json(const std::string& file, const graph::GraphSummary& summary) {
  Json opsets = Json::object();
  for (const graph::GraphOpset& opset : summary.opsets) opsets[opset.domain] = opset.version;
  Json operators = Json::object();
  for (const graph::OperatorCount& count : summary.operators) {
    operators[full_name(count)] = count.count;
  }
  Json metadata = Json::object();
  for (const auto& [key, value] : summary.metadata) metadata[key] = value;
  return {{"file", file},
          {"format", "onnx"},
          {"bytes", summary.file_bytes},
          {"producer", summary.producer},
          {"producer_version", summary.producer_version},
          {"graph", summary.graph_name},
          {"ir_version", summary.ir_version},
          {"opsets", opsets},
          {"inputs", values_json(summary.inputs)},
          {"outputs", values_json(summary.outputs)},
          {"nodes", summary.nodes},
          {"operators", operators},
          {"parameters", parameters_json(summary)},
          {"precision", name(summary.precision)},
          {"quantisation", quantisation_json(summary.quantisation)},
          {"macs", macs_json(summary.macs)},
          {"metadata", metadata},
          {"notes", summary.notes}};
}

void add_values(Table& table, const char* title, const std::vector<graph::GraphValue>& values) {
  for (const graph::GraphValue& value : values) {
    const std::string kind = value.kind == "tensor" ? "" : value.kind + " of ";
    table.row({&value == &values.front() ? title : "", value.name,
               kind + std::string(name(value.type)), shape_text(value)});
  }
}

std::string macs_text(const graph::MacCount& macs) {
  std::string text = format_count(static_cast<double>(macs.total)) + " multiply-adds per run";
  for (const graph::AssumedDim& dim : macs.assumed) {
    text += &dim == &macs.assumed.front() ? ", with " : ", ";
    text += dim.input + "[" + std::to_string(dim.axis) + "] = " + std::to_string(dim.size);
  }
  if (macs.unknown_nodes > 0) {
    text += "; not counted: " + with_commas(static_cast<uint64_t>(macs.unknown_nodes)) + " nodes";
  }
  return text;
}

std::string parameters_text(const graph::GraphSummary& summary) {
  std::string text = format_count(static_cast<double>(summary.parameters)) + " (" +
                     format_bytes(static_cast<uint64_t>(summary.parameter_bytes)) + ")";
  for (const graph::TypeCount& count : summary.parameters_by_type) {
    text += ", " + std::string(name(count.type)) + " " +
            format_count(static_cast<double>(count.elements));
  }
  return text;
}

std::string quantisation_text(const graph::Quantisation& quantisation) {
  if (quantisation.nodes() == 0) return "no";
  return std::string(quantisation.kind()) + ", " +
         with_commas(static_cast<uint64_t>(quantisation.nodes())) + " nodes";
}

void print_metadata(const graph::GraphSummary& summary, Context& context) {
  constexpr std::size_t kLongest = 60;
  if (summary.metadata.empty()) return;
  Table table({{}, {}});
  for (const auto& [key, value] : summary.metadata) {
    const std::string first_line = value.substr(0, value.find('\n'));
    const bool cut = first_line.size() < value.size();
    table.row({"  " + key, truncate(first_line + (cut ? " …" : ""), kLongest)});
  }
  context.out << '\n'
              << context.terminal.bold("metadata") << '\n'
              << table.render(context.terminal);
}

void print_graph(const std::string& file, const graph::GraphSummary& summary, Context& context) {
  context.out << context.terminal.bold(file) << "\n\n";
  Table values({{}, {}, {}, {}});
  add_values(values, "in", summary.inputs);
  add_values(values, "out", summary.outputs);
  context.out << values.render(context.terminal) << '\n';

  Table facts({{}, {}});
  facts.row({"file", "ONNX, " + format_bytes(static_cast<uint64_t>(summary.file_bytes))});
  facts.row({"made by", summary.producer + " " + summary.producer_version});
  facts.row({"opset", joined_opsets(summary)});
  facts.row({"parameters", parameters_text(summary)});
  facts.row({"precision", std::string(name(summary.precision))});
  facts.row({"quantised", quantisation_text(summary.quantisation)});
  facts.row({"work", macs_text(summary.macs)});
  for (const graph::ExternalFile& external : summary.external_files) {
    facts.row({"weights in", external.location + (external.found ? "" : " (missing)")});
  }
  for (const std::string& note : summary.notes) facts.row({"note", note});
  context.out << facts.render(context.terminal) << '\n';

  Table operators({{}, {"", Align::kRight}});
  for (const graph::OperatorCount& count : summary.operators) {
    operators.row({"  " + full_name(count), with_commas(static_cast<uint64_t>(count.count))});
  }
  context.out << context.terminal.bold("operators") << " (" << summary.nodes << ")\n"
              << operators.render(context.terminal);
  print_metadata(summary, context);
}

// A file that only a back end can read.
Json model_json(const std::string& file, const LoadedModel& model) {
  const auto tensors = [](const std::vector<TensorInfo>& infos) {
    Json list = Json::array();
    for (const TensorInfo& info : infos) {
      list.push_back({{"name", info.name},
                      {"type", name(info.dtype)},
                      {"shape", std::vector<int64_t>(info.shape.begin(), info.shape.end())}});
    }
    return list;
  };
  Json metadata = Json::object();
  for (const auto& [key, value] : model.metadata()) metadata[key] = value;
  std::error_code error;
  const auto bytes = std::filesystem::file_size(file, error);
  return {{"file", file},
          {"format", std::filesystem::path(file).extension().string()},
          {"bytes", error ? 0 : bytes},
          {"backend", model.report().backend},
          {"backend_version", model.report().version},
          {"inputs", tensors(model.inputs())},
          {"outputs", tensors(model.outputs())},
          {"metadata", metadata}};
}

void print_model(const std::string& file, const LoadedModel& model, Context& context) {
  context.out << context.terminal.bold(file) << "\n\n";
  Table table({{}, {}, {}, {}});
  const auto add = [&table](const char* title, const std::vector<TensorInfo>& infos) {
    for (const TensorInfo& info : infos) {
      table.row({&info == &infos.front() ? title : "", info.name, std::string(name(info.dtype)),
                 to_string(info.shape)});
    }
  };
  add("in", model.inputs());
  add("out", model.outputs());
  context.out << table.render(context.terminal) << "\nread by " << model.report().backend << " "
              << model.report().version << "\n";
}

bool is_onnx(const std::string& file) {
  return std::filesystem::path(file).extension() == ".onnx";
}

// What a spec says of shapes counts where the command line says nothing.
Result<graph::InspectOptions> inspect_options(const InspectOptions& options,
                                              const FoundModel& model) {
  graph::InspectOptions how;
  for (const auto& [input, range] : model.request.spec.shapes) {
    how.input_shapes[input] = {range.opt.begin(), range.opt.end()};
  }
  WEIR_ASSIGN(const auto shapes, parse_shapes(options.shapes));
  for (const auto& [input, shape] : shapes) how.input_shapes[input] = {shape.begin(), shape.end()};
  return how;
}

Result<Json> inspect_one(Runtime& runtime, const InspectOptions& options, const FoundModel& model,
                         Context& context) {
  const std::string& file = model.request.model;
  if (is_onnx(file) && options.backend.empty()) {
    WEIR_ASSIGN(const auto how, inspect_options(options, model));
    WEIR_ASSIGN(const auto summary, graph::inspect_file(file, how));
    if (!context.json) print_graph(file, summary, context);
    return graph_json(file, summary);
  }
  OpenRequest request = model.request;
  if (!options.backend.empty()) request.backend = options.backend;
  WEIR_ASSIGN(const Backend* backend, runtime.backends().choose(request.backend, file));
  const auto own = model.options.find(std::string(backend->name()));
  if (own != model.options.end()) request.spec.options = own->second.values;
  WEIR_ASSIGN(const auto loaded, runtime.open_model(request));
  if (!context.json) print_model(file, *loaded, context);
  return model_json(file, *loaded);
}

Status run(const InspectOptions& options, Context& context) {
  WEIR_ASSIGN(const auto runtime, Runtime::create({}));
  WEIR_ASSIGN(const auto models, find_models(*runtime, options.file, context));
  std::vector<Json> parts;
  for (const FoundModel& model : models) {
    if (!context.json && &model != &models.front()) context.out << '\n';
    WEIR_ASSIGN(Json json, inspect_one(*runtime, options, model, context));
    if (models.size() > 1) json["part"] = model.name;
    parts.push_back(std::move(json));
  }
  if (!context.json) return {};
  context.out << print(document(options.file, parts));
  return {};
}

}  // namespace

Command inspect_command() {
  auto o = std::make_shared<InspectOptions>();
  return {
      .name = "inspect",
      .summary = "Look into a model file: inputs, outputs, operators, parameters, work",
      .details =
          "ONNX files are read by Weir itself, without a back end and without loading "
          "their weights;\nother files are opened by the back end that reads them.",
      .examples = {"weir inspect model.onnx", "weir inspect model.onnx --shape images=1x3x640x640",
                   "weir inspect ssd-mobilenet-v2-oid --json"},
      .options = {{.flags = "model",
                   .target = &o->file,
                   .help = "A file, a catalogue name or a spec (.yaml)",
                   .value = "MODEL",
                   .required = true},
                  {.flags = "--shape",
                   .target = &o->shapes,
                   .help = "Count the work for this shape where the model leaves sizes open",
                   .value = "NAME=1x3x…"},
                  {.flags = "-b,--backend",
                   .target = &o->backend,
                   .help = "Ask this back end instead of reading the file ourselves",
                   .value = "BACKEND"}},
      .run = [o](Context& context) { return run(*o, context); }};
}

}  // namespace weir::cli
