// How many frames of each stream were really looked at by a model as a whole, and not answered from
// memory: what people call detections per second.
//
//   DetectionCount detections(spec);
//   detections.see(task);                     // each result, in the order of its stream
//   detections.of("gate");
//
// It asks the same Cadence as the steps do, so it counts what they did. One thread at a time.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "weir/assemble/pipeline_spec.h"
#include "weir/data/task.h"
#include "weir/step/cadence.h"

namespace weir::cli {

class DetectionCount {
 public:
  explicit DetectionCount(const PipelineSpec& spec);

  void see(const Task& task);
  uint64_t of(const std::string& stream) const;

 private:
  struct Stream {
    std::vector<Cadence> steps;
    uint64_t detections = 0;
  };

  struct Step {
    std::size_t number;
    EverySpec every;
  };
  std::vector<Step> whole_frame_;
  std::map<std::string, Stream> streams_;
};

}  // namespace weir::cli
