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
#include <stop_token>

#include "weir/assemble/pipeline.h"
#include "weir/assemble/run_report.h"
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
  // Sees each result when it has been handed to the sinks; one call at a time. It may ask for the
  // end of the run.
  std::function<void(const Task&)> on_task = nullptr;
};

// An Error if there are no sources, none of them or not every sink can be opened: then nothing ran.
Result<RunReport> run_pipeline(Pipeline& pipeline, const RunOptions& options = {});

}  // namespace weir
