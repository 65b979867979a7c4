#include "weir/assemble/step_executors.h"

#include <algorithm>
#include <string>
#include <utility>

namespace weir {
namespace {

constexpr const char* kPrepare = "prepare";
constexpr const char* kInfer = "infer";
constexpr const char* kInterpret = "interpret";

}  // namespace

StepExecutors::StepExecutors(const FlowSpec& flow, int workers)
    : three_(flow.executors == FlowSpec::Executors::kThree) {
  const auto all = static_cast<uint32_t>(workers);
  if (!three_) {
    executors_ = {{.name = "cpu", .workers = all, .nice = flow.nice}};
    return;
  }
  // Mostly there is more to prepare than to read.
  executors_ = {{.name = kPrepare, .workers = (all + 1) / 2, .nice = flow.nice},
                {.name = kInfer, .workers = all, .nice = flow.nice},
                {.name = kInterpret, .workers = std::max(1U, all / 2), .nice = flow.nice}};
}

void StepExecutors::place(StepPlan& plan, const Device& device) {
  plan.on_device = !device.is_cpu();
  plan.in_parts = three_ || !device.is_cpu() || plan.batch.max > 1;
  if (three_) {
    plan.prepare_executor = kPrepare;
    plan.infer_executor = kInfer;
    plan.interpret_executor = kInterpret;
  }
  if (!device.is_cpu()) plan.infer_executor = of_device(device, plan.lanes);
}

int StepExecutors::threads() const {
  int threads = 0;
  for (const flow::ExecutorSpec& executor : executors_) {
    if (executor.kind == flow::ExecutorKind::kCpu) threads += static_cast<int>(executor.workers);
  }
  return threads;
}

// Where runs cannot be started without waiting, its bodies wait for the device, so one thread more
// than run at once hands the next one over.
std::string StepExecutors::of_device(const Device& device, uint32_t lanes) {
  std::string name = to_string(device);
  const auto known = std::find_if(executors_.begin(), executors_.end(),
                                  [&](const auto& executor) { return executor.name == name; });
  if (known == executors_.end()) {
    executors_.push_back(
        {.name = name, .kind = flow::ExecutorKind::kDevice, .workers = lanes + 1, .lanes = lanes});
    return name;
  }
  known->lanes += lanes;
  known->workers += lanes;
  return name;
}

}  // namespace weir
