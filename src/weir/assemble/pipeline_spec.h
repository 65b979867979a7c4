// What a pipeline file says: models, steps, sources, sinks, and how the flow is to run.
//
//   WEIR_ASSIGN(PipelineSpec spec, read_pipeline_file("street.yaml"));
//
// A plain value, checked as far as that needs no model: names, cycles, the number of steps.
// docs/pipelines.md has every key.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "weir/base/log.h"
#include "weir/base/result.h"
#include "weir/config/fields.h"
#include "weir/config/load.h"
#include "weir/model/spec.h"
#include "weir/sink/spec.h"
#include "weir/source/spec.h"
#include "weir/step/spec.h"

namespace weir {

struct FlowSpec {
  enum class Mode : uint8_t {
    kThroughput,  // several frames side by side, one thread each
    kLatency,     // one frame at a time on all cores
  };

  enum class Executors : uint8_t {
    kOne,    // the workers run everything
    kThree,  // preparing, inferring and interpreting have threads of their own
  };

  Mode mode = Mode::kThroughput;
  Executors executors = Executors::kOne;
  int32_t threads = 0;  // of the flow; 0: as the thread budget gives
  int32_t nice = 0;     // of the workers, as the system understands it: 19 gives way to all others
  int32_t credits = 0;  // frames of a source under way at the same time; 0: what keeps it busy
};

struct PipelineSpec {
  config::Named<ModelSpec> models = {};
  config::Named<StepSpec> steps = {};
  config::Named<SourceSpec> sources = {};
  std::vector<SinkSpec> sinks = {};
  FlowSpec flow = {};
  // Of the whole process, so a pipeline does not set it: `weir run` does, and a program may with
  // configure_log(). Nothing: the file does not speak of it.
  std::optional<LogConfig> log = {};

  // Not of the file. What a Runtime calls it, and which models of the Runtime its steps may use
  // beside its own.
  std::string loaded_as = {};
  std::vector<std::string> loaded_models = {};

  config::Node written = {};  // what it was read from, for places; null: it was made by a program

  const ModelSpec* model(const std::string& name) const;
  // The number of a step; -1 if there is none.
  int32_t step(const std::string& name) const;
  std::vector<std::string> step_names() const;
  // Where a value stands in the file ("street.yaml:3:5"), or its path ("steps.people.on").
  std::string place(const std::vector<std::string>& path) const;
  // What is wrong with the value at `path`, or with a key below it, with its place in the file.
  // What the error names in its place, a file or a name of the catalogue, goes into the message.
  Error placed(Error error, std::vector<std::string> path) const;
};

std::vector<config::EnumName<FlowSpec::Mode>> config_names(FlowSpec::Mode);
std::vector<config::EnumName<FlowSpec::Executors>> config_names(FlowSpec::Executors);
const config::Fields<FlowSpec>& config_fields(const FlowSpec*);
const config::Fields<PipelineSpec>& config_fields(const PipelineSpec*);

Result<PipelineSpec> read_pipeline_spec(const config::Node& root,
                                        std::vector<std::string> loaded_models = {});
// With its includes, overrides and references.
Result<PipelineSpec> read_pipeline_file(const std::string& path,
                                        const config::LoadOptions& options = {},
                                        std::vector<std::string> loaded_models = {});

// What no field can say: every name that is used is there, no step waits for itself, 64 steps at
// most, sinks write files that their formats have, and where the file names the families, steps
// find what those `on` them and the sinks need. For a spec that a program made; reading one has
// done it.
Status check(const PipelineSpec& spec);

// The steps, each after those that it looks at, otherwise in the order of the file. For a spec that
// is right.
std::vector<int32_t> order_of(const PipelineSpec& spec);

}  // namespace weir
