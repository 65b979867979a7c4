// What to feed to inputs that are no pictures: sizes where a model leaves them open, and numbers
// that must not be random, such as a sample rate.
#pragma once

#include <string>
#include <vector>

#include "apps/cli/measure.h"
#include "weir/backend/loaded_model.h"
#include "weir/base/result.h"
#include "weir/catalogue/entry.h"

namespace weir::cli::demo {

Result<MeasurePlan> fixed_inputs(const catalogue::Entry& entry, const std::string& file,
                                 const std::vector<TensorInfo>& inputs);

}  // namespace weir::cli::demo
