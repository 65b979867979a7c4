#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "tests/support/onnx_builder.h"
#include "weir/graph/inspect.h"

namespace weir::graph {
namespace {

using test::OnnxAttribute;
using test::OnnxDims;
using test::OnnxGraph;
using test::OnnxModel;
using test::OnnxNode;
using testing::ElementsAre;

// One node with weights of the given shapes as its further inputs.
MacCount macs_of_node(const std::string& op, const OnnxDims& input,
                      const std::vector<std::vector<int64_t>>& weights,
                      std::vector<OnnxAttribute> attributes = {}) {
  OnnxGraph graph;
  graph.input("x", DType::kFloat32, input).output_without_shape("y", DType::kFloat32);
  OnnxNode node{.op = op, .inputs = {"x"}, .outputs = {"y"}, .attributes = std::move(attributes)};
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const std::string name = "w" + std::to_string(i);
    graph.initializer_external(name, DType::kFloat32, weights[i], "weights.bin", 0, 0);
    node.inputs.push_back(name);
  }
  graph.node(node);
  return inspect_bytes(OnnxModel{.graph = graph}.bytes())->macs;
}

TEST(Macs, OfEveryOperatorThatMultiplies) {
  const auto ints = OnnxAttribute::integers;
  const auto one = OnnxAttribute::integer;
  // Output 1×8×16×16, 3 channels, 3×3.
  EXPECT_EQ(macs_of_node("Conv", {1, 3, 32, 32}, {{8, 3, 3, 3}},
                         {ints("pads", {1, 1, 1, 1}), ints("strides", {2, 2})})
                .total,
            8 * 16 * 16 * 3 * 9);
  // Depthwise: one channel a group.
  EXPECT_EQ(macs_of_node("Conv", {1, 8, 10, 10}, {{8, 1, 3, 3}}, {one("group", 8)}).total,
            8 * 8 * 8 * 9);
  EXPECT_EQ(macs_of_node("Conv", {2, 4, 50}, {{6, 4, 5}}).total, 2 * 6 * 46 * 4 * 5);
  EXPECT_EQ(
      macs_of_node("ConvTranspose", {1, 4, 5, 5}, {{4, 6, 2, 2}}, {ints("strides", {2, 2})}).total,
      4 * 5 * 5 * 6 * 4);
  EXPECT_EQ(macs_of_node("MatMul", {2, 7, 5}, {{5, 3}}).total, 2 * 7 * 5 * 3);
  EXPECT_EQ(macs_of_node("Gemm", {7, 5}, {{3, 5}}, {one("transB", 1)}).total, 7 * 5 * 3);
  EXPECT_EQ(macs_of_node("Gemm", {5, 7}, {{5, 3}}, {one("transA", 1)}).total, 7 * 5 * 3);
  // 9 steps of 2 rows: 4·16 gates from 10 inputs and 16 hidden.
  EXPECT_EQ(macs_of_node("LSTM", {9, 2, 10}, {{1, 64, 10}, {1, 64, 16}}).total,
            9 * 2 * (64 * 10 + 64 * 16));
  EXPECT_EQ(macs_of_node("Relu", {1, 8}, {}).total, 0);
}

TEST(Macs, AreUnknownWhereAShapeOrAnOperatorIs) {
  EXPECT_EQ(macs_of_node("MatMul", {}, {{5, 3}}).unknown_nodes, 1);
  EXPECT_EQ(macs_of_node("Einsum", {2, 2}, {{2, 2}}).unknown_nodes, 1);
  EXPECT_EQ(macs_of_node("MatMul", {int64_t{1} << 40, int64_t{1} << 20}, {{1 << 20, 1 << 20}})
                .unknown_nodes,
            1);
  EXPECT_EQ(macs_of_node("Relu", {2, 2}, {}).unknown_nodes, 0);
}

TEST(Macs, SayWhichSizesWereAssumed) {
  const std::string model = test::onnx_conv_net("N", 3, "H", "W");
  const MacCount one = inspect_bytes(model)->macs;
  EXPECT_EQ(one.total, 4 * 27);
  ASSERT_EQ(one.assumed.size(), 3U);
  EXPECT_EQ(one.assumed[1].symbol, "H");
  EXPECT_EQ(one.assumed[1].axis, 2);
  EXPECT_EQ(one.assumed[1].size, 1);
  InspectOptions options;
  options.input_shapes["x"] = {2, 3, 10, 20};
  EXPECT_EQ(inspect_bytes(model, options)->macs.total, 2 * 4 * 27 * 200);
  options = {};
  options.dynamic_size = 8;
  EXPECT_EQ(inspect_bytes(model, options)->macs.total, 8 * 4 * 27 * 64);
}

TEST(Macs, GiveANamedSizeToAllInputsThatShareIt) {
  OnnxGraph graph;
  graph.input("a", DType::kFloat32, {"N", 4}).input("b", DType::kFloat32, {4, "N"});
  graph.output("y", DType::kFloat32, {4, 4});
  graph.node({.op = "MatMul", .inputs = {"b", "a"}, .outputs = {"y"}});
  InspectOptions options;
  options.input_shapes["a"] = {100, 4};
  EXPECT_EQ(inspect_bytes(OnnxModel{.graph = graph}.bytes(), options)->macs.total, 1600);
}

// If on a shape: the condition is known, so only the branch that runs is
// counted.
TEST(Macs, CountTheBranchThatRunsOrTheDearerOne) {
  const auto branch = [](const char* name, int64_t columns) {
    OnnxGraph graph(name);
    graph.output(name, DType::kFloat32, {1, columns});
    graph.initializer_external(std::string(name) + "w", DType::kFloat32, {8, columns}, "w.bin", 0,
                               0);
    graph.node({.op = "MatMul", .inputs = {"x", std::string(name) + "w"}, .outputs = {name}});
    return graph;
  };
  const auto model = [&](bool decided, int64_t limit) {
    OnnxGraph graph;
    graph.input("x", DType::kFloat32, {1, 8}).input("flag", DType::kBool, {});
    graph.output("y", DType::kFloat32, {1, -1});
    graph.initializer<int64_t>("limit", {}, {limit});
    graph.node({.op = "Size", .inputs = {"x"}, .outputs = {"size"}});
    graph.node({.op = "Greater", .inputs = {"size", "limit"}, .outputs = {"large"}});
    graph.node({.op = "If",
                .inputs = {decided ? "large" : "flag"},
                .outputs = {"y"},
                .attributes = {OnnxAttribute::graph("then_branch", branch("t", 2)),
                               OnnxAttribute::graph("else_branch", branch("e", 5))}});
    return inspect_bytes(OnnxModel{.graph = graph}.bytes()).value();
  };
  EXPECT_EQ(model(true, 7).macs.total, 16);
  EXPECT_EQ(model(true, 8).macs.total, 40);
  EXPECT_EQ(model(false, 7).macs.total, 40);
  EXPECT_THAT(model(false, 7).outputs[0].resolved, ElementsAre(1, -1));
}

}  // namespace
}  // namespace weir::graph
