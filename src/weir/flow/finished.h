// A task that has left the flow, and whoever is told of it.
#pragma once

#include <cstdint>
#include <memory>

#include "weir/base/error.h"
#include "weir/data/outcome.h"
#include "weir/flow/ids.h"
#include "weir/flow/payload.h"

namespace weir::flow {

class ResultSink;

struct Finished {
  StreamId stream;
  TaskId task = 0;
  uint64_t seq = 0;      // in its stream; means nothing if it was not admitted
  bool admitted = true;  // false: dropped at the source, before any work
  Outcome outcome = Outcome::kDone;
  std::unique_ptr<Error> error;  // of kFailed
  Payload payload;
  int64_t birth_ns = 0;
  int64_t admitted_ns = 0;
  int64_t finished_ns = 0;
  ResultSink* sink = nullptr;
};

// Called by a worker, not under a lock; one call at a time for a stream, in the stream's order.
// Must outlive the tasks that name it.
class ResultSink {
 public:
  virtual ~ResultSink() = default;
  virtual void on_result(Finished result) = 0;
};

}  // namespace weir::flow
