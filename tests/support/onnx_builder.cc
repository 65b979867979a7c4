#include "tests/support/onnx_builder.h"

#include <array>
#include <cstddef>
#include <fstream>

namespace weir::test {
namespace {

// TensorProto.DataType, in the order of DType.
constexpr std::array<int32_t, kDTypeCount> kTypeIds = {1, 10, 16, 11, 3, 5, 6, 7, 2, 4, 12, 13, 9};

enum AttributeType : int64_t {
  kFloat = 1,
  kInt = 2,
  kString = 3,
  kTensor = 4,
  kGraph = 5,
  kFloats = 6,
  kInts = 7,
};

ProtoWriter shape_proto(const OnnxDims& dims) {
  ProtoWriter shape;
  for (const OnnxDim& dim : dims) {
    ProtoWriter one;
    if (!dim.symbol.empty()) {
      one.bytes(2, dim.symbol);
    } else if (dim.size >= 0) {
      one.varint(1, dim.size);
    }
    shape.message(1, one);
  }
  return shape;
}

ProtoWriter value_info(std::string_view name, OnnxType type, const OnnxDims* dims) {
  ProtoWriter tensor;
  tensor.varint(1, type.id);
  if (dims != nullptr) tensor.message(2, shape_proto(*dims));
  return ProtoWriter().bytes(1, name).message(2, ProtoWriter().message(1, tensor));
}

ProtoWriter tensor_header(std::string_view name, OnnxType type, const std::vector<int64_t>& dims) {
  ProtoWriter tensor;
  if (!dims.empty()) tensor.packed(1, dims);
  tensor.varint(2, type.id);
  if (!name.empty()) tensor.bytes(8, name);
  return tensor;
}

ProtoWriter opset_proto(const OnnxOpset& opset) {
  return ProtoWriter().bytes(1, opset.domain).varint(2, opset.version);
}

ProtoWriter pair_proto(std::string_view key, std::string_view value) {
  return ProtoWriter().bytes(1, key).bytes(2, value);
}

ProtoWriter attribute(std::string_view name, AttributeType type) {
  return ProtoWriter().bytes(1, name).varint(20, type);
}

// The bytes of the number one.
std::string one_of(DType type) {
  const std::size_t size = size_of(type);
  std::string raw(size, '\0');
  switch (type) {
    case DType::kFloat32:
      raw = {'\0', '\0', '\x80', '\x3f'};
      break;
    case DType::kFloat16:
      raw = {'\0', '\x3c'};
      break;
    case DType::kBFloat16:
      raw = {'\x80', '\x3f'};
      break;
    case DType::kFloat64:
      raw[6] = '\xf0', raw[7] = '\x3f';
      break;
    default:
      raw[0] = 1;
  }
  return raw;
}

ProtoWriter function_proto(const OnnxFunction& function) {
  ProtoWriter proto;
  proto.bytes(1, function.name);
  for (const std::string& input : function.inputs) proto.bytes(4, input);
  for (const std::string& output : function.outputs) proto.bytes(5, output);
  for (const OnnxNode& node : function.nodes) proto.message(7, node.proto());
  for (const OnnxOpset& opset : function.opsets) proto.message(9, opset_proto(opset));
  return proto.bytes(10, function.domain);
}

}  // namespace

OnnxType::OnnxType(DType dtype) : id(kTypeIds[static_cast<std::size_t>(dtype)]) {}

OnnxAttribute OnnxAttribute::integer(std::string_view name, int64_t value) {
  OnnxAttribute made;
  made.proto_ = attribute(name, kInt).varint(3, value);
  return made;
}

OnnxAttribute OnnxAttribute::real(std::string_view name, float value) {
  OnnxAttribute made;
  made.proto_ = attribute(name, kFloat).float32(2, value);
  return made;
}

OnnxAttribute OnnxAttribute::text(std::string_view name, std::string_view value) {
  OnnxAttribute made;
  made.proto_ = attribute(name, kString).bytes(4, value);
  return made;
}

OnnxAttribute OnnxAttribute::integers(std::string_view name, const std::vector<int64_t>& values) {
  OnnxAttribute made;
  made.proto_ = attribute(name, kInts).packed(8, values);
  return made;
}

OnnxAttribute OnnxAttribute::reals(std::string_view name, const std::vector<float>& values) {
  OnnxAttribute made;
  made.proto_ = attribute(name, kFloats);
  for (const float value : values) made.proto_.float32(7, value);
  return made;
}

OnnxAttribute OnnxAttribute::tensor(std::string_view name, OnnxType type,
                                    const std::vector<int64_t>& dims, std::string_view raw) {
  OnnxAttribute made;
  made.proto_ = attribute(name, kTensor).message(5, tensor_header("", type, dims).bytes(9, raw));
  return made;
}

OnnxAttribute OnnxAttribute::graph(std::string_view name, const OnnxGraph& graph) {
  OnnxAttribute made;
  made.proto_ = attribute(name, kGraph).message(6, graph.proto());
  return made;
}

ProtoWriter OnnxNode::proto() const {
  ProtoWriter proto;
  for (const std::string& input : inputs) proto.bytes(1, input);
  for (const std::string& output : outputs) proto.bytes(2, output);
  if (!name.empty()) proto.bytes(3, name);
  proto.bytes(4, op);
  for (const OnnxAttribute& attribute : attributes) proto.message(5, attribute.proto());
  if (!domain.empty()) proto.bytes(7, domain);
  return proto;
}

OnnxGraph& OnnxGraph::input(std::string_view name, OnnxType type, const OnnxDims& dims) {
  proto_.message(11, value_info(name, type, &dims));
  return *this;
}

OnnxGraph& OnnxGraph::output(std::string_view name, OnnxType type, const OnnxDims& dims) {
  proto_.message(12, value_info(name, type, &dims));
  return *this;
}

OnnxGraph& OnnxGraph::input_without_shape(std::string_view name, OnnxType type) {
  proto_.message(11, value_info(name, type, nullptr));
  return *this;
}

OnnxGraph& OnnxGraph::output_without_shape(std::string_view name, OnnxType type) {
  proto_.message(12, value_info(name, type, nullptr));
  return *this;
}

OnnxGraph& OnnxGraph::node(const OnnxNode& node) {
  proto_.message(1, node.proto());
  return *this;
}

OnnxGraph& OnnxGraph::initializer_raw(std::string_view name, OnnxType type,
                                      const std::vector<int64_t>& dims, std::string_view raw) {
  proto_.message(5, tensor_header(name, type, dims).bytes(9, raw));
  return *this;
}

OnnxGraph& OnnxGraph::initializer_external(std::string_view name, OnnxType type,
                                           const std::vector<int64_t>& dims,
                                           std::string_view location, int64_t offset,
                                           int64_t length) {
  proto_.message(5, tensor_header(name, type, dims)
                        .message(13, pair_proto("location", location))
                        .message(13, pair_proto("offset", std::to_string(offset)))
                        .message(13, pair_proto("length", std::to_string(length)))
                        .varint(14, 1));
  return *this;
}

std::string OnnxModel::bytes() const {
  ProtoWriter proto;
  proto.varint(1, ir_version).bytes(2, producer).bytes(3, producer_version);
  proto.message(7, graph.proto());
  for (const OnnxOpset& opset : opsets) proto.message(8, opset_proto(opset));
  for (const auto& [key, value] : metadata) proto.message(14, pair_proto(key, value));
  for (const OnnxFunction& function : functions) proto.message(25, function_proto(function));
  return proto.str();
}

std::string onnx_identity(OnnxType type, const OnnxDims& dims) {
  OnnxGraph graph;
  graph.input("x", type, dims).output("y", type, dims);
  graph.node({.op = "Identity", .inputs = {"x"}, .outputs = {"y"}});
  return OnnxModel{.graph = graph}.bytes();
}

std::string onnx_add_one(DType type, const OnnxDims& dims) {
  OnnxGraph graph;
  graph.input("x", type, dims).output("y", type, dims);
  graph.initializer_raw("one", type, {}, one_of(type));
  graph.node({.op = "Add", .inputs = {"x", "one"}, .outputs = {"y"}});
  return OnnxModel{.graph = graph}.bytes();
}

float matmul_weight(int64_t i, int64_t j) {
  return static_cast<float>((i * 7 + j * 3) % 11 - 5) / 4.0F;
}

std::string onnx_matmul(const OnnxDim& rows, int64_t inner, int64_t columns) {
  std::vector<float> weights;
  for (int64_t i = 0; i < inner; ++i) {
    for (int64_t j = 0; j < columns; ++j) weights.push_back(matmul_weight(i, j));
  }
  OnnxGraph graph;
  graph.input("x", DType::kFloat32, {rows, inner}).output("y", DType::kFloat32, {rows, columns});
  graph.initializer<float>("w", {inner, columns}, weights);
  graph.node({.op = "MatMul", .inputs = {"x", "w"}, .outputs = {"y"}});
  return OnnxModel{.graph = graph}.bytes();
}

std::string onnx_conv_net(const OnnxDim& batch, int64_t channels, const OnnxDim& height,
                          const OnnxDim& width) {
  OnnxGraph graph;
  graph.input("x", DType::kFloat32, {batch, channels, height, width});
  graph.output("y", DType::kFloat32, {batch, 4});
  const auto count = static_cast<std::size_t>(4 * channels * 9);
  graph.initializer<float>("w", {4, channels, 3, 3}, std::vector<float>(count, 0.1F));
  graph.node({.op = "Conv",
              .inputs = {"x", "w"},
              .outputs = {"c"},
              .attributes = {OnnxAttribute::integers("pads", {1, 1, 1, 1}),
                             OnnxAttribute::integers("kernel_shape", {3, 3})}});
  graph.node({.op = "Relu", .inputs = {"c"}, .outputs = {"r"}});
  graph.node({.op = "GlobalAveragePool", .inputs = {"r"}, .outputs = {"g"}});
  graph.node({.op = "Flatten", .inputs = {"g"}, .outputs = {"y"}});
  return OnnxModel{.graph = graph}.bytes();
}

bool write_file(const std::string& path, std::string_view bytes) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  return static_cast<bool>(file.flush());
}

}  // namespace weir::test
