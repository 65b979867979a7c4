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

// A YOLOv8 of one grid of cells of 8 pixels, for inputs of 64x64: each cell's box, with the means
// of its three channels as the scores of three classes. Its output is [1,7,64], or box by box.
inline std::string colour_yolo(
    bool box_major, const std::vector<std::pair<std::string, std::string>>& metadata = {}) {
  constexpr std::size_t kCells = 64;
  std::vector<float> boxes(4 * kCells, 8.0F);  // cx, cy, w, h: row after row
  for (std::size_t cell = 0; cell < kCells; ++cell) {
    boxes[cell] = 8 * (float(cell % 8) + 0.5F);
    boxes[kCells + cell] = 8 * (float(cell / 8) + 0.5F);
  }
  OnnxGraph graph;
  graph.input("images", DType::kFloat32, {1, 3, 64, 64});
  graph.output("output0", DType::kFloat32, box_major ? OnnxDims{1, 64, 7} : OnnxDims{1, 7, 64});
  graph.initializer<float>("boxes", {1, 4, kCells}, boxes);
  graph.initializer<int64_t>("columns", {3}, {1, 3, kCells});
  graph.node({.op = "AveragePool",
              .inputs = {"images"},
              .outputs = {"means"},
              .attributes = {OnnxAttribute::integers("kernel_shape", {8, 8}),
                             OnnxAttribute::integers("strides", {8, 8})}});
  graph.node({.op = "Reshape", .inputs = {"means", "columns"}, .outputs = {"scores"}});
  graph.node({.op = "Concat",
              .inputs = {"boxes", "scores"},
              .outputs = {box_major ? "all" : "output0"},
              .attributes = {OnnxAttribute::integer("axis", 1)}});
  if (box_major) {
    graph.node({.op = "Transpose",
                .inputs = {"all"},
                .outputs = {"output0"},
                .attributes = {OnnxAttribute::integers("perm", {0, 2, 1})}});
  }
  return OnnxModel{.graph = graph, .metadata = metadata}.bytes();
}

// The same for inputs of any height and width: the places of its cells are counted as it runs.
inline std::string open_colour_yolo(bool box_major) {
  OnnxGraph graph;
  graph.input("images", DType::kFloat32, {1, 3, "H", "W"});
  graph.output("output0", DType::kFloat32, box_major ? OnnxDims{1, "N", 7} : OnnxDims{1, 7, "N"});
  const std::pair<const char*, float> numbers[] = {{"zero", 0}, {"eight", 8}, {"four", 4}};
  for (const auto& [name, value] : numbers) graph.initializer<float>(name, {1}, {value});
  for (const int64_t axis : {2, 3}) {
    graph.initializer<int64_t>("axis" + std::to_string(axis), {1}, {axis});
  }
  graph.initializer<int64_t>("columns", {3}, {1, 7, -1});
  graph.node({.op = "AveragePool",
              .inputs = {"images"},
              .outputs = {"means"},
              .attributes = {OnnxAttribute::integers("kernel_shape", {8, 8}),
                             OnnxAttribute::integers("strides", {8, 8})}});
  graph.node({.op = "ReduceMean",
              .inputs = {"means"},
              .outputs = {"mean"},
              .attributes = {OnnxAttribute::integers("axes", {1})}});
  graph.node({.op = "Mul", .inputs = {"mean", "zero"}, .outputs = {"zeros"}});
  graph.node({.op = "Add", .inputs = {"zeros", "eight"}, .outputs = {"eights"}});
  for (const std::string axis : {"axis2", "axis3"}) {
    graph.node({.op = "CumSum", .inputs = {"eights", axis}, .outputs = {axis + "_end"}});
    graph.node({.op = "Sub", .inputs = {axis + "_end", "four"}, .outputs = {axis + "_middle"}});
  }
  graph.node({.op = "Concat",
              .inputs = {"axis3_middle", "axis2_middle", "eights", "eights", "means"},
              .outputs = {"grid"},
              .attributes = {OnnxAttribute::integer("axis", 1)}});
  graph.node(
      {.op = "Reshape", .inputs = {"grid", "columns"}, .outputs = {box_major ? "all" : "output0"}});
  if (box_major) {
    graph.node({.op = "Transpose",
                .inputs = {"all"},
                .outputs = {"output0"},
                .attributes = {OnnxAttribute::integers("perm", {0, 2, 1})}});
  }
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
