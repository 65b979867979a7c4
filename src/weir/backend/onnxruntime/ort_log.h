// Where ONNX Runtime's own lines go: into our log as "onnxruntime", one level lower than it thinks,
// since what matters comes back as an Error as well. On the way we read how many nodes it gave to
// which execution provider, which its interface of this version does not tell otherwise.
#pragma once

#include <onnxruntime_c_api.h>

#include <string_view>
#include <vector>

#include "weir/backend/loaded_model.h"

namespace weir {

void ORT_API_CALL ort_log_line(void* parameter, OrtLoggingLevel level, const char* category,
                               const char* id, const char* place, const char* message);

// Collects the placements that are logged on this thread while it lives. One at a time a thread.
class OrtPlacementListener {
 public:
  OrtPlacementListener();
  ~OrtPlacementListener();
  OrtPlacementListener(const OrtPlacementListener&) = delete;
  OrtPlacementListener& operator=(const OrtPlacementListener&) = delete;
  const std::vector<Placement>& placements() const { return placements_; }

 private:
  std::vector<Placement> placements_;
};

// " All nodes placed on [CPUExecutionProvider]. Number of nodes: 12" adds a Placement; anything
// else is passed over.
void read_placement(std::string_view line, std::vector<Placement>& placements);

}  // namespace weir
