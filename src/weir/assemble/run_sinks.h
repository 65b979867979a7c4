// The sinks of a run: each has a thread and a short queue of its own, so that writing and encoding
// go on beside the work, a slow sink keeps no other waiting, and none sits on a worker.
//
//   WEIR_ASSIGN(auto sinks, RunSinks::open(spec, [&] { stop(); }));
//   sinks->write(task, RunSinks::Full::kWait);                     // from any thread
//   std::vector<SinkReport> reports = sinks->finish({"gate"});     // after the last write
//
// Each sink sees the tasks in the order in which they were handed in. The threads are not of the
// thread budget: they wait for most of the time.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "weir/assemble/pipeline_spec.h"
#include "weir/base/result.h"
#include "weir/data/task.h"

namespace weir {

struct SinkReport {
  std::string name;  // "jsonl out/results.jsonl"
  uint64_t written = 0;
  uint64_t failed = 0;
  uint64_t dropped = 0;  // of live sources: what came while its queue was full
  std::optional<Error> first_error = {};
};

class RunSinks {
 public:
  // What is done with a task for a sink whose queue is full.
  enum class Full : uint8_t {
    kWait,  // nothing is lost: whoever hands it in waits
    kDrop,  // this sink does without it, and counts it
  };
  // Tasks that wait for a sink; each keeps its picture.
  static constexpr std::size_t kQueue = 4;

  // `on_stop`: a sink failed that is to end the run; called by its thread.
  static Result<std::unique_ptr<RunSinks>> open(const PipelineSpec& spec,
                                                std::function<void()> on_stop);
  // Writes what is queued, and joins.
  ~RunSinks();

  void write(std::shared_ptr<const Task> task, Full full);
  // Waits for what is queued, and closes the files of these streams and all others. Once.
  std::vector<SinkReport> finish(const std::vector<std::string>& streams);

 private:
  class One;
  RunSinks();

  std::vector<std::unique_ptr<One>> all_;
};

}  // namespace weir
