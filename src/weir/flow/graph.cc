#include "weir/flow/graph.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <unordered_map>
#include <utility>

#include "weir/base/cpu.h"

namespace weir::flow {
namespace {

Error wrong(const std::string& stage, std::string message, std::string hint = {}) {
  return Error(ErrorCode::kInvalidArgument, std::move(message), "stage " + stage, std::move(hint));
}

}  // namespace

// Turns a GraphSpec into a Graph, step by step; each step may refuse.
class GraphCompiler {
 public:
  GraphCompiler(GraphSpec spec, Graph& graph) : spec_(std::move(spec)), graph_(graph) {}

  Status run() {
    WEIR_TRY(executors());
    WEIR_TRY(names());
    WEIR_TRY(scopes());
    WEIR_TRY(edges());
    WEIR_TRY(order());
    WEIR_TRY(crossings());
    link();
    rank();
    needs();
    return {};
  }

 private:
  Status executors();
  Status names();
  Status scopes();
  Status depths();
  Status joins();
  Status closed_scopes();
  Status check_stage(const StageSpec& spec);
  Status edges();
  Status order();
  Status crossings();
  Status crossing(StageId from, StageId to);
  void link();
  void rank();
  void needs();
  Result<StageId> known(const StageSpec& at, const std::string& name, const char* what);
  uint8_t depth(StageId id) const { return graph_.scopes_[graph_.stages_[id].scope].depth; }
  bool reaches(StageId from, StageId to) const { return reach_[from][to]; }

  GraphSpec spec_;
  Graph& graph_;
  std::unordered_map<std::string, StageId> by_name_;
  std::vector<std::vector<StageId>> after_;  // all that a stage waits for, by stage
  std::vector<StageId> order_;               // topological
  std::vector<std::vector<bool>> reach_;     // reach_[a][b]: b comes after a
};

Status GraphCompiler::executors() {
  if (spec_.executors.empty()) {
    const auto cores = static_cast<uint32_t>(usable_cores());
    spec_.executors.push_back({.name = "cpu", .workers = cores});
  }
  for (std::size_t i = 0; i < spec_.executors.size(); ++i) {
    ExecutorSpec& executor = spec_.executors[i];
    if (executor.workers == 0 || executor.workers > 1024) {
      return Error(
          ErrorCode::kInvalidArgument,
          "executor '" + executor.name + "' has " + std::to_string(executor.workers) + " workers",
          {}, "write a number from 1 to 1024");
    }
    if (executor.lanes == 0) executor.lanes = executor.workers;
    for (std::size_t j = 0; j < i; ++j) {
      if (spec_.executors[j].name == executor.name) {
        return Error(ErrorCode::kInvalidArgument,
                     "two executors are named '" + executor.name + "'");
      }
    }
  }
  if (spec_.executors.size() > 64) {
    return Error(ErrorCode::kInvalidArgument, "more than 64 executors");
  }
  graph_.executors_ = spec_.executors;
  return {};
}

Status GraphCompiler::check_stage(const StageSpec& spec) {
  if (spec.name.empty()) return Error(ErrorCode::kInvalidArgument, "a stage has no name");
  if (spec.step >= static_cast<int>(StepSet::kMaxSteps)) {
    return wrong(spec.name, "step " + std::to_string(spec.step) + " is one too many",
                 "a pipeline has at most 64 steps");
  }
  if (spec.body == nullptr) return wrong(spec.name, "has no body");
  if (spec.limit != 0 && spec.kind != StageKind::kStateless) {
    return wrong(spec.name, "has a limit but is not stateless", "leave the limit out");
  }
  if (spec.batch.max == 0) return wrong(spec.name, "batches of 0", "write max 1 for no batches");
  if (spec.batch.max > 1 && spec.kind == StageKind::kSerial) {
    return wrong(spec.name, "is serial per stream and batched", "make it one or the other");
  }
  const std::vector<uint32_t>& sizes = spec.batch.preferred;
  if (!std::is_sorted(sizes.begin(), sizes.end()) ||
      (!sizes.empty() && (sizes.front() == 0 || sizes.back() > spec.batch.max))) {
    return wrong(spec.name, "the preferred batch sizes are not ascending from 1 to max");
  }
  return {};
}

Status GraphCompiler::names() {
  if (spec_.stages.empty()) return Error(ErrorCode::kInvalidArgument, "the flow has no stages");
  if (spec_.stages.size() > Graph::kMaxStages) {
    return Error(ErrorCode::kInvalidArgument,
                 std::to_string(spec_.stages.size()) + " stages are more than 256");
  }
  for (StageSpec& spec : spec_.stages) {
    WEIR_TRY(check_stage(spec));
    Stage stage;
    stage.id = static_cast<StageId>(graph_.stages_.size());
    if (!by_name_.emplace(spec.name, stage.id).second) {
      return wrong(spec.name, "two stages have this name");
    }
    if (!spec.executor.empty()) {
      const auto found = std::find_if(spec_.executors.begin(), spec_.executors.end(),
                                      [&](const auto& e) { return e.name == spec.executor; });
      if (found == spec_.executors.end()) {
        return wrong(spec.name, "there is no executor '" + spec.executor + "'");
      }
      stage.executor = static_cast<ExecutorId>(found - spec_.executors.begin());
    }
    stage.limit = spec.kind == StageKind::kExclusive ? 1 : spec.limit;
    if (stage.limit == 0) stage.limit = ~0U;
    stage.batched = spec.batch.max > 1;
    stage.any_step = spec.step < 0;
    stage.waits_for = spec.after;
    stage.spec = std::move(spec);
    graph_.stages_.push_back(std::move(stage));
  }
  return {};
}

Result<StageId> GraphCompiler::known(const StageSpec& at, const std::string& name,
                                     const char* what) {
  const auto found = by_name_.find(name);
  if (found == by_name_.end()) {
    return wrong(at.name, std::string(what) + " '" + name + "', which is not a stage");
  }
  return found->second;
}

Status GraphCompiler::scopes() {
  graph_.scopes_.emplace_back();
  std::vector<Stage>& stages = graph_.stages_;
  for (Stage& stage : stages) {
    if (!stage.spec.fans_out) continue;
    if (graph_.scopes_.size() > 100) return wrong(stage.spec.name, "more than 100 fan-outs");
    stage.opens_scope = static_cast<uint8_t>(graph_.scopes_.size());
    graph_.scopes_.push_back({.opened_by = stage.id});
  }
  for (Stage& stage : stages) {
    if (stage.spec.items_of.empty()) continue;
    WEIR_ASSIGN(const StageId opener, known(stage.spec, stage.spec.items_of, "works on items of"));
    if (!stages[opener].spec.fans_out) {
      return wrong(stage.spec.name,
                   "works on items of '" + stage.spec.items_of + "', which does not fan out");
    }
    stage.scope = stages[opener].opens_scope;
  }
  WEIR_TRY(depths());
  WEIR_TRY(joins());
  return closed_scopes();
}

Status GraphCompiler::depths() {
  std::vector<Stage>& stages = graph_.stages_;
  for (std::size_t s = 1; s < graph_.scopes_.size(); ++s) {
    Scope& scope = graph_.scopes_[s];
    scope.parent = stages[scope.opened_by].scope;
    uint8_t depth = 1;
    for (uint8_t up = scope.parent; up != 0; up = stages[graph_.scopes_[up].opened_by].scope) {
      if (++depth > Graph::kMaxDepth) {
        return wrong(stages[scope.opened_by].spec.name, "fans out inside two fan-outs",
                     "items may be split once more, not twice");
      }
    }
    scope.depth = depth;
  }
  return {};
}

Status GraphCompiler::joins() {
  std::vector<Stage>& stages = graph_.stages_;
  for (Stage& stage : stages) {
    if (stage.spec.joins.empty()) continue;
    WEIR_ASSIGN(const StageId opener, known(stage.spec, stage.spec.joins, "joins"));
    const uint8_t opened = stages[opener].opens_scope;
    if (opened == 0) {
      return wrong(stage.spec.name, "joins '" + stage.spec.joins + "', which does not fan out",
                   "name the stage that splits, and set fans_out there");
    }
    if (stage.scope != stages[opener].scope) {
      return wrong(stage.spec.name,
                   "joins '" + stage.spec.joins + "' but does not work on the same units",
                   "give both the same items_of");
    }
    if (graph_.scopes_[opened].joined_by != kNoStage) {
      return wrong(stage.spec.name, "'" + stage.spec.joins + "' is joined twice");
    }
    graph_.scopes_[opened].joined_by = stage.id;
  }
  return {};
}

// Numbers the stages within their scopes; every fan-out has work and a join.
Status GraphCompiler::closed_scopes() {
  std::vector<Stage>& stages = graph_.stages_;
  for (Stage& stage : stages) {
    stage.local = static_cast<uint16_t>(graph_.scopes_[stage.scope].stages.size());
    graph_.scopes_[stage.scope].stages.push_back(stage.id);
  }
  for (std::size_t s = 1; s < graph_.scopes_.size(); ++s) {
    const Scope& scope = graph_.scopes_[s];
    const std::string& name = stages[scope.opened_by].spec.name;
    if (scope.joined_by == kNoStage) {
      return wrong(name, "fans out and is not joined", "add a stage with joins: " + name);
    }
    if (scope.stages.empty()) {
      return wrong(name, "fans out and no stage works on its items",
                   "add a stage with items_of: " + name);
    }
  }
  return {};
}

Status GraphCompiler::edges() {
  after_.resize(graph_.stages_.size());
  for (const Stage& stage : graph_.stages_) {
    std::vector<StageId>& after = after_[stage.id];
    for (const std::string& name : stage.spec.after) {
      WEIR_ASSIGN(const StageId from, known(stage.spec, name, "waits for"));
      if (from == stage.id) return wrong(stage.spec.name, "waits for itself");
      after.push_back(from);
    }
    if (stage.scope != 0) after.push_back(graph_.scopes_[stage.scope].opened_by);
    if (!stage.spec.joins.empty()) {
      const StageId opener = by_name_[stage.spec.joins];
      after.push_back(opener);
      for (const StageId item : graph_.scopes_[graph_.stages_[opener].opens_scope].stages) {
        after.push_back(item);
      }
    }
    std::sort(after.begin(), after.end());
    after.erase(std::unique(after.begin(), after.end()), after.end());
  }
  return {};
}

Status GraphCompiler::order() {
  const std::size_t count = graph_.stages_.size();
  std::vector<std::size_t> left(count);
  for (std::size_t s = 0; s < count; ++s) left[s] = after_[s].size();
  reach_.assign(count, std::vector<bool>(count, false));
  std::vector<bool> taken(count, false);
  while (order_.size() < count) {
    std::size_t pick = 0;
    while (pick < count && (taken[pick] || left[pick] != 0)) ++pick;
    if (pick == count) break;
    taken[pick] = true;
    order_.push_back(static_cast<StageId>(pick));
    for (std::size_t s = 0; s < count; ++s) {
      if (std::binary_search(after_[s].begin(), after_[s].end(), pick)) --left[s];
    }
  }
  if (order_.size() < count) {
    std::string names;
    std::size_t first = count;
    for (std::size_t s = 0; s < count; ++s) {
      if (taken[s]) continue;
      first = std::min(first, s);
      names += (names.empty() ? "" : ", ") + graph_.stages_[s].spec.name;
    }
    return wrong(graph_.stages_[first].spec.name, "waits in a cycle: " + names,
                 "take one 'after' out");
  }
  for (const StageId id : order_) {
    for (const StageId from : after_[id]) {
      for (std::size_t s = 0; s < count; ++s) {
        if (s == from || reach_[s][from]) reach_[s][id] = true;
      }
    }
  }
  return {};
}

// An edge between units of different kinds: into the items, or out of them.
Status GraphCompiler::crossing(StageId from, StageId to) {
  const Stage& source = graph_.stages_[from];
  const Stage& target = graph_.stages_[to];
  const Scope& target_scope = graph_.scopes_[target.scope];
  // Into items: fine if the fan-out itself waits for it.
  uint8_t up = target.scope;
  while (up != 0 && graph_.scopes_[up].parent != source.scope) up = graph_.scopes_[up].parent;
  if (up != 0 && target_scope.depth > depth(from)) {
    const StageId opener = graph_.scopes_[up].opened_by;
    if (from == opener || reaches(from, opener)) return {};
    return wrong(target.spec.name,
                 "waits for '" + source.spec.name + "', but its items may be there before that",
                 "let '" + graph_.stages_[opener].spec.name + "' wait for it");
  }
  // Out of items: only the join sees their end; what waits for the join may name them too.
  uint8_t out = source.scope;
  while (out != 0 && graph_.scopes_[out].parent != target.scope) out = graph_.scopes_[out].parent;
  if (out != 0) {
    const StageId join = graph_.scopes_[out].joined_by;
    if (to == join || reaches(join, to)) return {};
    return wrong(target.spec.name, "waits for '" + source.spec.name + "', which works on items",
                 "wait for '" + graph_.stages_[join].spec.name + "', which joins them");
  }
  return wrong(target.spec.name, "waits for '" + source.spec.name + "', which works on other items",
               "join those first");
}

Status GraphCompiler::crossings() {
  for (const Stage& stage : graph_.stages_) {
    for (const StageId from : after_[stage.id]) {
      if (graph_.stages_[from].scope != stage.scope) WEIR_TRY(crossing(from, stage.id));
    }
  }
  return {};
}

void GraphCompiler::link() {
  int16_t serial = 0;
  for (Stage& stage : graph_.stages_) {
    if (stage.spec.kind == StageKind::kSerial) stage.serial = serial++;
    Scope& scope = graph_.scopes_[stage.scope];
    if (stage.opens_scope != 0) {
      stage.fan = static_cast<int8_t>(scope.fan_outs.size());
      scope.fan_outs.push_back(stage.id);
    }
  }
  graph_.serial_stages_ = static_cast<std::size_t>(serial);
  for (Stage& stage : graph_.stages_) {
    for (const StageId from : after_[stage.id]) {
      Stage& source = graph_.stages_[from];
      if (source.scope != stage.scope) continue;
      // A join waits for its fan-out by way of the items, which may be none.
      if (!stage.spec.joins.empty() && by_name_[stage.spec.joins] == from) continue;
      source.next.push_back(stage.id);
      ++stage.waits;
    }
    if (!stage.spec.joins.empty()) {
      stage.joins_fan = graph_.stages_[by_name_[stage.spec.joins]].fan;
      ++stage.waits;
    }
    if (stage.waits == 0) graph_.scopes_[stage.scope].roots.push_back(stage.id);
  }
}

// Nearest the exit first: by the longest way out, counted in stages.
void GraphCompiler::rank() {
  const std::size_t count = graph_.stages_.size();
  std::vector<int> distance(count, 0);
  for (auto it = order_.rbegin(); it != order_.rend(); ++it) {
    Stage& stage = graph_.stages_[*it];
    stage.tail_ns += stage.spec.service_ns;
    for (const StageId from : after_[*it]) {
      Stage& source = graph_.stages_[from];
      distance[from] = std::max(distance[from], distance[*it] + 1);
      source.tail_ns = std::max(source.tail_ns, stage.tail_ns);
    }
  }
  std::vector<StageId> sorted = order_;
  std::stable_sort(sorted.begin(), sorted.end(), [&](StageId a, StageId b) {
    const int pa = graph_.stages_[a].spec.priority;
    const int pb = graph_.stages_[b].spec.priority;
    if (pa != pb) return pa > pb;
    if (distance[a] != distance[b]) return distance[a] < distance[b];
    return depth(a) > depth(b);
  });
  for (std::size_t r = 0; r < count; ++r) {
    graph_.stages_[sorted[r]].rank = static_cast<uint16_t>(r);
  }
}

void GraphCompiler::needs() {
  graph_.step_needs_.assign(StepSet::kMaxSteps, StepSet());
  for (const Stage& stage : graph_.stages_) {
    if (stage.spec.step < 0) continue;
    const auto step = static_cast<std::size_t>(stage.spec.step);
    for (const Stage& other : graph_.stages_) {
      if (other.spec.step < 0 || !reaches(other.id, stage.id)) continue;
      graph_.step_needs_[step] |= StepSet::of(static_cast<std::size_t>(other.spec.step));
    }
  }
}

Result<std::shared_ptr<const Graph>> Graph::compile(GraphSpec spec) {
  auto graph = std::make_shared<Graph>();
  WEIR_TRY(GraphCompiler(std::move(spec), *graph).run());
  return std::shared_ptr<const Graph>(std::move(graph));
}

StageId Graph::find(std::string_view name) const {
  for (const Stage& stage : stages_) {
    if (stage.spec.name == name) return stage.id;
  }
  return kNoStage;
}

std::size_t Graph::workers() const {
  std::size_t count = 0;
  for (const ExecutorSpec& executor : executors_) count += executor.workers;
  return count;
}

StepSet Graph::with_dependencies(StepSet steps) const {
  if (steps == StepSet::all()) return steps;
  StepSet result = steps;
  for (StepSet rest = steps; !rest.empty(); rest -= StepSet::of(rest.first())) {
    result |= step_needs_[rest.first()];
  }
  return result;
}

uint32_t Graph::default_credits() const {
  double lanes = 0;
  for (const ExecutorSpec& executor : executors_) {
    lanes += executor.kind == ExecutorKind::kDevice ? executor.lanes : executor.workers;
  }
  const auto by_workers = static_cast<uint32_t>(std::ceil(1.5 * lanes)) + 1;
  double sum = 0;
  std::vector<double> per_executor(executors_.size(), 0);
  for (const Stage& stage : stages_) {
    if (stage.spec.service_ns <= 0) return by_workers;
    sum += static_cast<double>(stage.spec.service_ns);
    per_executor[stage.executor] += static_cast<double>(stage.spec.service_ns);
  }
  double slowest = 0;
  for (std::size_t e = 0; e < executors_.size(); ++e) {
    slowest = std::max(slowest, per_executor[e] / executors_[e].lanes);
  }
  return static_cast<uint32_t>(std::ceil(sum / slowest)) + 1;
}

}  // namespace weir::flow
