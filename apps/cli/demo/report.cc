#include "apps/cli/demo/report.h"

#include <algorithm>

namespace weir::cli::demo {

bool ModelResult::ok() const {
  return error.empty() && !backends.empty() &&
         std::all_of(backends.begin(), backends.end(),
                     [](const BackendResult& result) { return result.error.empty(); });
}

const BackendResult* ModelResult::fastest() const {
  const BackendResult* best = nullptr;
  for (const BackendResult& result : backends) {
    if (!result.error.empty()) continue;
    if (best == nullptr || result.timing.median_ns < best->timing.median_ns) best = &result;
  }
  return best;
}

std::size_t Report::failed() const {
  return static_cast<std::size_t>(std::count_if(
      models.begin(), models.end(), [](const ModelResult& model) { return !model.ok(); }));
}

}  // namespace weir::cli::demo
