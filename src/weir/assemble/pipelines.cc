#include "weir/assemble/pipelines.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "weir/assemble/model_pool.h"
#include "weir/base/nearest_name.h"

namespace weir {
namespace {

// Each has workers of its own, asleep while nobody asks.
constexpr std::size_t kRemembered = 4;

ModelSpec spec_of(const std::string& model) {
  ModelSpec spec;
  std::error_code unknown;
  if (std::filesystem::exists(model, unknown)) {
    spec.file.path = model;
  } else {
    spec.use = model;
  }
  return spec;
}

}  // namespace

// In its own file, where Pipeline is known.
Pipelines::~Pipelines() = default;

Status Pipelines::load(const std::string& name, PipelineSpec spec,
                       const catalogue::PullOptions& options) {
  if (name.empty()) return Error(ErrorCode::kInvalidArgument, "a pipeline needs a name");
  const Error taken(ErrorCode::kInvalidArgument, "a pipeline is called '" + name + "' already",
                    name, "unload_pipeline() makes room");
  {
    const MutexLock lock(mutex_);
    if (loaded_.contains(name)) return taken;
  }
  spec.loaded_as = name;
  spec.loaded_models = runtime_.pool().names();
  WEIR_ASSIGN(std::shared_ptr<Pipeline> pipeline,
              Pipeline::make(runtime_, std::move(spec), options));
  const MutexLock lock(mutex_);
  if (!loaded_.emplace(name, std::move(pipeline)).second) return taken;
  return {};
}

Result<std::shared_ptr<Pipeline>> Pipelines::find(const std::string& name) const {
  const MutexLock lock(mutex_);
  const auto found = loaded_.find(name);
  if (found != loaded_.end()) return found->second;
  std::vector<std::string> known;
  for (const auto& [other, pipeline] : loaded_) known.push_back(other);
  return Error(ErrorCode::kNotFound, "no pipeline is called '" + name + "'", "",
               known.empty() ? "load_pipeline() loads one" : hint_for_name(name, known));
}

Status Pipelines::unload(const std::string& name) {
  WEIR_ASSIGN(const auto gone, find(name));  // ends when the lock is free again
  const MutexLock lock(mutex_);
  loaded_.erase(name);
  return {};
}

Status Pipelines::submit_missing(const std::vector<std::string>& models) {
  for (const std::string& model : models) {
    if (runtime_.pool().find(model)) continue;
    const Status submitted = runtime_.submit(model, spec_of(model));
    // Somebody else may have been faster.
    if (!submitted && !runtime_.pool().find(model)) return submitted.error();
  }
  return {};
}

Result<std::shared_ptr<Pipeline>> Pipelines::of_models(const std::vector<std::string>& models) {
  {
    const MutexLock lock(mutex_);
    const auto found = std::find_if(of_models_.begin(), of_models_.end(),
                                    [&](const OfModels& of) { return of.models == models; });
    if (found != of_models_.end()) {
      of_models_.splice(of_models_.begin(), of_models_, found);
      return found->pipeline;
    }
  }
  WEIR_TRY(submit_missing(models));
  PipelineSpec spec;
  spec.loaded_as = "requests";
  spec.loaded_models = models;
  for (const std::string& model : models) spec.steps.push_back({model, {.model = model}});
  WEIR_ASSIGN(std::shared_ptr<Pipeline> pipeline, Pipeline::make(runtime_, std::move(spec)));
  std::list<OfModels> gone;  // ends when the lock is free again
  const MutexLock lock(mutex_);
  of_models_.push_front({models, pipeline});
  while (of_models_.size() > kRemembered) {
    gone.splice(gone.begin(), of_models_, std::prev(of_models_.end()));
  }
  return pipeline;
}

void Pipelines::forget(const std::string& model) {
  std::list<OfModels> gone;
  const MutexLock lock(mutex_);
  for (auto at = of_models_.begin(); at != of_models_.end();) {
    const auto next = std::next(at);
    const bool uses = std::find(at->models.begin(), at->models.end(), model) != at->models.end();
    if (uses && at->pipeline.use_count() == 1) gone.splice(gone.begin(), of_models_, at);
    at = next;
  }
}

}  // namespace weir
