#include "weir/assemble/pipeline_plan.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "weir/assemble/arrange_model.h"
#include "weir/assemble/check_findings.h"
#include "weir/assemble/model_pool.h"
#include "weir/assemble/step_executors.h"
#include "weir/assemble/trace_stages.h"
#include "weir/model/batch_part.h"
#include "weir/ops/draw/synthetic_scene.h"
#include "weir/step/lane_pool.h"
#include "weir/step/model_step.h"
#include "weir/step/parts_pool.h"
#include "weir/step/track_step.h"
#include "weir/step/truth_step.h"
#include "weir/step/work.h"

namespace weir {
namespace {

// What every task passes first: its number, the error it may have come with, which steps its source
// wants, and which version of each model answers for it.
class BeginBody final : public flow::StageBody {
 public:
  explicit BeginBody(std::vector<std::shared_ptr<PooledModel>> models)
      : models_(std::move(models)) {}

  flow::StageResult run(flow::Slot& slot, flow::StopToken) override {
    TaskWork& work = *slot.payload<TaskWork>();
    work.task.seq = static_cast<int64_t>(slot.seq());
    if (work.frame < 0) work.frame = work.task.seq;
    if (work.task.error) return flow::StageResult::fail(*work.task.error);
    work.versions.reserve(models_.size());
    for (const auto& model : models_) work.versions.push_back(model->live->current());
    flow::StageResult result = flow::StageResult::done();
    result.skip = StepSet::all() - work.task.todo;
    return result;
  }

 private:
  const std::vector<std::shared_ptr<PooledModel>> models_;
};

constexpr const char* kBegin = "begin";

class Planner {
 public:
  Planner(Runtime& runtime, const PipelineSpec& spec, const catalogue::PullOptions& options)
      : runtime_(runtime), spec_(spec), options_(options) {}

  Result<PipelinePlan> run() {
    WEIR_TRY(check(spec_));
    WEIR_TRY(check_named());
    workers_ = spec_.flow.threads > 0 ? spec_.flow.threads : runtime_.threads().total();
    executors_.emplace(spec_.flow, workers_);
    plan_.cores = runtime_.cores().join(executors_->threads());
    plan_.steps.resize(spec_.steps.size());
    plan_.order.steps = order_of(spec_);
    for (const auto& [name, step] : spec_.steps) {
      plan_.order.tracks.push_back(step.tracks());
      plan_.order.stays.push_back(step.truth);
    }
    graph_.stages.push_back({.name = kBegin});
    for (const int32_t step : plan_.order.steps) WEIR_TRY(add(step));
    WEIR_TRY(check_findings(spec_, loaded()));
    graph_.stages.front().body = std::make_shared<BeginBody>(plan_.models);
    graph_.executors = executors_->take();
    make_table();
    share_cores(graph_, runtime_.cores());
    if (Trace* trace = runtime_.trace()) trace_stages(graph_, *trace);
    WEIR_ASSIGN(plan_.graph, flow::Graph::compile(std::move(graph_)));
    return std::move(plan_);
  }

 private:
  // Before anything is fetched: what the names of the catalogue tell.
  Status check_named() const {
    const auto named = [](const auto& model) { return !model.second.use.empty(); };
    if (std::none_of(spec_.models.begin(), spec_.models.end(), named)) return {};
    WEIR_ASSIGN(const catalogue::Catalogue* names, runtime_.catalogue());
    return check_findings(spec_, known_models(spec_, runtime_.families(), names));
  }

  // What the models themselves tell, whoever named or guessed their families.
  KnownModels loaded() const {
    KnownModels models;
    for (std::size_t i = 0; i < names_.size(); ++i) {
      const std::shared_ptr<const Model> model = plan_.models[i]->live->current()->model();
      models.emplace(names_[i], known_model(model->info(), model->spec().family_options));
    }
    return models;
  }

  std::string place(const std::string& step, const char* key) const {
    return spec_.place({"steps", step, key});
  }

  Status add(int32_t number) {
    const auto& [name, step] = spec_.steps[static_cast<std::size_t>(number)];
    auto plan = std::make_shared<StepPlan>();
    plan->name = name;
    plan->step = number;
    plan->every = step.every;
    plan->per = step.per;
    plan->priority = step.priority;
    plan->track = step.track;
    plan->truth = step.truth;
    wait_for(*plan, step);
    if (step.tracks()) {
      follow_labels(*plan);
    } else if (step.truth) {
      plan->labels = SyntheticScene::labels();
      plan->forget_after = TrackSpec().lost_frames;  // at the edge of a scene some come back
    } else {
      WEIR_TRY(load(*plan, step));
    }
    auto keep = KeepFilter::make(step.keep, seen_labels(*plan), place(name, "keep"));
    if (!keep) return std::move(keep).error();
    plan->keep = std::move(keep).value();
    plan_.steps[static_cast<std::size_t>(number)] = plan;
    std::vector<flow::StageSpec> stages = stages_of(plan);
    last_stage_[number] = stages.back().name;
    for (flow::StageSpec& stage : stages) graph_.stages.push_back(std::move(stage));
    return {};
  }

  static std::vector<flow::StageSpec> stages_of(const std::shared_ptr<const StepPlan>& plan) {
    if (plan->is_tracker()) return {track_stage(plan)};
    if (plan->truth) return {truth_stage(plan)};
    return model_stages(plan);
  }

  void wait_for(StepPlan& plan, const StepSpec& step) {
    for (const std::string& on : step.on) {
      const int32_t number = spec_.step(on);
      plan.on.push_back(number);
      plan.after.push_back(last_stage_[number]);
      const StepPlan& earlier = *plan_.steps[static_cast<std::size_t>(number)];
      const int64_t forgets =
          earlier.is_tracker() ? earlier.track.lost_frames : earlier.forget_after;
      const bool first = plan.forget_after == StepPlan::kForgetNever;
      plan.forget_after = first ? forgets : std::max(plan.forget_after, forgets);
    }
    if (plan.after.empty()) plan.after.emplace_back(kBegin);
  }

  KeepFilter::Labels seen_labels(const StepPlan& plan) const {
    KeepFilter::Labels seen;
    if (!plan.on_findings()) seen.emplace_back(plan.step, plan.labels);
    for (const int32_t on : plan.on) {
      seen.emplace_back(on, plan_.steps[static_cast<std::size_t>(on)]->labels);
    }
    return seen;
  }

  // A tracker gives the labels of what it follows; those of several steps become one set.
  void follow_labels(StepPlan& plan) const {
    std::vector<std::shared_ptr<const LabelSet>> sets;
    for (const int32_t on : plan.on) {
      sets.push_back(plan_.steps[static_cast<std::size_t>(on)]->labels);
    }
    plan.labels = sets.front();
    const auto same = [&](const auto& set) { return set == sets.front(); };
    if (std::all_of(sets.begin(), sets.end(), same)) return;
    std::vector<std::string> names;
    for (const auto& set : sets) {
      std::vector<int32_t>& map = plan.label_map.emplace_back();
      if (set == nullptr) continue;
      for (const auto& [id, label] : set->entries()) {
        if (id < 0) continue;
        const auto found = std::find(names.begin(), names.end(), label);
        const auto merged = static_cast<int32_t>(found - names.begin());
        if (found == names.end()) names.push_back(label);
        if (map.size() <= static_cast<std::size_t>(id)) {
          map.resize(static_cast<std::size_t>(id) + 1, -1);
        }
        map[static_cast<std::size_t>(id)] = merged;
      }
    }
    plan.labels = std::make_shared<const LabelSet>(std::move(names));
  }

  // The present version of a model of ours, and those that replace it.
  PooledModel::Arrange arrangement(const std::string& name) const {
    const config::Node* models = spec_.written.find("models");
    const config::Node* model = models != nullptr ? models->find(name) : nullptr;
    const bool says = model != nullptr && model->find("instances") != nullptr;
    return [mode = spec_.flow.mode, workers = workers_, says](ModelSpec spec) {
      const bool says_instances = says || spec.instances > 1;
      return arrange_model(std::move(spec), mode, workers, says_instances);
    };
  }

  Status load(StepPlan& plan, const StepSpec& step) {
    WEIR_ASSIGN(plan.version, find_or_open(step.model));
    const std::shared_ptr<LiveModel>& live = plan_.models[plan.version]->live;
    const std::shared_ptr<const Model> model = live->current()->model();
    plan.labels = model->labels();
    plan.batch = model->spec().batch;
    const int instances = model->spec().instances;
    const bool on_cores = model->spec().device.is_cpu();
    plan.lanes = static_cast<uint32_t>(on_cores ? std::min(instances, workers_) : instances);
    if (!takes_batch(*model->parts().front(), plan.batch.max)) plan.batch.max = 1;
    executors_->place(plan, model->spec().device);
    WEIR_ASSIGN(plan.seat, ModelSeat::take(live, {.who = who("steps." + plan.name),
                                                  .score = step.score,
                                                  .prepare = lanes_of(plan)}));
    return {};
  }

  static decltype(ModelUse::prepare) lanes_of(const StepPlan& plan) {
    return plan.in_parts ? PartsPool::maker(plan.runs()) : LanePool::maker(plan.lanes);
  }

  // The place of a model among those of the pipeline; several steps may use one.
  Result<std::size_t> find_or_open(const std::string& name) {
    const auto known = std::find(names_.begin(), names_.end(), name);
    if (known != names_.end()) return static_cast<std::size_t>(known - names_.begin());
    std::shared_ptr<PooledModel> model;
    if (const ModelSpec* own = spec_.model(name)) {
      const std::string called = spec_.loaded_as.empty() ? name : spec_.loaded_as + "." + name;
      auto opened =
          runtime_.pool().open(called, *own, "models." + name, arrangement(name), options_);
      if (!opened) return spec_.placed(std::move(opened).error(), {"models", name});
      model = std::move(opened).value();
    } else {
      WEIR_ASSIGN(model, runtime_.pool().find(name));
    }
    names_.push_back(name);
    plan_.models.push_back(std::move(model));
    return names_.size() - 1;
  }

  std::string who(const std::string& step) const {
    return spec_.loaded_as.empty() ? step : spec_.loaded_as + ": " + step;
  }

  void make_table() {
    std::vector<StepEntry> rows;
    for (const auto& step : plan_.steps) rows.push_back({step->name, step->labels});
    plan_.table = std::make_shared<const StepTable>(std::move(rows));
  }

  Runtime& runtime_;
  const PipelineSpec& spec_;
  const catalogue::PullOptions& options_;
  int workers_ = 1;
  std::optional<StepExecutors> executors_;
  PipelinePlan plan_;
  flow::GraphSpec graph_;
  std::map<int32_t, std::string> last_stage_;
  std::vector<std::string> names_;  // of the models, as the steps have them
};

}  // namespace

Result<PipelinePlan> plan_pipeline(Runtime& runtime, const PipelineSpec& spec,
                                   const catalogue::PullOptions& options) {
  return Planner(runtime, spec, options).run();
}

}  // namespace weir
