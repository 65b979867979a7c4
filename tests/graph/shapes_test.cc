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

// One node: its first input has the shape `input`, the others are constants.
struct Case {
  const char* what;
  std::string op;
  OnnxDims input;
  std::vector<std::vector<int64_t>> constants;  // integers, one-dimensional
  std::vector<OnnxAttribute> attributes;
  std::string shape;  // of the first output, -1 where it cannot be known
};

std::string text_of(const std::vector<int64_t>& dims) {
  std::string text;
  for (const int64_t dim : dims) text += (text.empty() ? "" : "x") + std::to_string(dim);
  return text;
}

std::string inferred(const Case& one) {
  OnnxGraph graph;
  graph.input("x", DType::kFloat32, one.input).output_without_shape("y", DType::kFloat32);
  OnnxNode node{.op = one.op, .inputs = {"x"}, .outputs = {"y"}, .attributes = one.attributes};
  for (std::size_t i = 0; i < one.constants.size(); ++i) {
    const std::string name = "c" + std::to_string(i);
    const auto size = static_cast<int64_t>(one.constants[i].size());
    graph.initializer<int64_t>(name, {size}, one.constants[i]);
    node.inputs.push_back(name);
  }
  graph.node(node);
  return text_of(inspect_bytes(OnnxModel{.graph = graph}.bytes())->outputs[0].resolved);
}

constexpr int64_t kEnd = INT64_MAX;

std::vector<Case> cases() {
  const auto ints = OnnxAttribute::integers;
  const auto one = OnnxAttribute::integer;
  const auto text = OnnxAttribute::text;
  const auto reals = OnnxAttribute::reals;
  return {
      {"same", "Relu", {2, 3}, {}, {}, "2x3"},
      {"broadcasting", "Add", {4, 1, 3}, {{1, 2, 3}}, {}, "4x1x3"},
      {"broadcasting that cannot be", "Add", {4, 2}, {{1, 2, 3}}, {}, ""},
      {"the rest", "Reshape", {2, 3, 4}, {{0, -1}}, {}, "2x12"},
      {"a zero that means zero", "Reshape", {0, 3}, {{3, 0}}, {one("allowzero", 1)}, "3x0"},
      {"flat", "Flatten", {2, 3, 4}, {}, {one("axis", 2)}, "6x4"},
      {"flat from the end", "Flatten", {2, 3, 4}, {}, {one("axis", -1)}, "6x4"},
      {"reversed", "Transpose", {2, 3, 4}, {}, {}, "4x3x2"},
      {"turned", "Transpose", {2, 3, 4}, {}, {ints("perm", {0, 2, 1})}, "2x4x3"},
      {"an order that is none", "Transpose", {2, 3, 4}, {}, {ints("perm", {0, 0, 1})}, ""},
      {"all ones", "Squeeze", {1, 3, 1}, {}, {}, "3"},
      {"by attribute", "Squeeze", {1, 3, 1}, {}, {ints("axes", {0})}, "3x1"},
      {"by input", "Squeeze", {1, 3, 1}, {{-1}}, {}, "1x3"},
      {"unsqueezed", "Unsqueeze", {3}, {{0, -1}}, {}, "1x3x1"},
      {"sliced", "Slice", {10, 10}, {{2, 0}, {kEnd, -3}, {0, 1}, {3, 1}}, {}, "3x7"},
      {"backwards", "Slice", {10}, {{-1}, {INT64_MIN}, {0}, {-1}}, {}, "10"},
      {"nothing", "Slice", {10}, {{7}, {3}}, {}, "0"},
      {"absurd step", "Slice", {10}, {{9}, {0}, {0}, {INT64_MIN}}, {}, "1"},
      {"old slice", "Slice", {10}, {}, {ints("starts", {1}), ints("ends", {4})}, "3"},
      {"padded", "Pad", {2, 3}, {{0, 1, 0, 2}}, {}, "2x6"},
      {"old pad", "Pad", {2, 3}, {}, {ints("pads", {1, 1, 1, 1})}, "4x5"},
      {"repeated", "Tile", {2, 3}, {{2, 1}}, {}, "4x3"},
      {"expanded", "Expand", {3, 1}, {{2, 1, 6}}, {}, "2x3x6"},
      {"gathered", "Gather", {5, 7}, {{0, 1, 2}}, {one("axis", 1)}, "5x3"},
      {"an axis that is not there", "Gather", {5, 7}, {{0}}, {one("axis", 9)}, ""},
      {"largest", "TopK", {3, 9}, {{4}}, {}, "3x4"},
      {"upsampled", "Upsample", {1, 2, 5, 5}, {}, {reals("scales", {1, 1, 2, 2})}, "1x2x10x10"},
      {"blocks in", "SpaceToDepth", {1, 3, 8, 8}, {}, {one("blocksize", 2)}, "1x12x4x4"},
      {"blocks out", "DepthToSpace", {1, 12, 4, 4}, {}, {one("blocksize", 2)}, "1x3x8x8"},
      {"kept", "ReduceMean", {2, 3, 4}, {}, {ints("axes", {1, 2})}, "2x1x1"},
      {"dropped", "ReduceSum", {2, 3, 4}, {{-1}}, {one("keepdims", 0)}, "2x3"},
      {"all", "ReduceMax", {2, 3}, {}, {}, "1x1"},
      {"largest one", "ArgMax", {2, 3}, {}, {one("axis", 1), one("keepdims", 0)}, "2"},
      {"global", "GlobalAveragePool", {1, 8, 5, 5}, {}, {}, "1x8x1x1"},
      {"pooled",
       "MaxPool",
       {1, 8, 7, 7},
       {},
       {ints("kernel_shape", {2, 2}), ints("strides", {2, 2})},
       "1x8x3x3"},
      {"pooled, rounded up",
       "MaxPool",
       {1, 8, 7, 7},
       {},
       {ints("kernel_shape", {2, 2}), ints("strides", {2, 2}), one("ceil_mode", 1)},
       "1x8x4x4"},
      {"pooled as TensorFlow pads",
       "AveragePool",
       {1, 8, 7, 7},
       {},
       {ints("kernel_shape", {3, 3}), ints("strides", {2, 2}), text("auto_pad", "SAME_UPPER")},
       "1x8x4x4"},
      {"a window larger than the picture",
       "MaxPool",
       {1, 8, 3, 3},
       {},
       {ints("kernel_shape", {5, 5})},
       "1x8x-1x-1"},
      {"an absurd stride",
       "MaxPool",
       {1, 8, 3, 3},
       {},
       {ints("kernel_shape", {2, 2}), ints("strides", {0, -4})},
       "1x8x-1x-1"},
      {"unknown operator", "Frobnicate", {1, 2}, {}, {}, ""},
  };
}

TEST(Shapes, OfEachOperator) {
  for (const Case& one : cases()) EXPECT_EQ(inferred(one), one.shape) << one.op << ", " << one.what;
}

// The chain that exporters write for x.view(x.shape[0], -1, 2 * 4).
TEST(Shapes, FollowArithmeticOnShapes) {
  OnnxGraph graph;
  graph.input("x", DType::kFloat32, {6, 4, 16}).output_without_shape("y", DType::kFloat32);
  graph.initializer<int64_t>("zero", {}, {0}).initializer<int64_t>("axis", {1}, {0});
  graph.initializer<int64_t>("rest", {1}, {-1}).initializer<int64_t>("two", {1}, {2});
  graph.initializer<int64_t>("four", {1}, {4});
  graph.node({.op = "Shape", .inputs = {"x"}, .outputs = {"s"}});
  graph.node({.op = "Gather", .inputs = {"s", "zero"}, .outputs = {"n"}});
  graph.node({.op = "Unsqueeze", .inputs = {"n", "axis"}, .outputs = {"n1"}});
  graph.node({.op = "Mul", .inputs = {"two", "four"}, .outputs = {"eight"}});
  graph.node({.op = "Concat",
              .inputs = {"n1", "rest", "eight"},
              .outputs = {"shape"},
              .attributes = {OnnxAttribute::integer("axis", 0)}});
  graph.node({.op = "Reshape", .inputs = {"x", "shape"}, .outputs = {"y"}});
  EXPECT_EQ(text_of(inspect_bytes(OnnxModel{.graph = graph}.bytes())->outputs[0].resolved),
            "6x8x8");
}

// How PyTorch writes padding: pairs, last axis first, turned round by Reshape,
// Slice, Transpose.
TEST(Shapes, FollowThePadsOfPyTorch) {
  OnnxGraph graph;
  graph.input("x", DType::kFloat32, {1, 3, 5, 6}).output_without_shape("y", DType::kFloat32);
  graph.initializer<int64_t>("given", {8}, {1, 2, 3, 4, 0, 0, 0, 0});
  graph.initializer<int64_t>("pairs", {2}, {-1, 2}).initializer<int64_t>("flat", {1}, {-1});
  graph.initializer<int64_t>("start", {1}, {-1}).initializer<int64_t>("axis", {1}, {0});
  graph.initializer<int64_t>("end", {1}, {INT64_MIN}).initializer<int64_t>("step", {1}, {-1});
  graph.node({.op = "Reshape", .inputs = {"given", "pairs"}, .outputs = {"a"}});
  graph.node({.op = "Slice", .inputs = {"a", "start", "end", "axis", "step"}, .outputs = {"b"}});
  graph.node({.op = "Transpose",
              .inputs = {"b"},
              .outputs = {"c"},
              .attributes = {OnnxAttribute::integers("perm", {1, 0})}});
  graph.node({.op = "Reshape", .inputs = {"c", "flat"}, .outputs = {"pads"}});
  graph.node({.op = "Pad", .inputs = {"x", "pads"}, .outputs = {"y"}});
  EXPECT_EQ(text_of(inspect_bytes(OnnxModel{.graph = graph}.bytes())->outputs[0].resolved),
            "1x3x12x9");
}

// The shape that y = Reshape(x of 24 elements, what `nodes` name "shape") has.
std::string reshaped_by(const std::vector<OnnxNode>& nodes) {
  OnnxGraph graph;
  graph.input("x", DType::kFloat32, {24}).output_without_shape("y", DType::kFloat32);
  for (const OnnxNode& node : nodes) graph.node(node);
  graph.node({.op = "Reshape", .inputs = {"x", "shape"}, .outputs = {"y"}});
  return text_of(inspect_bytes(OnnxModel{.graph = graph}.bytes())->outputs[0].resolved);
}

OnnxNode constant(std::string name, OnnxAttribute value) {
  return {.op = "Constant", .outputs = {std::move(name)}, .attributes = {std::move(value)}};
}

TEST(Shapes, FollowConstantsInEachWayToWriteOne) {
  EXPECT_EQ(reshaped_by({constant("shape", OnnxAttribute::integers("value_ints", {4, -1}))}),
            "4x6");
  EXPECT_EQ(reshaped_by({constant("n", OnnxAttribute::integer("value_int", 8)),
                         constant("axis", OnnxAttribute::integers("value_ints", {0})),
                         {.op = "Unsqueeze", .inputs = {"n", "axis"}, .outputs = {"one"}},
                         constant("rest", OnnxAttribute::integers("value_ints", {-1})),
                         {.op = "Concat",
                          .inputs = {"one", "rest"},
                          .outputs = {"shape"},
                          .attributes = {OnnxAttribute::integer("axis", 0)}}}),
            "8x3");
  EXPECT_EQ(reshaped_by({constant("real", OnnxAttribute::reals("value_floats", {2, 12})),
                         {.op = "Cast",
                          .inputs = {"real"},
                          .outputs = {"shape"},
                          .attributes = {OnnxAttribute::integer("to", 7)}}}),
            "2x12");
}

TEST(Shapes, FollowRangesAndTheirAbsurdities) {
  const auto range = [](int64_t start, int64_t limit, int64_t step) {
    return reshaped_by(
        {constant("start", OnnxAttribute::integer("value_int", start)),
         constant("limit", OnnxAttribute::integer("value_int", limit)),
         constant("step", OnnxAttribute::integer("value_int", step)),
         {.op = "Range", .inputs = {"start", "limit", "step"}, .outputs = {"shape"}}});
  };
  EXPECT_EQ(range(2, 5, 1), "2x3x4");
  EXPECT_EQ(range(4, 1, -1), "4x3x2");
  EXPECT_EQ(range(1, 5, 0), "") << "a step of nothing never ends";
  EXPECT_EQ(range(0, INT64_MAX, 1), "") << "as many dimensions as fit nowhere";
}

}  // namespace
}  // namespace weir::graph
