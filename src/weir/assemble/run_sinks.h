// The sinks of a run: each has a thread and a short queue of its own, so that writing and encoding
// go on beside the work, a slow sink keeps no other waiting, and none sits on a worker.
//
//   WEIR_ASSIGN(auto sinks, RunSinks::open(spec, {.stop = …, .hold = …, .release = …}));
//   sinks->write(task, stream, "gate", RunSinks::Full::kHold);     // from any thread
//   sinks->finish_stream("gate");                                  // after the last of the stream
//   std::vector<SinkReport> reports = sinks->finish();               // after the last of all
//
// Each sink sees the tasks in the order in which they were handed in. The threads are not of the
// thread budget: they wait for most of the time.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "weir/assemble/pipeline_spec.h"
#include "weir/base/result.h"
#include "weir/data/task.h"
#include "weir/flow/pipeline.h"

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
    kHold,  // nothing is lost: the results of its stream are held until there is room again
    kDrop,  // this sink does without it, and counts it
  };
  // Of a live source nobody waits.
  static Full when_full(const SourceSpec& source) {
    return source.live ? Full::kDrop : Full::kHold;
  }
  // Tasks that wait for a sink; each keeps its picture.
  static constexpr std::size_t kQueue = 4;

  // What sinks ask of the run, from threads of theirs and of whoever writes; all are wanted.
  struct Calls {
    // One failed that is to end the run, or those who read what all of them write have gone.
    std::function<void()> stop;
    // Each sink that is full holds the streams whose results it was given meanwhile, once.
    std::function<void(flow::StreamId)> hold;
    std::function<void(flow::StreamId)> release;
  };
  static Result<std::unique_ptr<RunSinks>> open(const PipelineSpec& spec, const Calls& calls);
  // Writes what is queued, and joins.
  ~RunSinks();

  // Never waits. A queue may hold more by what is on its way from each stream that it holds. A sink
  // that names sources takes what comes from these.
  void write(const std::shared_ptr<const Task>& task, flow::StreamId stream,
             const std::string& source, Full full);
  // The files of this stream alone are closed once what was written of it is in them. Never waits.
  void finish_stream(const std::string& stream);
  // Gives up each sink that has not ended a write for so long: what waits for it and what comes is
  // dropped. A write that waits for the reader of a pipe ends then; one that a file system does not
  // let go is waited for all the same.
  void give_up_stuck(std::chrono::milliseconds patience);
  // Waits for what is queued, and closes all files. Once. Calls
  // `meanwhile` every now and then, which may give up.
  std::vector<SinkReport> finish(const std::function<void()>& meanwhile = [] {});

 private:
  class One;
  RunSinks();

  std::vector<std::unique_ptr<One>> all_;
};

}  // namespace weir
