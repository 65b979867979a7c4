// How each stream fares, as a table for a terminal: while it runs, and at the end. Pure.
#pragma once

#include <map>
#include <string>

#include "apps/cli/table.h"
#include "weir/flow/stats.h"

namespace weir::cli {

// Rates are of the window that the stats are of, counts since the stream was opened. `detections`:
// frames that a model really looked at, per second, by stream.
Table streams_table(const flow::FlowStats& stats, const std::map<std::string, double>& detections);

// "–" where there is none yet.
std::string delay_text(int64_t nanoseconds);
std::string rate_text(uint64_t count, double seconds);

}  // namespace weir::cli
