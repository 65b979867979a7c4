#include "weir/assemble/runtime.h"

#include <filesystem>
#include <utility>

#include "weir/assemble/builtin.h"
#include "weir/base/nearest_name.h"

namespace weir {
namespace {

namespace fs = std::filesystem;

// So that a mistyped path is said to be no file, and not an unknown name.
bool looks_like_file(const std::string& model) {
  if (model.find("://") != std::string::npos) return false;
  const bool path = model.starts_with('.') || model.starts_with('/') || model.starts_with('~');
  return path || (model.find('/') == std::string::npos && fs::path(model).has_extension());
}

// A model with the threads that it was given.
struct BudgetedModel {
  ThreadLease threads;
  std::shared_ptr<const LoadedModel> model;
};

}  // namespace

Runtime::Runtime(const RuntimeSpec& spec)
    : clock_(spec.clock == nullptr ? SteadyClock::instance() : *spec.clock),
      threads_(spec.threads > 0 ? spec.threads : usable_cores()),
      trace_(spec.trace_events > 0 ? std::make_unique<Trace>(spec.trace_events, clock_) : nullptr),
      may_pull_(spec.may_pull) {}

Result<std::unique_ptr<Runtime>> Runtime::create(const RuntimeSpec& spec) {
  if (spec.threads < 0) {
    return Error(ErrorCode::kInvalidArgument, "a negative number of threads", "threads",
                 "0 takes as many as there are cores");
  }
  std::unique_ptr<Runtime> runtime(new Runtime(spec));
  WEIR_TRY(add_builtin_backends(runtime->backends_));
  return runtime;
}

Result<const catalogue::Catalogue*> Runtime::catalogue() {
  const MutexLock lock(mutex_);
  if (!catalogue_) {
    WEIR_ASSIGN(catalogue_, catalogue::Catalogue::load());
  }
  return &*catalogue_;
}

Result<std::string> Runtime::choose_file(const catalogue::Pulled& pulled,
                                         const std::string& wanted) const {
  std::vector<std::string> names;
  for (const auto& file : pulled.files) {
    names.push_back(file.filename().string());
    const bool chosen =
        wanted.empty() ? backends_.for_file(file.string()).has_value() : names.back() == wanted;
    if (chosen) return file.string();
  }
  if (wanted.empty()) {
    return Error(ErrorCode::kUnsupported, "no back end of this build reads its files", pulled.name);
  }
  return Error(ErrorCode::kNotFound, "it has no file '" + wanted + "'", pulled.name,
               hint_for_name(wanted, names));
}

Result<Located> Runtime::locate(const std::string& model, const catalogue::PullOptions& options) {
  if (fs::exists(model)) return Located{model, std::nullopt};
  if (looks_like_file(model)) return Error(ErrorCode::kNotFound, "no such file", model);
  WEIR_ASSIGN(const catalogue::Catalogue* names, catalogue());
  std::string name = model;
  std::string wanted;
  // An address has slashes of its own.
  if (const std::size_t slash = model.find('/'); model.find("://") == std::string::npos) {
    name = model.substr(0, slash);
    if (slash != std::string::npos) wanted = model.substr(slash + 1);
  }
  WEIR_ASSIGN(catalogue::Entry entry, names->find(name));
  const catalogue::Puller puller(*names, catalogue::Cache::of_user());
  WEIR_ASSIGN(const catalogue::Pulled pulled,
              may_pull_ ? puller.pull(entry, options) : puller.find(name));
  WEIR_ASSIGN(std::string file, choose_file(pulled, wanted));
  return Located{std::move(file), std::move(entry)};
}

Result<std::shared_ptr<const LoadedModel>> Runtime::open_model(const OpenRequest& request) {
  BackendSpec spec = request.spec;
  spec.file = request.model;
  if (!spec.bytes) {
    WEIR_ASSIGN(Located located, locate(request.model));
    spec.file = std::move(located.file);
  }
  const TraceSpan span(trace_.get(), "open", spec.file);
  WEIR_ASSIGN(Backend * backend, backends_.choose(request.backend, spec.file));
  WEIR_ASSIGN(auto model, backend->open(spec));
  auto held = std::make_shared<BudgetedModel>();
  held->threads =
      threads_.claim(std::string(backend->name()) + ":" + spec.where(), spec.intra_op_threads);
  held->model = std::move(model);
  const LoadedModel* address = held->model.get();
  return std::shared_ptr<const LoadedModel>(std::move(held), address);
}

}  // namespace weir
