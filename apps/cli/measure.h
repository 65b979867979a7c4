// Measures a model on one back end: fills its inputs, warms up, repeats, checks what comes out.
//
//   WEIR_ASSIGN(Measurement m, measure(*model, plan, runtime.clock(), runtime.trace()));
//   m.timing.median_ns;
//
// One thread calls; the back end may use more inside.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "weir/backend/backend.h"
#include "weir/base/clock.h"
#include "weir/base/result.h"
#include "weir/base/stopwatch.h"
#include "weir/base/trace.h"

namespace weir::cli {

struct MeasurePlan {
  int warm_up = 3;
  int repeat = 0;      // this many runs; 0: as many as fit into `seconds`, at least kFewest
  double seconds = 1;  // and at most kMost
  int64_t batch = 0;   // what stands for an open first size; 0: 1
  std::map<std::string, Shape> shapes;   // of inputs, by name; over `batch`
  std::map<std::string, double> values;  // fills an input with one number
  uint32_t seed = 1;                     // of everything else

  // Fills an input in another way; false = not this one. Called once per input, before the runs.
  std::function<Result<bool>(const TensorInfo& info, const TensorView& view)> fill;

  static constexpr int kFewest = 5;
  static constexpr int kMost = 100'000;
};

struct Measurement {
  Timing timing;
  int64_t batch = 1;
  double items_per_second = 0;      // batch ÷ mean time
  std::vector<TensorInfo> inputs;   // with the shapes that were run
  std::vector<TensorInfo> outputs;  // with the shapes that came out
  int64_t not_finite = 0;           // elements of the last outputs that are NaN or infinite
};

// The shape that an input is run with: an Error tells which --shape is needed.
Result<Shape> choose_shape(const TensorInfo& input, const MeasurePlan& plan);
// The same numbers for the same seed on every machine: floats in [0, 1), bytes in [0, 255], other
// integers and booleans 1 (masks and lengths; a random index could lie outside).
Status fill_input(const TensorInfo& input, const TensorView& view, const MeasurePlan& plan);

// The outputs are those of `session` afterwards.
Result<Measurement> measure(Session& session, const MeasurePlan& plan, const Clock& clock,
                            Trace* trace);

// "--shape name=1x3x640x640" and "--value name=16000".
Result<std::map<std::string, Shape>> parse_shapes(const std::vector<std::string>& words);
Result<std::map<std::string, double>> parse_values(const std::vector<std::string>& words);

}  // namespace weir::cli
