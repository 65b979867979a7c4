// Runs a pipeline with the sources and sinks of its file, to the end.
//
//   const Interrupt interrupt;
//   WEIR_ASSIGN(RunReport report, run_pipeline(*pipe, {.stop = interrupt.token()}));
//   puts(report.verdict.words.c_str());
//
// The calling thread waits; the pipeline's workers read and work, and each sink has a thread that
// writes. Once for a pipeline.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "weir/assemble/pipeline.h"
#include "weir/assemble/run_sinks.h"
#include "weir/assemble/run_sources.h"
#include "weir/flow/stats.h"
#include "weir/flow/verdict.h"
#include "weir/source/source_control.h"

namespace weir {

struct RunProgress {
  uint64_t ended = 0;     // tasks of all sources
  uint64_t expected = 0;  // 0: not known
  double seconds = 0;
};

struct RunOptions {
  // Asks the sources to end; what is under way is still finished and written.
  std::stop_token stop = {};
  // After that, a sink whose write does not end for so long is given up.
  std::chrono::milliseconds sink_patience{5000};
  // Adds and removes sources while it runs; null: there are those of the file.
  SourceControl* control = nullptr;
  // Called by the calling thread, now and then.
  std::function<void(const RunProgress&)> progress = nullptr;
  int progress_ms = 200;
  // Sees each result when it has been handed to the sinks; one call at a time.
  std::function<void(const Task&)> on_task = nullptr;
};

struct RunReport {
  flow::FlowStats stats;  // of the whole run
  flow::FlowVerdict verdict;
  std::vector<SinkReport> sinks;
  std::vector<SourceFailure> failed_sources;  // could not be opened; the others ran
  // Were added while it ran, and are over: their streams have no rows in `stats`, but are in its
  // total.
  std::vector<GoneSources> gone_sources;
  uint64_t findings = 0;
  uint64_t reused = 0;                                    // of the findings
  std::vector<std::pair<std::string, uint64_t>> by_step;  // findings
  std::optional<Error> first_failure = {};                // of a task
  bool stopped = false;                                   // before the sources ended
  double seconds = 0;
};

// An Error if there are no sources, none of them or not every sink can be opened: then nothing ran.
Result<RunReport> run_pipeline(Pipeline& pipeline, const RunOptions& options = {});

}  // namespace weir
