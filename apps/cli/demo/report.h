// What `weir demo` found out: plain values between the runs and the page.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "apps/cli/page/shot.h"
#include "apps/cli/report/run_record.h"
#include "weir/backend/loaded_model.h"
#include "weir/base/stopwatch.h"

namespace weir::cli::demo {

// One model on one back end.
struct BackendResult {
  std::string backend;
  std::string version;
  std::string precision;
  std::string error;  // empty: it ran
  Timing timing;
  double items_per_second = 0;

  double median_ms() const { return static_cast<double>(timing.median_ns) / 1e6; }
};

// What several models found together.
struct Scene {
  std::string title;
  std::string about;
  std::vector<std::string> models;
  std::vector<Shot> shots;
  std::string error;  // why it was not played to the end
};

struct ModelResult {
  std::string name;
  std::string task;
  std::string about;
  std::string licence;
  std::string source;   // who made it
  std::string package;  // where it came from
  std::string file;
  uint64_t bytes = 0;
  std::string facts;       // "3.5 M parameters, 523 M multiply-adds, float32"
  std::string input_note;  // what it was fed with
  std::string error;       // why nothing ran at all
  std::vector<TensorInfo> inputs;
  std::vector<TensorInfo> outputs;
  std::vector<BackendResult> backends;
  std::vector<Shot> shots;

  // Something ran, and nothing failed.
  bool ok() const;
  const BackendResult* fastest() const;
};

struct Report {
  std::string version;
  std::string when;  // local time
  std::string machine;
  std::string system;
  int cores = 0;
  int warm_up = 0;
  double seconds = 0;                 // of measuring, per model and back end
  std::vector<std::string> backends;  // "onnxruntime 1.31.1"
  std::optional<RunRecord> street;    // the run that leads the page
  std::string street_error;           // why there is none
  std::vector<ModelResult> models;
  std::vector<Scene> scenes;

  std::size_t failed() const;
};

}  // namespace weir::cli::demo
