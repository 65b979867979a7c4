// The invariants of the core, for the simulation: what must hold after every call.
#include <algorithm>
#include <array>
#include <string>

#include "weir/flow/core.h"

namespace weir::flow {

// Each stage: its bit in the ready mask says whether it can run.
std::string Core::check_stages() const {
  if (todo_ != nullptr) return "a passed stage was not finished";
  for (std::size_t rank = 0; rank < by_rank_.size(); ++rank) {
    const StageId id = by_rank_[rank];
    const bool bit = (ready_mask_[rank / 64] >> (rank % 64) & 1) != 0;
    bool on = running_[id] < limit_[id];
    if (on && ready_[id].head == nullptr) {
      // Time and free lanes may have made a batch closable since: then the bit may still be off.
      on = batchers_[id].size() > 0 && (bit || !graph_->stage(id).batched);
    }
    if (bit != on) return "stage " + graph_->stage(id).spec.name + ": the ready mask is wrong";
  }
  return {};
}

std::string Core::check_executors() const {
  std::array<uint32_t, 64> woken;
  std::array<uint32_t, 64> quick;
  std::fill_n(woken.begin(), executors_.size(), 0);
  std::fill_n(quick.begin(), executors_.size(), 0);
  for (const Worker& worker : workers_) {
    if (worker.state == WorkerState::kWoken) ++woken[worker.executor];
    if (worker.quick && worker.state == WorkerState::kBusy) ++quick[worker.executor];
  }
  for (std::size_t e = 0; e < executors_.size(); ++e) {
    const Executor& executor = executors_[e];
    uint32_t running = 0;
    for (const StageId id : executor.stages) running += running_[id];
    if (running != executor.in_flight) return "an executor lost count of its jobs";
    if (executor.in_flight > executor.depth) return "an executor has too many jobs";
    if (woken[e] != executor.woken) return "an executor lost count of who is about to look";
    if (quick[e] != executor.quick_rounds) return "an executor lost count of its quick rounds";
    if (!executor.idle.empty() && executor.woken == 0 && has_work(static_cast<ExecutorId>(e)) &&
        !is_short(static_cast<ExecutorId>(e))) {
      return "work, a sleeper, and nobody about to look";
    }
  }
  return {};
}

std::string Core::check_turns(const Stream& stream) const {
  for (const Stage& stage : graph_->stages()) {
    if (stage.serial < 0) continue;
    const Turn& turn = stream.turns[static_cast<std::size_t>(stage.serial)];
    if (turn.seq > stream.next_seq) return "a turn ran ahead of the admissions";
    if (turn.seq < stream.release_seq && stream.release_seq != stream.next_seq) {
      return "a task left before its turn in " + stage.spec.name;
    }
    uint32_t inside = 0;
    for (const Task* task = stream.live; task != nullptr; task = task->live_next) {
      if (stage.scope != 0) break;
      const Node& node = task->nodes[stage.local];
      const bool in = node.state == NodeState::kReady || node.state == NodeState::kRunning;
      inside += in ? 1 : 0;
      if (in && task->seq != turn.seq) return "out of turn in " + stage.spec.name;
      if (node.state == NodeState::kTurn && task->seq == turn.seq && !turn.busy) {
        return "it is the turn of a task that waits in " + stage.spec.name;
      }
    }
    if (inside > 1) return "two at once in the serial stage " + stage.spec.name;
  }
  return {};
}

std::string Core::check_unit(const Unit& unit, std::vector<uint32_t>& waiting) const {
  uint32_t done = 0;
  const Scope& scope = graph_->scopes()[unit.scope];
  for (std::size_t n = 0; n < scope.stages.size(); ++n) {
    const Node& node = unit.nodes[n];
    if (node.state == NodeState::kDone) ++done;
    if (node.state == NodeState::kTurn || node.state == NodeState::kReady ||
        node.state == NodeState::kBatch) {
      ++waiting[node.stage];
    }
    if ((node.state == NodeState::kBlocked) != (node.waits != 0)) {
      return "a unit stands still before " + graph_->stage(node.stage).spec.name;
    }
  }
  if (done + unit.left != scope.stages.size()) return "a stage was run twice or not at all";
  for (std::size_t f = 0; f < scope.fan_outs.size(); ++f) {
    uint32_t left = 0;
    uint32_t count = 0;
    for (const Unit* item = unit.fans[f].first; item != nullptr; item = item->next) {
      left += item->left != 0 ? 1 : 0;
      if (item->index != count++) return "the items are not in their order";
      std::string wrong = check_unit(*item, waiting);
      if (!wrong.empty()) return wrong;
    }
    if (left != unit.fans[f].left) return "a join lost count of its items";
  }
  return {};
}

std::string Core::check_stream(const Stream& stream, bool deep) const {
  const TaskCounts& counts = stream.counts;
  const auto at = [&](const char* what) {
    return "stream " + std::to_string(stream.id.index) + ": " + what;
  };
  if (counts.offered != counts.admitted + counts.dropped_at_source + stream.mailbox.size()) {
    return at("offered is not admitted + dropped at the source + waiting");
  }
  if (counts.admitted != counts.ended() + stream.live_count) {
    return at("admitted is not ended + in flight");
  }
  if (stream.in_flight < stream.live_count) return at("a credit came back too early");
  if (stream.has_credit() && !stream.mailbox.empty()) return at("input waits beside a credit");
  if (stream.ordered() && stream.next_seq - stream.release_seq != stream.live_count) {
    return at("the ring and the tasks in flight differ");
  }
  const uint32_t fetched = stream.options.pulled ? options_.quick_units : 1;
  if (stream.mailbox.size() >
      std::max({fetched, stream.options.mailbox_capacity, stream.mailbox_left})) {
    return at("the mailbox is above its bound");
  }
  if (stream.in_flight > stream.live_count + stream.deliveries.size() + stream.results.size()) {
    return at("more credits are out than there are holders");
  }
  if (!deep) return {};
  uint32_t holders = stream.live_count;
  for (const TaskQueue* queue : {&stream.deliveries, &stream.results}) {
    for (const Task* task = queue->front(); task != nullptr; task = task->queue_next) {
      holders += task->has_credit ? 1 : 0;
    }
  }
  if (holders != stream.in_flight) return at("credits and their holders differ");
  const bool held = stream.holds > 0 && stops_ < 2;
  if (held && stream.in_deliver_list) return at("results are delivered in spite of a hold");
  if (!stream.deliveries.empty() && !stream.delivering && !stream.in_deliver_list && !held) {
    return at("results that nobody will deliver");
  }
  return check_turns(stream);
}

std::string Core::check_invariants(bool deep) const {
  std::string wrong = check_executors();
  if (wrong.empty()) wrong = check_stages();
  uint64_t live = 0;
  uint64_t kept = 0;
  std::vector<uint32_t> waiting(deep ? waiting_.size() : 0);
  for (const auto& stream : streams_) {
    if (!wrong.empty()) return wrong;
    if (stream->phase == StreamPhase::kFree) continue;
    wrong = check_stream(*stream, deep);
    live += stream->live_count;
    kept += stream->results.size() + stream->deliveries.size();
    if (!deep) continue;
    for (const Task* task = stream->live; task != nullptr && wrong.empty();
         task = task->live_next) {
      wrong = check_unit(*task, waiting);
    }
  }
  if (!wrong.empty()) return wrong;
  if (live != live_) return "lost count of the tasks in flight";
  if (pools_[0].in_use() != live_ + mailed_ + kept) return "a task leaked from the pool";
  if (deep && waiting != waiting_) return "lost count of the units that wait";
  if (deep && live_ == 0) {
    for (std::size_t s = 1; s < pools_.size(); ++s) {
      if (pools_[s].in_use() != 0) return "an item leaked from its pool";
    }
  }
  return {};
}

}  // namespace weir::flow
