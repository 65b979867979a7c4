// What the meters said between two readings, as plain values: for the verdict, for `--stats`, for
// /metrics, for JSON (which others write; flow knows none).
//
// A share is a part of the window, 0 … 1, weighted by time. A mean is an average over the window,
// weighted by time. docs/flow-meter.md defines every field. Thread-compatible, like any value.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "weir/flow/options.h"

namespace weir::flow {

struct Quantiles {
  uint64_t count = 0;
  double mean_ns = 0;
  int64_t p50_ns = 0;
  int64_t p95_ns = 0;
  int64_t p99_ns = 0;
  int64_t max_ns = 0;
};

// So many were at least `from_ns`, and less than `to_ns`.
struct TimeBucket {
  int64_t from_ns = 0;
  int64_t to_ns = 0;
  uint64_t count = 0;
};

struct StageStats {
  std::string name;       // "infer of faces"
  int executor = 0;       // index into FlowStats::executors
  int at_once = 0;        // how many may run at the same time; 0 when only the workers limit it
  std::vector<int> next;  // the stages that work on what it gives; none: it feeds the output

  uint64_t begun = 0;
  uint64_t ended = 0;
  double depth_mean = 0;   // jobs that could run if a worker, or the stage itself, were free
  double full_share = 0;   // time with at least one such job
  double empty_share = 1;  // time with none
  double busy_mean = 0;    // bodies running
  double batch_mean = 0;   // items to a body
  double cpu_share = -1;   // CPU time of a body ÷ its wall time, sampled; -1: not measured
  Quantiles wait;          // from ready to begun
  Quantiles service;       // from begun to ended
};

struct ExecutorStats {
  std::string name;
  int workers = 1;         // threads, or lanes of a device
  bool device = false;     // its bodies wait for hardware, so little CPU means nothing
  double busy_mean = 0;    // bodies running
  double depth_mean = 0;   // jobs waiting for one of its workers
  double full_share = 0;   // time with at least one
  double empty_share = 1;  // time with none
  double cpu_mean = -1;    // cores that its threads used; -1: not measured
  double ready_mean = 0;   // threads that wanted a core and had none (the kernel's run queue)
};

enum class Feed : uint8_t {
  kPosted,  // somebody calls post()
  kPulled,  // a source that gives as fast as it is asked, such as a file
  kLive,    // a source with its own pace, such as a camera
};

struct StreamStats {
  std::string name;
  Feed feed = Feed::kPosted;
  int credits = 1;
  double in_flight_mean = 0;     // credits in use
  double all_credits_share = 0;  // time with every credit in use
  double input_waits_share = 0;  // time with input, a free credit, and no worker that asks for it
  double pull_mean = 0;          // workers inside its source: one, or none
  double no_credits_share = 1;   // time with none in use
  double output_mean = 0;        // finished tasks that nobody has taken yet
  double output_full_share = 0;  // time with at least one such task

  TaskCounts window;
  TaskCounts total;                // since the stream was opened
  Quantiles delay_from_birth;      // of done ones: from the input's arrival to the ordered release
  Quantiles delay_from_admission;  // of done ones: from the credit to the ordered release
  std::vector<TimeBucket> delays;  // from admission; only those that hold any, the shortest first
};

struct FlowStats {
  int64_t from_ns = 0;
  int64_t to_ns = 0;
  int cores = 1;
  TaskCounts total;  // since the start, over all streams, the closed ones too
  // Periods of the CPU quota (of a container) in which it was used up; -1: there is no quota.
  double quota_share = -1;
  double deliver_share = 0;  // time in which results were being handed out (call-backs of sinks)
  std::vector<StageStats> stages;
  std::vector<ExecutorStats> executors;
  std::vector<StreamStats> streams;
  double seconds() const { return static_cast<double>(to_ns - from_ns) * 1e-9; }
};

}  // namespace weir::flow
