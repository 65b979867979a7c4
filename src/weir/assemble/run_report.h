// What run_pipeline() tells at its end: figures, sinks, sources, and what went wrong. Plain values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "weir/assemble/run_sinks.h"
#include "weir/base/error.h"
#include "weir/flow/stats.h"
#include "weir/flow/verdict.h"

namespace weir {

// A source of the file that there is nothing of: the others run without it.
struct SourceFailure {
  std::string name;
  Error error;  // with the source's place in the file
};

// Sources that were added while a run went on, and are over: those of one name together.
struct GoneSources {
  std::string name;
  uint64_t times = 0;
  flow::TaskCounts counts;
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

}  // namespace weir
