#include "weir/assemble/model_pool.h"

#include <algorithm>
#include <utility>

#include "weir/assemble/arrange_model.h"
#include "weir/base/nearest_name.h"
#include "weir/model/lane.h"

namespace weir {
namespace {

ModelRow row_of(const PooledModel& model) {
  const auto version = model.live->current();
  const Model& now = *version->model();
  const ModelReport& report = now.parts().front()->report();
  ModelRow row;
  row.name = model.name;
  row.family = now.info().name;
  row.backend = report.backend;
  row.device = report.device;
  row.version = version->number();
  row.instances = now.spec().instances;
  row.calls = model.live->counts().calls.load();
  if (row.calls > 0) {
    row.mean_ms = static_cast<double>(model.live->counts().time_ns.load()) / 1e6 /
                  static_cast<double>(row.calls);
  }
  row.memory_bytes = version->memory_bytes();
  row.used_by = model.live->used_by();
  return row;
}

Error taken(const std::string& name) {
  return Error(ErrorCode::kInvalidArgument, "a model is called '" + name + "' already", name,
               "update() replaces it, unload() makes room");
}

// A spec that its user gave no threads is arranged as a pipeline's own are.
ModelSpec arrange_submitted(ModelSpec spec, int threads) {
  const bool says_instances = spec.instances > 1;
  return arrange_model(std::move(spec), FlowSpec::Mode::kThroughput, threads, says_instances);
}

// What is wrong with it is known before anybody uses it.
Status try_out(const Model& model) {
  WEIR_ASSIGN(const auto lane, model.make_lane());
  return {};
}

}  // namespace

// Old and new are both open for a while; of their threads only the larger number counts.
Result<OpenedModel> ModelPool::open_files(const PooledModel& model, const ModelSpec& spec,
                                          const catalogue::PullOptions& options) {
  return runtime_.open_model(model.arrange(spec), model.place, options,
                             Runtime::RunsOn::kCallersThreads, model.turns);
}

Result<std::shared_ptr<PooledModel>> ModelPool::load(const std::string& place,
                                                     const ModelSpec& spec,
                                                     PooledModel::Arrange arrange,
                                                     const catalogue::PullOptions& options) {
  auto model = std::make_shared<PooledModel>();
  model->place = place;
  model->turns = place + " " + std::to_string(++count_);
  model->arrange = std::move(arrange);
  WEIR_ASSIGN(OpenedModel opened, open_files(*model, spec, options));
  WEIR_ASSIGN(model->live, LiveModel::make(runtime_.families(), runtime_.reaper(), place,
                                           opened.spec, std::move(opened.parts)));
  const MutexLock lock(model->changing);
  model->spec = spec;
  return model;
}

Status ModelPool::submit(const std::string& name, const ModelSpec& spec,
                         const catalogue::PullOptions& options) {
  if (name.empty()) return Error(ErrorCode::kInvalidArgument, "a model needs a name");
  if (find(name)) return taken(name);
  const int threads = runtime_.threads().total();
  WEIR_ASSIGN(
      auto model,
      load(
          "models." + name, spec,
          [threads](ModelSpec of) { return arrange_submitted(std::move(of), threads); }, options));
  WEIR_TRY(try_out(*model->live->current()->model()));
  model->name = name;
  const MutexLock lock(mutex_);
  const auto lent = lent_.find(name);
  if (lent != lent_.end() && !lent->second.expired()) return taken(name);
  if (!kept_.emplace(name, std::move(model)).second) return taken(name);
  return {};
}

Result<std::shared_ptr<PooledModel>> ModelPool::open(const std::string& name, const ModelSpec& spec,
                                                     const std::string& place,
                                                     PooledModel::Arrange arrange,
                                                     const catalogue::PullOptions& options) {
  WEIR_ASSIGN(auto model, load(place, spec, std::move(arrange), options));
  const MutexLock lock(mutex_);
  model->name = name;
  const auto is_taken = [&]() WEIR_NO_THREAD_SAFETY_ANALYSIS {
    const auto lent = lent_.find(model->name);
    return kept_.contains(model->name) || (lent != lent_.end() && !lent->second.expired());
  };
  for (int i = 2; is_taken(); ++i) model->name = name + "#" + std::to_string(i);
  lent_[model->name] = model;
  return model;
}

Status ModelPool::change(PooledModel& model, const ModelSpec& spec,
                         const catalogue::PullOptions& options) {
  WEIR_ASSIGN(OpenedModel opened, open_files(model, spec, options));
  if (model.live->used_by().empty()) {
    WEIR_ASSIGN(const auto next,
                Model::make(runtime_.families(), opened.spec, opened.parts, model.place));
    WEIR_TRY(try_out(*next));
  }
  WEIR_TRY(model.live->switch_to(opened.spec, std::move(opened.parts)));
  model.spec = spec;
  return {};
}

Status ModelPool::update(const std::string& name, const ModelSpec& spec,
                         const catalogue::PullOptions& options) {
  WEIR_ASSIGN(const auto model, find(name));
  const MutexLock lock(model->changing);
  return change(*model, spec, options);
}

Status ModelPool::move(const std::string& name, Device device) {
  WEIR_ASSIGN(const auto model, find(name));
  const MutexLock lock(model->changing);
  ModelSpec spec = model->spec;
  spec.device = device;
  for (auto& [part, component] : spec.components) component.device.reset();
  return change(*model, spec, {});
}

Status ModelPool::unload(const std::string& name) {
  WEIR_ASSIGN(std::shared_ptr<PooledModel> model, find(name));
  const std::vector<std::string> users = model->live->used_by();
  if (!users.empty()) {
    std::string list;
    for (const std::string& user : users) list += (list.empty() ? "" : ", ") + user;
    return Error(ErrorCode::kUnavailable, "it is used by " + list, name,
                 "end the pipeline first; update() replaces a model that is in use");
  }
  const MutexLock lock(mutex_);
  kept_.erase(name);
  return {};
}

std::vector<std::shared_ptr<PooledModel>> ModelPool::all() const {
  const MutexLock lock(mutex_);
  std::vector<std::shared_ptr<PooledModel>> models;
  for (const auto& [name, model] : kept_) models.push_back(model);
  for (auto lent = lent_.begin(); lent != lent_.end();) {
    auto model = lent->second.lock();
    if (model != nullptr) models.push_back(std::move(model));
    lent = lent->second.expired() ? lent_.erase(lent) : std::next(lent);
  }
  std::sort(models.begin(), models.end(),
            [](const auto& a, const auto& b) { return a->name < b->name; });
  return models;
}

Result<std::shared_ptr<PooledModel>> ModelPool::find(const std::string& name) const {
  std::vector<std::string> known;
  for (auto& model : all()) {
    if (model->name == name) return std::move(model);
    known.push_back(model->name);
  }
  return Error(ErrorCode::kNotFound, "no model is called '" + name + "'", "",
               known.empty() ? "submit() loads one" : hint_for_name(name, known));
}

std::vector<std::string> ModelPool::names() const {
  std::vector<std::string> names;
  for (const auto& model : all()) names.push_back(model->name);
  return names;
}

std::vector<ModelRow> ModelPool::table() const {
  std::vector<ModelRow> rows;
  for (const auto& model : all()) rows.push_back(row_of(*model));
  return rows;
}

}  // namespace weir
