// What `weir demo` found out: plain values between the runs and the page.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

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

struct Detection {
  std::string label;
  float score = 0;
  float x1 = 0, y1 = 0, x2 = 0, y2 = 0;
  std::string picture = {};  // the file that it was found in
};

// A picture of the page, as the bytes of a JPEG file.
struct Shot {
  std::vector<uint8_t> jpeg;
  int width = 0;
  int height = 0;
  std::string alt;           // what is on it, for whoever does not see it
  std::string caption;       // under it
  std::string picture = {};  // the file that it shows
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
  std::vector<Shot> shots;  // of a detector: one for each picture, with its boxes
  bool decoded = false;     // the outputs were read as findings
  std::vector<Detection> detections;

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
  std::vector<ModelResult> models;

  std::size_t failed() const;
};

}  // namespace weir::cli::demo
