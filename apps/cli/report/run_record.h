// What is known of a run after it: plain values between the run and the page about it.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "apps/cli/page/shot.h"
#include "weir/assemble/run_pipeline.h"

namespace weir::cli {

// One piece of the run's time.
struct RunSample {
  double from_s = 0;
  double to_s = 0;
  std::vector<double> busy;  // of each stage: bodies running
  double cores = -1;         // used by the workers; -1: not measured
  double waiting = 0;        // jobs of all stages that wait for a worker
  double in_flight = 0;      // frames of all streams
  std::vector<std::pair<std::string, double>> per_second;  // done, by stream
};

struct RunRecord {
  std::string title;
  std::string about;
  std::string version;
  std::string when;     // local time
  std::string machine;  // its processor
  int cores = 0;
  std::string config;  // the pipeline, as YAML
  std::string chart;   // the same as SVG
  int workers = 0;
  std::vector<std::string> stages;  // those of `RunSample::busy`
  std::vector<RunSample> samples;
  std::vector<Shot> shots;
  std::vector<std::string> files;  // that were written, relative to the page
  RunReport report;
};

}  // namespace weir::cli
