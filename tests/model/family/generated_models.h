// Models made for tests, of any shape that a test needs. Test-only.
#pragma once

#include <cmath>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/onnx_builder.h"

namespace weir::test {

// A YOLOX with one class that finds what is bright: the cells of the strides 8, 16 and 32, with
// their mean brightness as their score. Of any batch, height and width.
inline std::string bright_yolox(const OnnxDim& batch, const OnnxDim& height, const OnnxDim& width) {
  OnnxGraph graph;
  graph.input("images", DType::kFloat32, {batch, 3, height, width});
  graph.output("output", DType::kFloat32, {batch, "cells", 6});
  std::vector<float> weights(18, 0.0F);
  for (std::size_t c = 0; c < 3; ++c) weights[4 * 3 + c] = 1 / 765.0F;  // objectness
  graph.initializer<float>("w", {6, 3, 1, 1}, weights);
  graph.initializer<float>("b", {6}, {0.5F, 0.5F, 0, 0, 0, 1});
  graph.initializer<int64_t>("rows", {3}, {0, 6, -1});
  std::vector<std::string> parts;
  for (const int stride : {8, 16, 32}) {
    const std::string s = std::to_string(stride);
    graph.node({.op = "AveragePool",
                .inputs = {"images"},
                .outputs = {"pool" + s},
                .attributes = {OnnxAttribute::integers("kernel_shape", {stride, stride}),
                               OnnxAttribute::integers("strides", {stride, stride})}});
    graph.node({.op = "Conv", .inputs = {"pool" + s, "w", "b"}, .outputs = {"conv" + s}});
    graph.node({.op = "Reshape", .inputs = {"conv" + s, "rows"}, .outputs = {"part" + s}});
    parts.push_back("part" + s);
  }
  graph.node({.op = "Concat",
              .inputs = parts,
              .outputs = {"columns"},
              .attributes = {OnnxAttribute::integer("axis", 2)}});
  graph.node({.op = "Transpose",
              .inputs = {"columns"},
              .outputs = {"output"},
              .attributes = {OnnxAttribute::integers("perm", {0, 2, 1})}});
  return OnnxModel{.graph = graph}.bytes();
}

// The logits are the means of the channels, so the class is the channel that is highest.
inline std::string channel_classifier(const OnnxDim& batch, int64_t channels, const OnnxDim& height,
                                      const OnnxDim& width) {
  OnnxGraph graph;
  graph.input("x", DType::kFloat32, {batch, channels, height, width});
  graph.output("logits", DType::kFloat32, {batch, channels});
  graph.node({.op = "GlobalAveragePool", .inputs = {"x"}, .outputs = {"means"}});
  graph.node({.op = "Flatten", .inputs = {"means"}, .outputs = {"logits"}});
  return OnnxModel{.graph = graph}.bytes();
}

struct Port {
  std::string name;
  DType type = DType::kFloat32;
  std::vector<int64_t> sizes;
};

// Takes `inputs`, looks at none of them, and gives `outputs` of zeros.
inline std::string model_of(const std::vector<Port>& inputs, const std::vector<Port>& outputs) {
  OnnxGraph graph;
  for (const Port& port : inputs) {
    graph.input(port.name, port.type, OnnxDims(port.sizes.begin(), port.sizes.end()));
  }
  for (const Port& port : outputs) {
    graph.output(port.name, port.type, OnnxDims(port.sizes.begin(), port.sizes.end()));
    int64_t count = 1;
    for (const int64_t size : port.sizes) count *= size;
    const std::string zeros(static_cast<std::size_t>(count) * size_of(port.type), '\0');
    graph.initializer_raw(port.name + "_0", port.type, port.sizes, zeros);
    graph.node({.op = "Identity", .inputs = {port.name + "_0"}, .outputs = {port.name}});
  }
  return OnnxModel{.graph = graph}.bytes();
}

}  // namespace weir::test
