#include "weir/step/truth_step.h"

#include <utility>

#include "weir/step/item_work.h"

namespace weir {
namespace {

class TruthBody final : public flow::StageBody {
 public:
  explicit TruthBody(std::shared_ptr<const StepPlan> plan) : plan_(std::move(plan)) {}

  flow::StageResult run(flow::Slot& slot, flow::StopToken) override {
    result_of(*plan_, slot).findings = slot.payload<TaskWork>()->task.truth;
    give_found(*plan_, slot);
    return flow::StageResult::done();
  }

 private:
  const std::shared_ptr<const StepPlan> plan_;
};

}  // namespace

flow::StageSpec truth_stage(std::shared_ptr<const StepPlan> plan) {
  flow::StageSpec stage;
  stage.name = plan->name;
  stage.step = plan->step;
  stage.after = plan->after;
  stage.priority = plan->priority;
  stage.body = std::make_shared<TruthBody>(std::move(plan));
  return stage;
}

}  // namespace weir
