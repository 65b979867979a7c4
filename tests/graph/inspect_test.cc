#include "weir/graph/inspect.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <string>

#include "tests/support/onnx_builder.h"

namespace weir::graph {
namespace {

using test::OnnxAttribute;
using test::OnnxGraph;
using test::OnnxModel;
using test::OnnxType;
using testing::ElementsAre;
using testing::HasSubstr;

std::string operators_of(const GraphSummary& summary) {
  std::string text;
  for (const OperatorCount& row : summary.operators) {
    text += row.domain + ":" + row.op + "=" + std::to_string(row.count) + " ";
  }
  return text;
}

TEST(Inspect, ReadsWhatTheModelSaysOfItself) {
  OnnxGraph graph("street");
  graph.input("a:b/c.1", DType::kUInt8, {"N", 3, -1, 640});
  graph.output("y", DType::kFloat16, {});
  graph.input_without_shape("any", OnnxType(8));
  graph.node({.op = "Nothing", .inputs = {"a:b/c.1"}, .outputs = {"y"}, .domain = "my.own"});
  OnnxModel model{.graph = graph, .opsets = {{"", 17}, {"my.own", 3}}};
  model.metadata = {{"names", "{0: 'person'}"}, {"stride", "32"}};
  const GraphSummary summary = inspect_bytes(model.bytes()).value();
  EXPECT_EQ(summary.producer, "weir-test");
  EXPECT_EQ(summary.producer_version, "1");
  EXPECT_EQ(summary.ir_version, 8);
  EXPECT_EQ(summary.graph_name, "street");
  ASSERT_EQ(summary.opsets.size(), 2U);
  EXPECT_EQ(summary.opsets[0].domain, "ai.onnx");
  EXPECT_EQ(summary.opsets[1].version, 3);
  ASSERT_EQ(summary.inputs.size(), 2U);
  EXPECT_EQ(summary.inputs[0].name, "a:b/c.1");
  EXPECT_EQ(summary.inputs[0].type, ElementType::kUInt8);
  EXPECT_THAT(summary.inputs[0].dims,
              ElementsAre(GraphDim{-1, "N"}, GraphDim{3, ""}, GraphDim{-1, ""}, GraphDim{640, ""}));
  EXPECT_EQ(summary.inputs[1].type, ElementType::kString);
  EXPECT_FALSE(summary.inputs[1].has_shape);
  EXPECT_TRUE(summary.outputs[0].has_shape);
  EXPECT_EQ(summary.metadata[0].second, "{0: 'person'}");
  EXPECT_EQ(operators_of(summary), "my.own:Nothing=1 ");
  // Nobody knows what an operator of the author's own does.
  EXPECT_EQ(summary.macs.unknown_nodes, 1);
}

TEST(Inspect, LeavesWeightsThatAreListedAsInputsOut) {
  OnnxGraph graph;
  graph.input("x", DType::kFloat32, {1}).input("w", DType::kFloat32, {1});
  graph.output("y", DType::kFloat32, {1}).initializer<float>("w", {1}, {2.0F});
  graph.node({.op = "Mul", .inputs = {"x", "w"}, .outputs = {"y"}});
  const GraphSummary summary = inspect_bytes(OnnxModel{.graph = graph}.bytes()).value();
  ASSERT_EQ(summary.inputs.size(), 1U);
  EXPECT_EQ(summary.inputs[0].name, "x");
}

TEST(Inspect, CountsParametersByTypeWhereverTheyLie) {
  OnnxGraph graph;
  graph.input("x", DType::kFloat32, {4}).output("y", DType::kFloat32, {4});
  graph.initializer<float>("a", {2, 3}, std::vector<float>(6));
  graph.initializer_raw("half", DType::kFloat16, {100}, std::string(200, '\0'));
  graph.initializer_raw("nibbles", OnnxType(22), {5}, std::string(3, '\0'));
  graph.node(
      {.op = "Constant",
       .outputs = {"c"},
       .attributes = {OnnxAttribute::tensor("value", DType::kInt64, {2}, std::string(16, '\0'))}});
  const GraphSummary summary = inspect_bytes(OnnxModel{.graph = graph}.bytes()).value();
  EXPECT_EQ(summary.initialisers, 3);
  EXPECT_EQ(summary.parameters, 6 + 100 + 5 + 2);
  EXPECT_EQ(summary.parameter_bytes, 24 + 200 + 3 + 16);
  ASSERT_EQ(summary.parameters_by_type.size(), 4U);
  EXPECT_EQ(summary.parameters_by_type[0].type, ElementType::kFloat16);
  EXPECT_EQ(summary.parameters_by_type[0].bytes, 200);
  EXPECT_EQ(summary.precision, ElementType::kFloat16);
  EXPECT_TRUE(summary.notes.empty());
}

TEST(Inspect, CountsTheOperatorsOfBranchesAndFunctions) {
  OnnxGraph yes("yes");
  yes.output("a", DType::kFloat32, {3});
  yes.node({.op = "Relu", .inputs = {"x"}, .outputs = {"a"}});
  OnnxGraph no("no");
  no.output("b", DType::kFloat32, {3});
  no.node({.op = "Relu", .inputs = {"x"}, .outputs = {"b1"}});
  no.node({.op = "Neg", .inputs = {"b1"}, .outputs = {"b"}});
  OnnxGraph graph;
  graph.input("c", DType::kBool, {}).input("x", DType::kFloat32, {3});
  graph.output("y", DType::kFloat32, {3});
  graph.node({.op = "If",
              .inputs = {"c"},
              .outputs = {"y"},
              .attributes = {OnnxAttribute::graph("then_branch", yes),
                             OnnxAttribute::graph("else_branch", no)}});
  OnnxModel model{.graph = graph};
  model.functions = {{.domain = "mine",
                      .name = "Twice",
                      .inputs = {"p"},
                      .outputs = {"q"},
                      .nodes = {{.op = "Add", .inputs = {"p", "p"}, .outputs = {"q"}}}}};
  const GraphSummary summary = inspect_bytes(model.bytes()).value();
  EXPECT_EQ(summary.subgraphs, 2);
  EXPECT_EQ(summary.nodes, 5);
  EXPECT_EQ(operators_of(summary), "ai.onnx:Relu=2 ai.onnx:Add=1 ai.onnx:If=1 ai.onnx:Neg=1 ");
  EXPECT_THAT(summary.functions, ElementsAre("mine:Twice"));
  EXPECT_THAT(summary.outputs[0].resolved, ElementsAre(3));
}

TEST(Inspect, ListsTheFilesOfExternalWeightsAndWhetherTheyAreThere) {
  const std::string folder = testing::TempDir();
  OnnxGraph graph;
  graph.output("y", DType::kFloat32, {8});
  graph.initializer_external("a", DType::kFloat32, {8}, "here.weir-test.bin", 0, 32);
  graph.initializer_external("b", DType::kFloat32, {4}, "here.weir-test.bin", 32, 16);
  graph.initializer_external("c", DType::kFloat32, {2}, "gone.weir-test.bin", 0, 8);
  ASSERT_TRUE(test::write_file(folder + "external.onnx", OnnxModel{.graph = graph}.bytes()));
  ASSERT_TRUE(test::write_file(folder + "here.weir-test.bin", std::string(48, '\0')));
  const GraphSummary summary = inspect_file(folder + "external.onnx").value();
  ASSERT_EQ(summary.external_files.size(), 2U);
  EXPECT_EQ(summary.external_files[0].location, "gone.weir-test.bin");
  EXPECT_FALSE(summary.external_files[0].found);
  EXPECT_TRUE(summary.external_files[1].found);
  EXPECT_EQ(summary.external_files[1].tensors, 2);
  EXPECT_EQ(summary.external_files[1].bytes, 48);
  EXPECT_EQ(summary.parameters, 14);
}

struct QuantisedCase {
  std::vector<std::string> ops;
  std::string_view kind;
  int64_t nodes;
};

TEST(Inspect, TellsTheKindsOfQuantisationApart) {
  const QuantisedCase cases[] = {
      {{"Conv", "Relu"}, "none", 0},
      {{"QuantizeLinear", "DequantizeLinear", "Conv", "DequantizeLinear"}, "qdq", 3},
      {{"DequantizeLinear", "MatMul"}, "weight-only", 1},
      {{"QuantizeLinear", "QLinearConv", "QLinearAdd", "DequantizeLinear"}, "operator", 4},
      {{"DynamicQuantizeLinear", "ConvInteger", "Cast"}, "dynamic", 2},
  };
  for (const QuantisedCase& one : cases) {
    OnnxGraph graph;
    for (const std::string& op : one.ops) graph.node({.op = op, .outputs = {"y"}});
    const GraphSummary summary = inspect_bytes(OnnxModel{.graph = graph}.bytes()).value();
    EXPECT_EQ(summary.quantisation.kind(), one.kind);
    EXPECT_EQ(summary.quantisation.nodes(), one.nodes) << one.kind;
  }
}

TEST(Inspect, NotesATensorThatDoesNotHoldWhatItSays) {
  OnnxGraph graph;
  graph.initializer_raw("short", DType::kFloat32, {10}, std::string(12, '\0'));
  const GraphSummary summary = inspect_bytes(OnnxModel{.graph = graph}.bytes()).value();
  EXPECT_THAT(summary.notes, ElementsAre("tensor 'short' should hold 40 bytes and holds 12"));
}

TEST(Inspect, SaysWhichFileItCouldNotOpen) {
  const Error missing = inspect_file("/nowhere/model.onnx").error();
  EXPECT_EQ(missing.code, ErrorCode::kNotFound);
  EXPECT_EQ(missing.where, "/nowhere/model.onnx");
  EXPECT_THAT(inspect_file(testing::TempDir()).error().to_string(), HasSubstr("not a file"));
}

TEST(Inspect, RefusesShapesThatDoNotFitTheInputs) {
  const std::string model = test::onnx_matmul("N", 8, 4);
  const auto shaped = [&](const char* name, std::vector<int64_t> dims) {
    InspectOptions options;
    options.input_shapes[name] = std::move(dims);
    return inspect_bytes(model, options);
  };
  EXPECT_EQ(shaped("x", {5, 8})->macs.total, 5 * 8 * 4);
  EXPECT_THAT(shaped("z", {5, 8}).error().to_string(), HasSubstr("its inputs are: 'x'"));
  EXPECT_FALSE(shaped("x", {5, 9}));
  EXPECT_FALSE(shaped("x", {5}));
  EXPECT_FALSE(shaped("x", {-5, 8}));
}

}  // namespace
}  // namespace weir::graph
