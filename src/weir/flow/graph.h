// The description of a flow, and its checked, compiled form.
//
//   GraphSpec spec;
//   spec.executors = {{.name = "cpu", .workers = 2}};
//   spec.stages = {{.name = "find", .fans_out = true, .body = find},
//                  {.name = "look", .after = {"find"}, .items_of = "find", .body = look},
//                  {.name = "tell", .after = {"look"}, .joins = "find", .body = tell}};
//   WEIR_ASSIGN(auto graph, Graph::compile(spec));
//
// Stages that do not wait for each other run at the same time. A task walks through all stages; a
// stage whose step it does not want lets it pass. `fans_out` splits a task into items, stages with
// `items_of` work on each of them, and the one stage with `joins` runs when all are through; items
// may fan out once more. A Graph is immutable and may be shared between threads.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "weir/base/result.h"
#include "weir/data/step_set.h"
#include "weir/flow/body.h"
#include "weir/flow/ids.h"

namespace weir::flow {

enum class Role : uint8_t { kPrepare, kInfer, kInterpret, kOther };
enum class StageKind : uint8_t {
  kStateless,  // any number at once, or at most `limit`
  kSerial,     // one at a time per stream, in the order of admission; has a StreamState
  kExclusive,  // one at a time, in any order
};
enum class JoinPolicy : uint8_t {
  kKeepGoing,  // failed items are counted, the join decides
  kFailTask,   // one failed item fails the whole
};
// Pure and cheap: called under the engine's lock when a unit reaches the stage.
using Gate = std::function<bool(const Slot&)>;

struct BatchSpec {
  uint32_t max = 1;                      // 1: no batches
  std::vector<uint32_t> preferred = {};  // sizes that the model likes, ascending; empty: any
  int64_t max_age_ns = 2'000'000;        // of the oldest waiting unit
};

struct StageSpec {
  static constexpr int kNoStep = -1;  // wanted by every task

  std::string name = {};
  std::vector<std::string> after = {};  // the stages that it waits for
  int step = kNoStep;                   // bit in the task's StepSet
  Role role = Role::kOther;
  StageKind kind = StageKind::kStateless;
  uint32_t limit = 0;         // of kStateless: at most so many at once; 0: no limit
  std::string items_of = {};  // works on the items of this fan-out; empty: on the task
  bool fans_out = false;
  std::string joins = {};  // runs when all items of this fan-out are through
  JoinPolicy join_policy = JoinPolicy::kKeepGoing;
  std::string executor = {};  // empty: the first one
  bool always = false;        // runs also for tasks that failed or were dropped: for cleaning up
  Gate gate = nullptr;        // false: this task or item passes the stage
  int64_t service_ns = 0;     // expected time, 0 if unknown: a task that cannot make it is dropped
  BatchSpec batch = {};       // together with others
  int priority = 0;           // higher goes first; equal: the one nearest the exit
  std::shared_ptr<StageBody> body = nullptr;
};

enum class ExecutorKind : uint8_t {
  kCpu,     // `workers` threads, each runs one job
  kDevice,  // `lanes` run at once and one more is submitted ahead; bodies may return kPending
};

struct ExecutorSpec {
  std::string name = {};
  ExecutorKind kind = ExecutorKind::kCpu;
  uint32_t workers = 1;  // threads; a device whose bodies block wants lanes + 1
  uint32_t lanes = 0;    // of a device; 0: as many as workers
  int nice = 0;          // of its threads, as the system understands it
};

struct GraphSpec {
  std::vector<ExecutorSpec> executors;  // empty: one, "cpu", with a worker per core
  std::vector<StageSpec> stages;
};

// A stage as the core runs it.
struct Stage {
  StageSpec spec;
  StageId id = 0;
  uint16_t rank = 0;  // place in the order of priority, 0 first
  ExecutorId executor = 0;
  uint8_t scope = 0;   // 0 the task, else an index into Graph::scopes()
  uint16_t local = 0;  // index among the stages of its scope
  uint8_t waits = 0;   // how many of `next` lists name it, plus one for a join
  uint32_t limit = 0;  // at once; no limit is a large number
  bool batched = false;
  bool any_step = true;                // wanted whatever the step set
  int16_t serial = -1;                 // index of its turn in a stream's record
  int8_t fan = -1;                     // index of its fan-out in its scope's units
  int8_t joins_fan = -1;               // index of the fan-out that it joins, in its own scope
  uint8_t opens_scope = 0;             // of a fan-out: the scope of its items
  int64_t tail_ns = 0;                 // expected time from its start to the exit
  std::vector<StageId> next;           // in its own scope
  std::vector<std::string> waits_for;  // as written, for people
};

// The units of one kind: the task (0), or the items of one fan-out.
struct Scope {
  StageId opened_by = kNoStage;
  StageId joined_by = kNoStage;
  uint8_t parent = 0;
  uint8_t depth = 0;  // 0 task, 1 item, 2 item of an item
  std::vector<StageId> stages = {};
  std::vector<StageId> roots = {};     // entered at once
  std::vector<StageId> fan_outs = {};  // in the order of Stage::fan
};

class Graph {
 public:
  static constexpr std::size_t kMaxStages = 256;
  static constexpr std::size_t kMaxDepth = 2;

  static Result<std::shared_ptr<const Graph>> compile(GraphSpec spec);

  const std::vector<Stage>& stages() const { return stages_; }
  const std::vector<Scope>& scopes() const { return scopes_; }
  const std::vector<ExecutorSpec>& executors() const { return executors_; }
  const Stage& stage(StageId id) const { return stages_[id]; }
  // kNoStage if there is none of that name.
  StageId find(std::string_view name) const;
  std::size_t serial_stages() const { return serial_stages_; }
  std::size_t workers() const;
  // These steps and all that they wait for.
  StepSet with_dependencies(StepSet steps) const;
  // The smallest number of tasks in flight that keeps every stage busy: from the expected times if
  // all are given (sum of times over the slowest stage's time, and one more), else 1.5 per worker.
  uint32_t default_credits() const;

 private:
  friend class GraphCompiler;
  std::vector<Stage> stages_;
  std::vector<Scope> scopes_;
  std::vector<ExecutorSpec> executors_;
  std::vector<StepSet> step_needs_;  // by step
  std::size_t serial_stages_ = 0;
};

}  // namespace weir::flow
