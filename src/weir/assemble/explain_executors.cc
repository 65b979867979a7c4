#include "weir/assemble/explain_executors.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "weir/assemble/arrange_model.h"
#include "weir/assemble/step_executors.h"
#include "weir/config/write.h"

namespace weir {
namespace {

// Where the file does not say how many, it is as many as the machine has cores.
constexpr int kAnyWorkers = 1024;

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? " and " : ", ";
    text += words[i];
  }
  return text;
}

class Placing {
 public:
  explicit Placing(const PipelineSpec& spec)
      : spec_(spec),
        workers_(spec.flow.threads > 0 ? spec.flow.threads : kAnyWorkers),
        executors_(spec.flow, workers_) {}

  ExplainExecutors run() {
    for (const auto& [name, step] : spec_.steps) {
      explained_.steps.push_back(step.model.empty() ? own_stage(step) : stages_of(step));
    }
    const std::vector<flow::ExecutorSpec> all = executors_.take();
    for (auto& stages : explained_.steps) {
      for (ExplainStage& stage : stages) {
        if (stage.executor.empty()) stage.executor = all.front().name;
      }
    }
    for (const flow::ExecutorSpec& executor : all) {
      explained_.executors.push_back({executor.name, in_words(executor)});
    }
    return std::move(explained_);
  }

 private:
  static std::vector<ExplainStage> own_stage(const StepSpec& step) {
    return {{step.tracks() ? "track" : "truth", {}}};
  }

  StepPlan plan_of(const StepSpec& step, const ModelSpec& model) {
    StepPlan plan;
    for (const std::string& on : step.on) plan.on.push_back(spec_.step(on));
    plan.every = step.every;
    plan.per = step.per;
    const ModelSpec arranged =
        arrange_model(model, spec_.flow.mode, workers_, says_instances(step, model));
    plan.batch = arranged.batch;
    const bool on_cores = arranged.device.is_cpu();
    plan.lanes = static_cast<uint32_t>(on_cores ? std::min(arranged.instances, workers_)
                                                : arranged.instances);
    executors_.place(plan, arranged.device);
    return plan;
  }

  bool says_instances(const StepSpec& step, const ModelSpec& model) const {
    const config::Node* models = spec_.written.find("models");
    const config::Node* written = models != nullptr ? models->find(step.model) : nullptr;
    return model.instances > 1 || (written != nullptr && written->find("instances") != nullptr);
  }

  std::vector<ExplainStage> stages_of(const StepSpec& step) {
    const ModelSpec* own = spec_.model(step.model);
    const ModelSpec model = own != nullptr ? *own : ModelSpec();
    const StepPlan plan = plan_of(step, model);
    const ExplainStage infer = {plan.in_parts ? "infer" : "run", plan.infer_executor,
                                bounds_of(plan, says_instances(step, model))};
    std::vector<ExplainStage> stages;
    if (plan.on_items()) stages.push_back({"split", {}});
    if (plan.in_parts) stages.push_back({"prepare", plan.prepare_executor});
    stages.push_back(infer);
    if (plan.in_parts) stages.push_back({"interpret", plan.interpret_executor});
    if (plan.on_items()) stages.push_back({"join", plan.interpret_executor});
    return stages;
  }

  // Runs at once that are fewer than the executor's workers, and batches.
  std::string bounds_of(const StepPlan& plan, bool says_instances) const {
    std::string text;
    const bool known = says_instances || spec_.flow.threads > 0;
    if (plan.on_device || (known && static_cast<int>(plan.lanes) < workers_)) {
      text = std::to_string(plan.lanes) + " at once";
    }
    if (plan.batch.max <= 1) return text;
    text += (text.empty() ? "" : ", ") + std::string("batches of up to ") +
            std::to_string(plan.batch.max);
    if (plan.batch.max_age_ms <= 0) return text;
    return text + " that wait " + config::number_text(plan.batch.max_age_ms) + " ms at most";
  }

  std::string in_words(const flow::ExecutorSpec& executor) const {
    if (executor.kind == flow::ExecutorKind::kDevice) {
      const bool one = executor.lanes == 1;
      return std::to_string(executor.lanes) + (one ? " run" : " runs") +
             " at once and one ahead, " + std::to_string(executor.workers) + " threads";
    }
    std::string text =
        std::to_string(executor.workers) + (executor.workers == 1 ? " worker" : " workers");
    if (spec_.flow.threads == 0) {
      text = static_cast<int>(executor.workers) < workers_ ? "a worker for two cores"
                                                           : "a worker per core";
    }
    if (executor.nice > 0) text += ", nice " + std::to_string(executor.nice);
    const bool all = spec_.flow.mode == FlowSpec::Mode::kLatency && runs_models(executor.name);
    return text + (all ? ", a model has all of them" : "");
  }

  bool runs_models(const std::string& executor) const {
    return std::any_of(explained_.steps.begin(), explained_.steps.end(), [&](const auto& stages) {
      return std::any_of(stages.begin(), stages.end(), [&](const ExplainStage& stage) {
        return stage.executor == executor && (stage.name == "infer" || stage.name == "run");
      });
    });
  }

  const PipelineSpec& spec_;
  const int workers_;
  StepExecutors executors_;
  ExplainExecutors explained_;
};

}  // namespace

std::string ExplainExecutors::stages_in_words(std::size_t step) const {
  std::vector<std::pair<std::string, std::vector<std::string>>> by_executor;
  std::string bounds;
  for (const ExplainStage& stage : steps[step]) {
    auto at = std::find_if(by_executor.begin(), by_executor.end(),
                           [&](const auto& row) { return row.first == stage.executor; });
    if (at == by_executor.end()) at = by_executor.insert(at, {stage.executor, {}});
    const std::string bound = stage.bounds.empty() ? "" : " (" + stage.bounds + ")";
    at->second.push_back(stage.name + bound);
  }
  std::string text;
  for (const auto& [executor, stages] : by_executor) {
    text += (text.empty() ? "" : "; ") + joined(stages) + " on " + executor;
  }
  return text;
}

ExplainExecutors executors_of(const PipelineSpec& spec) {
  return Placing(spec).run();
}

}  // namespace weir
