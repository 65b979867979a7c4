// How a unit moves through the stages: it enters, waits for its turn, becomes ready or passes, and
// what its end sets free.
#include <cassert>
#include <utility>

#include "weir/flow/core.h"

namespace weir::flow {

// All that the node waited for is done.
void Core::enter(Node* node) {
  const Stage& stage = graph_->stage(node->stage);
  Unit* unit = node->unit;
  if (stage.joins_fan >= 0) join_items(unit, stage);
  look_at_deadline(unit->task, stage);
  node->stamp_ns = now_;
  ++waiting_[stage.id];
  if (stage.serial < 0) return place(node);
  node->state = NodeState::kTurn;
  look(*unit->task->stream, stage);
}

void Core::look_at_deadline(Task* task, const Stage& stage) {
  if (task->deadline_ns == kNever) return;
  if (now_ >= task->deadline_ns - stage.tail_ns) kill(task, Outcome::kDroppedDeadline);
}

bool Core::must_pass(Node* node) const {
  const Stage& stage = graph_->stage(node->stage);
  const Unit* unit = node->unit;
  if (!stage.any_step && !unit->steps.contains(static_cast<std::size_t>(stage.spec.step))) {
    return true;
  }
  if (!stage.spec.always && unit->dead()) return true;
  return stage.spec.gate && !stage.spec.gate(Slot(node->unit, node));
}

// It is the node's turn, if turns there are: it waits for a worker or a batch, or passes.
void Core::place(Node* node) {
  const Stage& stage = graph_->stage(node->stage);
  if (must_pass(node)) return pass(node);
  if (meter_ != nullptr) meter_->stage_waits(stage.id, now_);
  if (stage.batched && !node->alone) {
    node->state = NodeState::kBatch;
    batchers_[stage.id].add(node);
    refresh(stage);
  } else {
    push_ready(node);
  }
}

void Core::push_ready(Node* node) {
  node->state = NodeState::kReady;
  node->next = nullptr;
  ReadyList& list = ready_[node->stage];
  if (list.head != nullptr) {
    list.tail->next = node;
    list.tail = node;
    return;
  }
  list.head = list.tail = node;
  refresh(graph_->stage(node->stage));
}

// Ends the node's stage without running it; drain() finishes it.
void Core::pass(Node* node) {
  --waiting_[node->stage];
  node->count = 0;  // no items
  node->next = todo_;
  todo_ = node;
}

void Core::drain() {
  while (todo_ != nullptr) {
    Node* node = todo_;
    todo_ = node->next;
    finish(node);
  }
}

// The node's stage is over, whether it was run or passed.
void Core::finish(Node* node) {
  const Stage& stage = graph_->stage(node->stage);
  Unit* unit = node->unit;
  node->state = NodeState::kDone;
  if (stage.joins_fan >= 0) free_items(unit, unit->fans[stage.joins_fan]);
  if (stage.opens_scope != 0) split(node, stage);
  for (const StageId id : stage.next) {
    Node& next = unit->nodes[graph_->stage(id).local];
    if (--next.waits == 0) enter(&next);
  }
  if (stage.serial >= 0) end_turn(node, stage);
  if (--unit->left != 0) return;
  if (unit->scope == 0) {
    task_done(unit->task);
  } else {
    item_done(unit);
  }
}

// A fan-out is over: makes its items, or sets the join free if there are none.
void Core::split(Node* node, const Stage& stage) {
  Unit* unit = node->unit;
  const Scope& scope = graph_->scopes()[stage.opens_scope];
  Fan& fan = unit->fans[stage.fan];
  fan.count = fan.left = unit->dead() ? 0 : node->count;
  Unit** link = &fan.first;
  for (uint32_t i = 0; i < fan.count; ++i) {
    Unit* item = pools_[stage.opens_scope].acquire();
    item->task = unit->task;
    item->parent = unit;
    item->index = i;
    item->steps = unit->steps;
    *link = item;
    link = &item->next;
  }
  if (fan.count == 0) {
    Node& join = unit->nodes[graph_->stage(scope.joined_by).local];
    if (--join.waits == 0) enter(&join);
    look_behind(*unit->task->stream, stage.opens_scope);
    return;
  }
  for (Unit* item = fan.first; item != nullptr; item = item->next) {
    for (const StageId root : scope.roots) enter(&item->nodes[graph_->stage(root).local]);
  }
}

// Whoever waits for a turn behind items that will not be there need not wait any more.
void Core::look_behind(Stream& stream, uint8_t items) {
  for (const StageId id : graph_->scopes()[items].stages) {
    const Stage& stage = graph_->stage(id);
    if (stage.serial >= 0) look(stream, stage);
    if (stage.opens_scope != 0) look_behind(stream, stage.opens_scope);
  }
}

void Core::item_done(Unit* item) {
  Unit* parent = item->parent;
  const Scope& scope = graph_->scopes()[item->scope];
  Fan& fan = parent->fans[graph_->stage(scope.opened_by).fan];
  if (item->outcome() == Outcome::kFailed) ++fan.failed;
  if (--fan.left != 0) return;
  Node& join = parent->nodes[graph_->stage(scope.joined_by).local];
  if (--join.waits == 0) enter(&join);
}

// The items of this unit are through, and the join is reached: the policy speaks.
void Core::join_items(Unit* unit, const Stage& stage) {
  const Fan& fan = unit->fans[stage.joins_fan];
  if (fan.failed == 0 || stage.spec.join_policy == JoinPolicy::kKeepGoing) return;
  Unit* item = fan.first;
  while (item->outcome() != Outcome::kFailed) item = item->next;
  kill(unit, Outcome::kFailed, std::move(item->error));
}

void Core::free_items(Unit* unit, Fan& fan) {
  for (Unit* item = fan.first; item != nullptr;) {
    assert(item->left == 0 && item->parent == unit);
    Unit* next = item->next;
    pools_[item->scope].release(item);
    item = next;
  }
  static_cast<void>(unit);
  fan.first = nullptr;
}

// Lets the one whose turn it is into a serial stage, if it waits there and nobody is inside.
void Core::look(Stream& stream, const Stage& stage) {
  Turn& turn = stream.turns[static_cast<std::size_t>(stage.serial)];
  if (turn.busy) return;
  Unit* unit = whose_turn(stream, stage, turn);
  if (unit == nullptr) return;
  Node& node = unit->nodes[stage.local];
  if (node.state != NodeState::kTurn) return;
  turn.busy = true;
  node.state_of_stream = turn.state.get();
  place(&node);
}

// Null: not known yet, because the task is not admitted or has not been split.
Unit* Core::whose_turn(Stream& stream, const Stage& stage, Turn& turn) {
  if (turn.unit != nullptr) return turn.unit;
  const Scope& scope = graph_->scopes()[stage.scope];
  while (true) {
    Task* task = stream.at(turn.seq);
    if (task == nullptr || stage.scope == 0) return task;
    const bool split =
        scope.depth == 1 ? items_of(task, scope, turn.unit) : items_of_items(task, scope, turn);
    if (!split || turn.unit != nullptr) return turn.unit;
    ++turn.seq;
  }
}

// The first item; null if there are none. False: not known yet.
bool Core::items_of(const Unit* unit, const Scope& scope, Unit*& first) const {
  const Stage& opener = graph_->stage(scope.opened_by);
  if (unit->nodes[opener.local].state != NodeState::kDone) return false;
  first = unit->fans[opener.fan].first;
  return true;
}

// The same, one deeper. Items that have none may be joined and gone already when the turn comes.
bool Core::items_of_items(const Task* task, const Scope& scope, Turn& turn) const {
  if (turn.outer == nullptr && !items_of(task, graph_->scopes()[scope.parent], turn.outer)) {
    return false;
  }
  for (; turn.outer != nullptr; turn.outer = turn.outer->next) {
    if (!items_of(turn.outer, scope, turn.unit)) return false;
    if (turn.unit != nullptr) return true;
  }
  return true;
}

void Core::end_turn(Node* node, const Stage& stage) {
  Stream& stream = *node->unit->task->stream;
  Turn& turn = stream.turns[static_cast<std::size_t>(stage.serial)];
  assert(turn.busy && turn.seq == node->unit->task->seq);
  turn.busy = false;
  turn.unit = stage.scope == 0 ? nullptr : node->unit->next;
  if (turn.unit == nullptr && turn.outer != nullptr) turn.outer = turn.outer->next;
  if (turn.unit == nullptr && turn.outer == nullptr) ++turn.seq;
  look(stream, stage);
}

// The first death counts.
void Core::kill(Unit* unit, Outcome outcome, std::unique_ptr<Error> error) {
  if (unit->own_death()) return;
  unit->status.store(static_cast<uint8_t>(outcome), std::memory_order_relaxed);
  unit->error = std::move(error);
}

}  // namespace weir::flow
