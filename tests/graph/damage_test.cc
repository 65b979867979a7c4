// Damaged and hostile files: an error or a summary, soon, and never more memory
// than the bounds.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <fstream>
#include <string>

#include "tests/support/onnx_builder.h"
#include "tests/support/proto_writer.h"
#include "weir/graph/inspect.h"

namespace weir::graph {
namespace {

using test::OnnxAttribute;
using test::OnnxGraph;
using test::OnnxModel;
using test::ProtoWriter;
using testing::HasSubstr;

std::string sample() {
  OnnxGraph branch("branch");
  branch.output("b", DType::kFloat32, {3});
  branch.node({.op = "Neg", .inputs = {"x"}, .outputs = {"b"}});
  OnnxGraph graph;
  graph.input("x", DType::kFloat32, {"N", 3}).output("y", DType::kFloat32, {"N", 3});
  graph.initializer<int64_t>("s", {2}, {-1, 3}).initializer<float>("w", {3}, {1, 2, 3});
  graph.node({.op = "Reshape", .inputs = {"x", "s"}, .outputs = {"r"}});
  graph.node({.op = "If",
              .inputs = {"r"},
              .outputs = {"i"},
              .attributes = {OnnxAttribute::graph("then_branch", branch)}});
  graph.node(
      {.op = "Conv",
       .inputs = {"i", "w"},
       .outputs = {"y"},
       .attributes = {OnnxAttribute::integers("pads", {1, 1, 1, 1}),
                      OnnxAttribute::reals("scales", {1, 2}), OnnxAttribute::real("alpha", 0.5F)}});
  OnnxModel model{.graph = graph};
  model.metadata = {{"key", "value"}};
  return model.bytes();
}

TEST(DamagedModel, CutAnywhereIsAnErrorOrASmallerModel) {
  const std::string whole = sample();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const Result<GraphSummary> summary = inspect_bytes(whole.substr(0, size));
    EXPECT_TRUE(summary || summary.error().code != ErrorCode::kInternal);
  }
  EXPECT_TRUE(inspect_bytes(whole));
  // In the middle of the graph.
  const Error cut = inspect_bytes(whole.substr(0, whole.size() / 2)).error();
  EXPECT_EQ(cut.code, ErrorCode::kCorrupt);
  EXPECT_THAT(cut.to_string(), HasSubstr("bytes where"));
  EXPECT_THAT(cut.to_string(), HasSubstr("cut short"));
}

TEST(DamagedModel, WithAnyBitTurnedIsAnErrorOrAModel) {
  const std::string whole = sample();
  for (std::size_t at = 0; at < whole.size() * 8; ++at) {
    std::string damaged = whole;
    damaged[at / 8] = static_cast<char>(damaged[at / 8] ^ (1 << (at % 8)));
    const Result<GraphSummary> summary = inspect_bytes(damaged);
    EXPECT_TRUE(summary || summary.error().code != ErrorCode::kInternal);
  }
}

struct Case {
  std::string bytes;
  std::string_view words;
};

TEST(DamagedModel, IsExplained) {
  const auto graph = [](const ProtoWriter& field) {
    return ProtoWriter().varint(1, 8).message(7, field).str();
  };
  const auto tensor = [&](const ProtoWriter& field) {
    return graph(ProtoWriter().message(5, field));
  };
  ProtoWriter nested;
  for (int i = 0; i < 40; ++i) {
    const ProtoWriter attribute = ProtoWriter().bytes(1, "g").message(6, nested);
    nested = ProtoWriter().message(1, ProtoWriter().message(5, attribute));
  }
  const Case cases[] = {
      {ProtoWriter().varint(1, 8).bytes(2, "someone").str(), "there is no graph in it"},
      {ProtoWriter().varint(1, 8).varint(7, 5).str(), "field 7 (graph) has wire type 0"},
      {ProtoWriter().bytes(1, "node").str(), "ir_version"},
      {std::string("\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"), "more than ten bytes"},
      {std::string("\x08\x08\x00\x01", 4), "no field of protobuf"},
      {std::string("\x08\x08\x0b"), "does not use"},
      {ProtoWriter().varint(1, 8).append("\x3a\xff\xff\xff\xff\x0f").str(),
       "says 4294967295 bytes"},
      {tensor(ProtoWriter().packed(1, {1 << 30, 1 << 30, 1 << 30})), "absurd shape"},
      {tensor(ProtoWriter().packed(1, {-5})), "size of -5"},
      {tensor(ProtoWriter().packed(1, std::vector<int64_t>(100, 1))), "too many dimensions"},
      {graph(ProtoWriter().bytes(2, std::string(100'000, 'n'))), "longer than"},
      {graph(nested), "nested more than 32 deep"},
  };
  for (const Case& one : cases) {
    const Result<GraphSummary> summary = inspect_bytes(one.bytes);
    ASSERT_FALSE(summary) << one.words;
    EXPECT_THAT(summary.error().to_string(), HasSubstr(std::string(one.words)));
  }
}

TEST(DamagedModel, WithMillionsOfEmptyNodesReachesABound) {
  ProtoWriter graph;
  for (int i = 0; i < 2'100'000; ++i) graph.bytes(1, "");
  const Result<GraphSummary> summary =
      inspect_bytes(ProtoWriter().varint(1, 8).message(7, graph).str());
  ASSERT_FALSE(summary);
  EXPECT_EQ(summary.error().code, ErrorCode::kExhausted);
}

// A gigabyte of weights, in a file that has holes where they would be.
TEST(LargeModel, IsReadWithoutItsWeights) {
  constexpr int64_t kWeights = int64_t{1} << 30;
  const std::string path = testing::TempDir() + "weir_large.onnx";
  const ProtoWriter tensor_head =
      ProtoWriter().packed(1, {kWeights / 4}).varint(2, 1).bytes(8, "w");
  std::string raw_head("\x4a");
  const auto put_size = [](std::string& to, uint64_t size) {
    for (; size >= 0x80; size >>= 7U) to.push_back(static_cast<char>(size | 0x80U));
    to.push_back(static_cast<char>(size));
  };
  put_size(raw_head, kWeights);
  std::string tensor("\x2a");
  put_size(tensor, tensor_head.str().size() + raw_head.size() + kWeights);
  tensor += tensor_head.str() + raw_head;
  std::string model("\x08\x08\x3a");
  put_size(model, tensor.size() + kWeights);
  model += tensor;
  ASSERT_TRUE(test::write_file(path, model));
  std::ofstream(path, std::ios::in | std::ios::binary)
      .seekp(static_cast<std::streamoff>(model.size()) + kWeights - 1)
      .put('\0');
  const auto start = std::chrono::steady_clock::now();
  const Result<GraphSummary> summary = inspect_file(path);
  const auto took = std::chrono::steady_clock::now() - start;
  (void)std::remove(path.c_str());
  ASSERT_TRUE(summary) << summary.error().to_string();
  EXPECT_EQ(summary->parameters, kWeights / 4);
  EXPECT_EQ(summary->parameter_bytes, kWeights);
  // Microseconds; a second would be a read of it all.
  EXPECT_LT(took, std::chrono::milliseconds(200));
}

}  // namespace
}  // namespace weir::graph
