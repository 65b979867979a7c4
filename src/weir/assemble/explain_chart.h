// What the drawings of a pipeline have in common: its boxes, and who feeds whom. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "weir/assemble/pipeline_spec.h"

namespace weir {

enum class ChartKind : uint8_t { kSource, kStep, kSink };

struct ChartNode {
  ChartKind kind = ChartKind::kStep;
  std::size_t number = 0;  // among those of its kind
  std::string title;
  std::vector<std::string> lines;
  int column = 0;          // after all that feed it
  std::string queue = {};  // before it, where it has one of its own: a sink
};

struct ChartEdge {
  std::size_t from = 0;  // indices into ExplainChart::nodes
  std::size_t to = 0;
  std::string label;  // the queue, where there is one between
};

struct ExplainChart {
  std::vector<ChartNode> nodes;
  std::vector<ChartEdge> edges;
  std::vector<std::string> executors;  // of all steps, one each: "executor cpu, 3 workers"
};

ExplainChart chart_of(const PipelineSpec& spec);

}  // namespace weir
