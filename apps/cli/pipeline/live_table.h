// What `weir run` shows of itself while it runs, as lines for a terminal. Pure functions.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "apps/cli/terminal.h"
#include "weir/assemble/run_pipeline.h"

namespace weir::cli {

// The last second or so of a run.
struct LiveWindow {
  RunProgress progress;
  flow::FlowStats stats;
  double per_second = 0;                     // frames done, of all streams, since the start
  std::map<std::string, double> detections;  // per second, by stream
};

// "run  [######......]  31 %  245/795  42.1/s  13 s left"
std::string progress_line(const LiveWindow& window);
// The line of progress, a table of the streams, one of the stages (the busiest, where there is no
// room for all), and what holds it back: at most `rows` lines, none wider than the terminal.
std::vector<std::string> live_lines(const LiveWindow& window, const Terminal& terminal,
                                    std::size_t rows);

}  // namespace weir::cli
