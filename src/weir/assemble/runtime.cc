#include "weir/assemble/runtime.h"

#include <filesystem>
#include <utility>

#include "weir/assemble/builtin.h"
#include "weir/assemble/core_share.h"
#include "weir/assemble/model_pool.h"
#include "weir/assemble/pipelines.h"
#include "weir/assemble/plugin.h"
#include "weir/base/nearest_name.h"

namespace weir {
namespace {

namespace fs = std::filesystem;

bool looks_like_path(const std::string& model) {
  return model.starts_with('.') || model.starts_with('/') || model.starts_with('~') ||
         model.find("://") != std::string::npos;
}

// So that a mistyped path is said to be no file, and not an unknown name.
bool looks_like_file(const std::string& model) {
  if (model.find("://") != std::string::npos) return false;
  return looks_like_path(model) ||
         (model.find('/') == std::string::npos && fs::path(model).has_extension());
}

struct NameAndFile {
  std::string name;
  std::string file;  // empty: none was named
};

// "moonshine-tiny-en/encoder_model.ort"; an address or a path has slashes of its own.
NameAndFile split(const std::string& model) {
  const std::size_t slash = model.find('/');
  if (slash == std::string::npos || looks_like_path(model)) return {model, {}};
  return {model.substr(0, slash), model.substr(slash + 1)};
}

}  // namespace

Runtime::Runtime(const RuntimeSpec& spec)
    : clock_(spec.clock == nullptr ? SteadyClock::instance() : *spec.clock),
      threads_(spec.threads > 0 ? spec.threads : usable_cores()),
      trace_(spec.trace_events > 0 ? std::make_unique<Trace>(spec.trace_events, clock_) : nullptr),
      may_pull_(spec.may_pull),
      turns_(spec.take_turns ? "models" : ""),
      cores_(std::make_unique<CoreShare>(threads_)),
      pool_(std::make_unique<ModelPool>(*this)),
      pipelines_(std::make_unique<Pipelines>(*this)) {}

Runtime::~Runtime() {
  pipelines_.reset();
  pool_.reset();
  reaper_->close();
}

Status Runtime::submit(const std::string& name, const ModelSpec& spec,
                       const catalogue::PullOptions& options) {
  return pool_->submit(name, spec, options);
}

Status Runtime::update(const std::string& name, const ModelSpec& spec,
                       const catalogue::PullOptions& options) {
  return pool_->update(name, spec, options);
}

Status Runtime::to(const std::string& name, Device device) {
  return pool_->move(name, device);
}

Status Runtime::unload(const std::string& name) {
  pipelines_->forget(name);
  return pool_->unload(name);
}

Status Runtime::load_pipeline(const std::string& name, PipelineSpec spec,
                              const catalogue::PullOptions& options) {
  return pipelines_->load(name, std::move(spec), options);
}

Result<std::shared_ptr<Pipeline>> Runtime::pipeline(const std::string& name) const {
  return pipelines_->find(name);
}

Status Runtime::unload_pipeline(const std::string& name) {
  return pipelines_->unload(name);
}

std::vector<ModelRow> Runtime::loaded() const {
  return pool_->table();
}

Result<std::unique_ptr<Runtime>> Runtime::create(const RuntimeSpec& spec) {
  if (spec.threads < 0) {
    return Error(ErrorCode::kInvalidArgument, "a negative number of threads", "threads",
                 "0 takes as many as there are cores");
  }
  std::unique_ptr<Runtime> runtime(new Runtime(spec));
  WEIR_TRY(add_builtin_backends(runtime->backends_));
  WEIR_TRY(add_builtin_families(runtime->families_));
  std::vector<std::string> plugins = plugins_of_environment();
  plugins.insert(plugins.end(), spec.plugins.begin(), spec.plugins.end());
  for (const std::string& plugin : plugins) {
    WEIR_TRY(load_plugin(plugin, {runtime->backends_, runtime->families_}));
  }
  return runtime;
}

Result<const catalogue::Catalogue*> Runtime::catalogue() {
  const MutexLock lock(mutex_);
  if (!catalogue_) {
    WEIR_ASSIGN(catalogue_, catalogue::Catalogue::load());
  }
  return &*catalogue_;
}

Result<std::vector<std::string>> Runtime::choose_files(const catalogue::Pulled& pulled,
                                                       const std::string& wanted) const {
  std::vector<std::string> names;
  std::vector<std::string> chosen;
  for (const auto& file : pulled.files) {
    names.push_back(file.filename().string());
    const bool fits =
        wanted.empty() ? backends_.for_file(file.string()).has_value() : names.back() == wanted;
    if (fits) chosen.push_back(file.string());
  }
  if (!chosen.empty()) return chosen;
  if (wanted.empty()) {
    return Error(ErrorCode::kUnsupported, "no back end of this build reads its files", pulled.name);
  }
  return Error(ErrorCode::kNotFound, "it has no file '" + wanted + "'", pulled.name,
               hint_for_name(wanted, names));
}

Result<Runtime::Pulled> Runtime::pull(const std::string& model,
                                      const catalogue::PullOptions& options) {
  WEIR_ASSIGN(const catalogue::Catalogue* names, catalogue());
  const auto [name, wanted] = split(model);
  Pulled result;
  WEIR_ASSIGN(result.entry, names->find(name));
  const catalogue::Puller puller(*names, catalogue::Cache::of_user());
  WEIR_ASSIGN(const catalogue::Pulled pulled,
              may_pull_ ? puller.pull(result.entry, options) : puller.find(name));
  WEIR_ASSIGN(result.models, choose_files(pulled, wanted));
  return result;
}

Result<std::vector<std::string>> Runtime::pull_files(const std::string& name,
                                                     const catalogue::PullOptions& options) {
  WEIR_ASSIGN(const catalogue::Catalogue* names, catalogue());
  const catalogue::Puller puller(*names, catalogue::Cache::of_user());
  WEIR_ASSIGN(const catalogue::Pulled pulled,
              may_pull_ ? puller.pull(name, options) : puller.find(name));
  std::vector<std::string> files;
  for (const auto& file : pulled.files) files.push_back(file.string());
  return files;
}

Result<Located> Runtime::locate(const std::string& model, const catalogue::PullOptions& options) {
  if (fs::exists(model)) return Located{model, std::nullopt};
  if (looks_like_file(model)) return Error(ErrorCode::kNotFound, "no such file", model);
  WEIR_ASSIGN(Pulled pulled, pull(model, options));
  return Located{std::move(pulled.models.front()), std::move(pulled.entry)};
}

}  // namespace weir
