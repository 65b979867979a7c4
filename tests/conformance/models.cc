#include "tests/conformance/conformance.h"
#include "tests/support/onnx_builder.h"

namespace weir::conformance {
namespace {

using test::OnnxDims;
using test::OnnxGraph;
using test::OnnxModel;

constexpr std::string_view kHeader = "weir-fake 1\n";

OnnxDims onnx_dims(const std::vector<int64_t>& dims) {
  OnnxDims result;
  for (std::size_t i = 0; i < dims.size(); ++i) {
    if (dims[i] < 0) {
      result.emplace_back("dim" + std::to_string(i));
    } else {
      result.emplace_back(dims[i]);
    }
  }
  return result;
}

std::string fake_shape(const std::vector<int64_t>& dims) {
  Shape shape;
  for (const int64_t size : dims) shape.push_back(size);
  return to_string(shape);
}

std::string fake_input(std::string_view name, DType dtype, const std::vector<int64_t>& dims) {
  return "input " + std::string(name) + " " + std::string(weir::name(dtype)) + " " +
         fake_shape(dims) + "\n";
}

// Names of the fake model have no spaces.
std::string fake_name(std::string_view name) {
  std::string text(name);
  for (char& c : text) {
    if (c == ' ') c = '_';
  }
  return text;
}

}  // namespace

Model identity(DType dtype, const std::vector<int64_t>& dims) {
  return {test::onnx_identity(dtype, onnx_dims(dims)),
          std::string(kHeader) + fake_input("x", dtype, dims) + "output y = identity x\n"};
}

Model add_one(DType dtype, const std::vector<int64_t>& dims) {
  return {test::onnx_add_one(dtype, onnx_dims(dims)),
          std::string(kHeader) + fake_input("x", dtype, dims) + "output y = scale x 1 1\n"};
}

Model two_in_two_out(const std::vector<int64_t>& dims) {
  const std::string in(kOddInput), out(kOddOutput);
  OnnxGraph graph;
  graph.input(in, DType::kFloat32, onnx_dims(dims)).input("b", DType::kFloat32, onnx_dims(dims));
  graph.node({.op = "Add", .inputs = {in, "b"}, .outputs = {out}});
  graph.node({.op = "Identity", .inputs = {in}, .outputs = {"copy"}});
  graph.output(out, DType::kFloat32, onnx_dims(dims));
  graph.output("copy", DType::kFloat32, onnx_dims(dims));
  const std::string a = fake_name(in);
  return {OnnxModel{.graph = graph}.bytes(),
          std::string(kHeader) + fake_input(a, DType::kFloat32, dims) +
              fake_input("b", DType::kFloat32, dims) + "output " + fake_name(out) + " = add " + a +
              " b\noutput copy = identity " + a + "\n"};
}

Model false_batch() {
  const std::vector<int64_t> dims = {-1, 4};
  OnnxGraph graph;
  graph.input("x", DType::kFloat32, onnx_dims(dims));
  graph.initializer<int64_t>("shape", {2}, {1, 4});
  graph.node({.op = "Reshape", .inputs = {"x", "shape"}, .outputs = {"y"}});
  graph.output("y", DType::kFloat32, onnx_dims(dims));
  return {OnnxModel{.graph = graph}.bytes(), std::string(kHeader) +
                                                 fake_input("x", DType::kFloat32, dims) +
                                                 "output y = identity x\nmax_batch 1\n"};
}

Model nonzero() {
  OnnxGraph graph;
  graph.input("x", DType::kFloat32, {"n"});
  graph.node({.op = "NonZero", .inputs = {"x"}, .outputs = {"z"}});
  graph.node({.op = "Transpose", .inputs = {"z"}, .outputs = {"y"}});
  graph.output("y", DType::kInt64, {"found", 1});
  return {OnnxModel{.graph = graph}.bytes(),
          std::string(kHeader) + fake_input("x", DType::kFloat32, {-1}) + "output y = nonzero x\n"};
}

}  // namespace weir::conformance
