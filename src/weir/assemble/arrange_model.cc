#include "weir/assemble/arrange_model.h"

#include <algorithm>

#include "weir/base/thread_budget.h"

namespace weir {

ModelSpec arrange_model(ModelSpec spec, FlowSpec::Mode mode, int workers, bool says_instances) {
  if (!spec.device.is_cpu()) return spec;
  if (mode == FlowSpec::Mode::kThroughput) {
    if (spec.threads == 0) spec.threads = 1;
    if (!says_instances) spec.instances = std::max(1, workers / spec.threads);
  } else if (spec.threads == 0) {
    spec.threads = plan_threads(ThreadMode::kLatency, workers, spec.instances).intra_op_threads;
  }
  return spec;
}

}  // namespace weir
