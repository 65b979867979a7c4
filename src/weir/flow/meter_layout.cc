#include <cstdint>
#include <vector>

#include "weir/flow/graph.h"
#include "weir/flow/meter.h"

namespace weir::flow {
namespace {

// Who works next on what the stage gives: those that wait for it in its own scope, the first ones
// of the items that it splits into, and the join of the items that it ends.
std::vector<int> next_of(const Graph& graph, const Stage& stage) {
  std::vector<int> next(stage.next.begin(), stage.next.end());
  if (stage.opens_scope != 0) {
    const Scope& items = graph.scopes()[stage.opens_scope];
    next.insert(next.end(), items.roots.begin(), items.roots.end());
  }
  if (stage.scope != 0 && stage.next.empty()) {
    next.push_back(graph.scopes()[stage.scope].joined_by);
  }
  return next;
}

int at_once(const StageSpec& spec) {
  switch (spec.kind) {
    case StageKind::kSerial:
      return MeterLayout::kPerStream;
    case StageKind::kExclusive:
      return 1;
    case StageKind::kStateless:
      break;
  }
  return static_cast<int>(spec.limit);
}

}  // namespace

MeterLayout layout_of(const Graph& graph, int cores) {
  MeterLayout layout;
  layout.cores = cores;
  for (const ExecutorSpec& spec : graph.executors()) {
    const bool device = spec.kind == ExecutorKind::kDevice;
    const uint32_t workers = device && spec.lanes > 0 ? spec.lanes : spec.workers;
    layout.executors.push_back(
        {spec.name, static_cast<int>(workers), device, static_cast<int>(spec.workers)});
  }
  for (const Stage& stage : graph.stages()) {
    layout.stages.push_back(
        {stage.spec.name, stage.executor, at_once(stage.spec), next_of(graph, stage)});
  }
  return layout;
}

}  // namespace weir::flow
