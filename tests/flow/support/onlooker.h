// What somebody sees who only watches jobs and results, and knows nothing of the core's inside:
// whether each stage ran once per unit, in turn, within its limit, and each task came out once, in
// order.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "weir/flow/core.h"

namespace weir::flow {

class Onlooker : public ResultSink {
 public:
  Onlooker(const Graph& graph, uint32_t quick_units);

  void opened(StreamId stream, const StreamOptions& options);
  void limited(StageId stage, uint32_t limit);
  void submitted(StreamId stream, const Submission& submission, Admit said);
  void starts(const Job& job);
  // Before the core is told.
  void ends(const Job& job, const StageResult& whole, std::span<const StageResult> each);
  void left(const Finished& finished);
  void on_result(Finished result) override { left(result); }

  TaskId some_task(uint64_t dice) const { return tasks_.empty() ? 0 : dice % tasks_.size() + 1; }
  const std::string& wrong() const { return wrong_; }
  std::string at_the_end() const;

 private:
  // How often a stage ran for a task: on itself, or on its items.
  struct TaskSeen {
    std::vector<uint16_t> ran;
    std::vector<uint16_t> expected;  // runs that the fan-outs above promised; kMany if unknown
    StepSet steps;
    bool out = false;
    bool disturbed = false;  // something failed, was skipped or gated: runs may be missing
  };
  struct StreamSeen {
    StreamId id;
    bool ordered = true;
    uint64_t next_seq = 0;
    std::vector<uint64_t> turn;  // by serial stage: the last (seq, item) that was inside
    std::vector<bool> inside;
  };
  TaskSeen& seen(TaskId id);
  StreamSeen& stream(StreamId id);
  void check_runs(const TaskSeen& task);
  void unit_starts(const Node& node, const Stage& stage);
  void unit_ends(const Node& node, const Stage& stage, const StageResult& result, bool again);

  const Graph& graph_;
  const uint32_t quick_units_;
  std::vector<uint32_t> running_;
  std::vector<uint32_t> limit_;
  std::vector<TaskSeen> tasks_;  // by id
  std::vector<StreamSeen> streams_;
  std::string wrong_;
};

}  // namespace weir::flow
