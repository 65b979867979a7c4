// What open() does last when the spec has shape ranges: one run at the maximum, so that a model
// which cannot keep what its file promises is refused before anything depends on it.
#pragma once

#include <memory>

#include "weir/backend/loaded_model.h"
#include "weir/base/result.h"

namespace weir {

// The session after its run, for the sizes of its outputs. Null if there was nothing to try: no
// range, or an input whose shape stays open.
Result<std::unique_ptr<Session>> run_at_max(const LoadedModel& model);

}  // namespace weir
