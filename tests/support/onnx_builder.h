// Builds small ONNX models for tests, byte by byte.
//
//   OnnxGraph graph;
//   graph.input("x", DType::kFloat32, {"N", 3}).output("y", DType::kFloat32, {"N", 3});
//   graph.initializer<float>("one", {1}, {1.0F});
//   graph.node({.op = "Add", .inputs = {"x", "one"}, .outputs = {"y"}});
//   write_file(path, OnnxModel{.graph = graph}.bytes());
//
// Nothing is checked: wrong models are wanted too. Test-only. Values, thread-compatible.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/support/proto_writer.h"
#include "weir/data/dtype.h"

namespace weir::test {

// A size, a symbol such as "N", or (-1) a dimension with neither.
struct OnnxDim {
  int64_t size = -1;
  std::string symbol;
  OnnxDim(int value) : size(value) {}                     // NOLINT: implicit, for lists of sizes
  OnnxDim(int64_t value) : size(value) {}                 // NOLINT
  OnnxDim(const char* name) : symbol(name) {}             // NOLINT
  OnnxDim(std::string name) : symbol(std::move(name)) {}  // NOLINT
};
using OnnxDims = std::vector<OnnxDim>;

// TensorProto.DataType; types that a DType does not have (string, int4, …) by their number.
struct OnnxType {
  int32_t id;
  OnnxType(DType dtype);  // NOLINT: implicit
  explicit OnnxType(int32_t number) : id(number) {}
};

class OnnxGraph;

// One attribute of a node.
class OnnxAttribute {
 public:
  static OnnxAttribute integer(std::string_view name, int64_t value);
  static OnnxAttribute real(std::string_view name, float value);
  static OnnxAttribute text(std::string_view name, std::string_view value);
  static OnnxAttribute integers(std::string_view name, const std::vector<int64_t>& values);
  static OnnxAttribute reals(std::string_view name, const std::vector<float>& values);
  static OnnxAttribute tensor(std::string_view name, OnnxType type,
                              const std::vector<int64_t>& dims, std::string_view raw);
  static OnnxAttribute graph(std::string_view name, const OnnxGraph& graph);
  const ProtoWriter& proto() const { return proto_; }

 private:
  ProtoWriter proto_;
};

struct OnnxNode {
  std::string op = {};
  std::vector<std::string> inputs = {};
  std::vector<std::string> outputs = {};
  std::vector<OnnxAttribute> attributes = {};
  std::string domain = {};
  std::string name = {};
  ProtoWriter proto() const;
};

class OnnxGraph {
 public:
  explicit OnnxGraph(std::string_view name = "test") { proto_.bytes(2, name); }

  OnnxGraph& input(std::string_view name, OnnxType type, const OnnxDims& dims);
  OnnxGraph& output(std::string_view name, OnnxType type, const OnnxDims& dims);
  // An input or output whose shape is not said at all, not even its rank.
  OnnxGraph& input_without_shape(std::string_view name, OnnxType type);
  OnnxGraph& output_without_shape(std::string_view name, OnnxType type);
  OnnxGraph& node(const OnnxNode& node);
  OnnxGraph& initializer_raw(std::string_view name, OnnxType type, const std::vector<int64_t>& dims,
                             std::string_view raw);
  // Weights that lie in a file beside the model.
  OnnxGraph& initializer_external(std::string_view name, OnnxType type,
                                  const std::vector<int64_t>& dims, std::string_view location,
                                  int64_t offset, int64_t length);
  template <class T>
  OnnxGraph& initializer(std::string_view name, const std::vector<int64_t>& dims,
                         const std::vector<T>& values) {
    return initializer_raw(
        name, kDTypeOf<T>, dims,
        {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)});
  }
  const ProtoWriter& proto() const { return proto_; }

 private:
  ProtoWriter proto_;
};

struct OnnxOpset {
  std::string domain;
  int64_t version;
};

// A function of the model's own (a "local" operator).
struct OnnxFunction {
  std::string domain = {};
  std::string name = {};
  std::vector<std::string> inputs = {};
  std::vector<std::string> outputs = {};
  std::vector<OnnxNode> nodes = {};
  std::vector<OnnxOpset> opsets = {{"", 17}};
};

struct OnnxModel {
  OnnxGraph graph;
  std::vector<OnnxOpset> opsets = {{"", 17}};
  int64_t ir_version = 8;
  std::string producer = "weir-test";
  std::string producer_version = "1";
  std::vector<std::pair<std::string, std::string>> metadata = {};
  std::vector<OnnxFunction> functions = {};
  std::string bytes() const;
};

// Ready models, as bytes of a file. Input "x", output "y".
std::string onnx_identity(OnnxType type, const OnnxDims& dims);
// y = x + 1, for any numeric type that the runtime can add.
std::string onnx_add_one(DType type, const OnnxDims& dims);
// y = x·w: x [rows, inner], y [rows, columns], w[i][j] = matmul_weight(i, j).
std::string onnx_matmul(const OnnxDim& rows, int64_t inner, int64_t columns);
float matmul_weight(int64_t i, int64_t j);
// Conv 3×3 (pad 1, 4 channels, all weights 0.1, no bias), Relu, GlobalAveragePool, Flatten:
// x [N, C, H, W] -> y [N, 4].
std::string onnx_conv_net(const OnnxDim& batch, int64_t channels, const OnnxDim& height,
                          const OnnxDim& width);

// False if it could not be written.
[[nodiscard]] bool write_file(const std::string& path, std::string_view bytes);

}  // namespace weir::test
