// The part of the Runtime that opens models.
#include <algorithm>
#include <filesystem>
#include <utility>

#include "weir/assemble/builtin.h"
#include "weir/assemble/model_defaults.h"
#include "weir/assemble/runtime.h"
#include "weir/base/names.h"
#include "weir/model/parts.h"

namespace weir {
namespace {

// A model with the threads that it was given; the parts of one model run in turn and share theirs.
struct BudgetedModel {
  std::shared_ptr<const ThreadLease> threads;
  std::shared_ptr<const LoadedModel> model;
};

std::shared_ptr<const LoadedModel> budgeted(std::shared_ptr<const LoadedModel> model,
                                            std::shared_ptr<const ThreadLease> threads) {
  const LoadedModel* address = model.get();
  auto held = std::make_shared<BudgetedModel>();
  held->threads = std::move(threads);
  held->model = std::move(model);
  return std::shared_ptr<const LoadedModel>(std::move(held), address);
}

config::Node without_use(const config::Node& node) {
  std::vector<config::Node::Entry> kept;
  for (const config::Node::Entry& entry : node.entries()) {
    if (entry.key != "use") kept.push_back(entry);
  }
  return config::Node::map(std::move(kept), node.where());
}

std::string joined(const std::string& name, const std::string& key) {
  if (name.empty() || key.empty()) return name + key;
  return name + "." + key;
}

// The name that `name` is, or stands for.
Result<std::string> settled(const Names& known, const std::string& name, const std::string& where) {
  auto found = known.canonical(name);
  if (found) return found;
  Error error = std::move(found).error();
  error.code = ErrorCode::kInvalidArgument;
  return std::move(error).at(where);
}

// The file alone does not say which model of a config is meant.
Error within(const std::string& model, Error error) {
  error.where =
      error.where.empty() || model.empty() ? model + error.where : model + ": " + error.where;
  return error;
}

// What messages call a model that has no name of its own.
std::string what_runs(const ModelSpec& spec) {
  return spec.file.empty() ? spec.components.begin()->second.file.path : spec.file.path;
}

bool is_file(const std::string& path) {
  std::error_code unknown;
  return std::filesystem::exists(path, unknown);
}

}  // namespace

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
  return budgeted(std::move(model), std::make_shared<const ThreadLease>(threads_.claim(
                                        std::string(backend->name()) + ":" + spec.where(),
                                        spec.intra_op_threads, turns_)));
}

Status Runtime::settle_backends(ModelSpec& spec, const std::string& name) const {
  Names known = backends_.names();
  WEIR_TRY(known.add("auto"));
  WEIR_ASSIGN(spec.backend, settled(known, spec.backend, joined(name, "backend")));
  for (auto& [part, component] : spec.components) {
    if (component.backend.empty()) continue;
    WEIR_ASSIGN(component.backend,
                settled(known, component.backend, joined(name, "components." + part + ".backend")));
  }
  // Options of a back end that is not in this build are no mistake: another machine has it.
  for (const AbsentBackend& absent : absent_backends()) {
    WEIR_TRY(known.add(absent.name, absent.aliases));
  }
  const std::string where = joined(name, "options");
  for (auto& [backend, options] : std::exchange(spec.options, {})) {
    WEIR_ASSIGN(const std::string meant, settled(known, backend, where));
    if (spec.options.emplace(meant, std::move(options)).second) continue;
    return Error(ErrorCode::kInvalidArgument, "the options of '" + meant + "' stand twice", where,
                 "write them under one name");
  }
  return {};
}

Status Runtime::settle_family(ModelSpec& spec, const std::string& name) {
  if (spec.family.empty()) return {};
  Names known = families_.names();
  // What the catalogue names may come from a program that has more families.
  WEIR_ASSIGN(const catalogue::Catalogue* names, catalogue());
  for (const catalogue::Entry& entry : names->entries()) {
    if (!entry.family.empty() && !known.has(entry.family)) WEIR_TRY(known.add(entry.family));
  }
  WEIR_ASSIGN(spec.family, settled(known, spec.family, joined(name, "family")));
  return {};
}

Result<ModelSpec> Runtime::resolve(const ModelSpec& spec, const std::string& name,
                                   const catalogue::PullOptions& options) {
  ModelSpec resolved = spec;
  if (!spec.use.empty()) {
    WEIR_ASSIGN(const Pulled found, pull(spec.use, options));
    // What the user set, and nothing else, goes over what the catalogue knows.
    WEIR_ASSIGN(resolved, read_model_spec(without_use(config::write(spec)), name,
                                          model_defaults(found.entry, found.models)));
  }
  WEIR_TRY(settle_backends(resolved, name));
  WEIR_TRY(settle_family(resolved, name));
  return resolved;
}

std::vector<ModelPart> Runtime::plan_parts(const ModelSpec& resolved) const {
  std::vector<ModelPart> parts = parts_of(resolved);
  const ThreadPlan plan = plan_threads(ThreadMode::kLatency, threads_.total(), resolved.instances);
  for (ModelPart& part : parts) {
    int& threads = part.spec.intra_op_threads;
    if (threads == 0) threads = part.spec.device.is_cpu() ? plan.intra_op_threads : 1;
  }
  return parts;
}

Result<std::shared_ptr<const LoadedModel>> Runtime::open_part(const ModelSpec& spec,
                                                              ModelPart part) {
  if (!is_file(part.spec.file)) {
    return Error(ErrorCode::kNotFound, "no such file", part.spec.file);
  }
  const TraceSpan span(trace_.get(), "open", part.spec.file);
  WEIR_ASSIGN(Backend * backend, backends_.choose(part.backend, part.spec.file));
  part.spec.options = options_for(spec, std::string(backend->name()));
  return backend->open(part.spec);
}

Result<OpenedModel> Runtime::open_model(const ModelSpec& spec, const std::string& name,
                                        const catalogue::PullOptions& options, RunsOn runs_on,
                                        const std::string& turns) {
  OpenedModel opened;
  WEIR_ASSIGN(opened.spec, resolve(spec, name, options));
  int threads = 1;
  for (const ModelPart& part : plan_parts(opened.spec)) {
    auto model = open_part(opened.spec, part);
    if (!model) return within(joined(name, part.name), std::move(model).error());
    threads = std::max(threads, part.spec.intra_op_threads);
    opened.parts.emplace(part.name, std::move(model).value());
  }
  if (runs_on == RunsOn::kCallersThreads) --threads;
  if (threads == 0) return opened;
  const auto lease = std::make_shared<const ThreadLease>(
      threads_.claim(name.empty() ? opened.parts.begin()->second->report().backend : name,
                     threads * opened.spec.instances, turns_.empty() ? turns : turns_));
  for (auto& [part, model] : opened.parts) model = budgeted(std::move(model), lease);
  return opened;
}

Result<std::shared_ptr<const Model>> Runtime::load_model(const ModelSpec& spec,
                                                         const std::string& name,
                                                         const catalogue::PullOptions& options) {
  WEIR_ASSIGN(OpenedModel opened, open_model(spec, name, options));
  const std::string called = !name.empty() ? name : what_runs(opened.spec);
  return Model::make(families_, opened.spec, std::move(opened.parts), called);
}

}  // namespace weir
