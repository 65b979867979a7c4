#include "weir/model/parts.h"

#include <gtest/gtest.h>

#include "weir/config/yaml.h"

namespace weir {
namespace {

ModelSpec spec_of(const char* text) {
  const auto root = config::parse_yaml(text, "m.yaml");
  EXPECT_TRUE(root) << root.error().to_string();
  auto spec = read_model_spec(*root);
  EXPECT_TRUE(spec) << spec.error().to_string();
  return *spec;
}

TEST(Parts, AModelOfOneFileIsOnePart) {
  const auto parts = parts_of(spec_of(
      "{file: a.onnx, backend: openvino, device: npu, precision: fp16, threads: 2, cache: c, "
      "shapes: {x: 1x3}, deterministic: true, options: {openvino: {streams: 2}, other: {a: b}}}"));
  ASSERT_EQ(parts.size(), 1U);
  EXPECT_EQ(parts[0].name, "");
  EXPECT_EQ(parts[0].backend, "openvino");
  EXPECT_EQ(parts[0].spec.file, "a.onnx");
  EXPECT_EQ(parts[0].spec.device.kind, Device::Kind::kNpu);
  EXPECT_EQ(parts[0].spec.precision, Precision::kFloat16);
  EXPECT_EQ(parts[0].spec.intra_op_threads, 2);
  EXPECT_EQ(parts[0].spec.cache_folder, "c");
  EXPECT_TRUE(parts[0].spec.deterministic);
  EXPECT_EQ(parts[0].spec.options, (std::map<std::string, std::string>{{"streams", "2"}}));
}

TEST(Parts, AComponentTakesFromTheModelWhatItDoesNotSay) {
  const auto parts = parts_of(spec_of(
      "device: cuda:0\n"
      "threads: 2\n"
      "components:\n"
      "  encoder: e.onnx\n"
      "  decoder: {file: d.onnx, device: cpu, backend: openvino, threads: 1, precision: int8}\n"));
  ASSERT_EQ(parts.size(), 2U);
  EXPECT_EQ(parts[0].name, "encoder");
  EXPECT_EQ(parts[0].backend, "auto");
  EXPECT_EQ(to_string(parts[0].spec.device), "cuda:0");
  EXPECT_EQ(parts[0].spec.intra_op_threads, 2);
  EXPECT_EQ(parts[1].backend, "openvino");
  EXPECT_TRUE(parts[1].spec.device.is_cpu());
  EXPECT_EQ(parts[1].spec.intra_op_threads, 1);
  EXPECT_EQ(parts[1].spec.precision, Precision::kInt8);
}

TEST(Parts, ABatchUpdateKeepsTheShapesThatWereGiven) {
  const ModelSpec spec = spec_of(
      "{file: a.onnx, batch: 8, shapes: {x: {min: 1x3x320x320, opt: 1x3x640x640, max: "
      "4x3x960x960}}}");
  const ShapeRange range = parts_of(spec)[0].spec.shapes.at("x");
  EXPECT_EQ(to_string(range.min), "1x3x320x320");
  EXPECT_EQ(to_string(range.opt), "1x3x640x640");
  EXPECT_EQ(to_string(range.max), "8x3x960x960");
  EXPECT_EQ(with_batch(range, 2), range) << "room that is there stays";
}

}  // namespace
}  // namespace weir
