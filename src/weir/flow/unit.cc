#include "weir/flow/unit.h"

#include <cassert>

namespace weir::flow {
namespace {

constexpr std::size_t kChunk = 16;

}  // namespace

void UnitPool::init(const Graph& graph, uint8_t scope) {
  scope_ = scope;
  fans_ = graph.scopes()[scope].fan_outs.size();
  for (const StageId id : graph.scopes()[scope].stages) {
    Node node;
    node.stage = id;
    node.waits = graph.stage(id).waits;
    node.joins_fan = graph.stage(id).joins_fan;
    blank_.push_back(node);
  }
}

void UnitPool::grow() {
  Chunk chunk;
  chunk.nodes = std::make_unique<Node[]>(kChunk * blank_.size());
  if (fans_ != 0) chunk.fans = std::make_unique<Fan[]>(kChunk * fans_);
  if (scope_ == 0) {
    chunk.tasks = std::make_unique<Task[]>(kChunk);
  } else {
    chunk.units = std::make_unique<Unit[]>(kChunk);
  }
  for (std::size_t i = kChunk; i-- > 0;) {
    Unit& unit = scope_ == 0 ? chunk.tasks[i] : chunk.units[i];
    unit.nodes = &chunk.nodes[i * blank_.size()];
    unit.fans = fans_ != 0 ? &chunk.fans[i * fans_] : nullptr;
    unit.scope = scope_;
    unit.next = free_;
    free_ = &unit;
  }
  chunks_.push_back(std::move(chunk));
  allocated_ += kChunk;
}

Unit* UnitPool::acquire() {
  if (free_ == nullptr) grow();
  Unit* unit = free_;
  free_ = unit->next;
  ++in_use_;
  unit->next = nullptr;
  unit->parent = nullptr;
  unit->scratch = nullptr;
  unit->index = 0;
  unit->left = static_cast<uint16_t>(blank_.size());
  unit->status.store(0, std::memory_order_relaxed);
  for (std::size_t n = 0; n < blank_.size(); ++n) {
    unit->nodes[n] = blank_[n];
    unit->nodes[n].unit = unit;
  }
  for (std::size_t f = 0; f < fans_; ++f) unit->fans[f] = Fan();
  return unit;
}

void UnitPool::release(Unit* unit) {
  assert(in_use_ > 0);
  --in_use_;
  unit->error.reset();
  unit->next = free_;
  free_ = unit;
}

}  // namespace weir::flow
