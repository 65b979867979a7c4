#include "weir/assemble/runtime.h"

#include <filesystem>
#include <utility>

#include "weir/assemble/builtin.h"

namespace weir {
namespace {

// A model with the threads that it was given.
struct BudgetedModel {
  ThreadLease threads;
  std::shared_ptr<const LoadedModel> model;
};

}  // namespace

Runtime::Runtime(const RuntimeSpec& spec)
    : clock_(spec.clock == nullptr ? SteadyClock::instance() : *spec.clock),
      threads_(spec.threads > 0 ? spec.threads : usable_cores()),
      trace_(spec.trace_events > 0 ? std::make_unique<Trace>(spec.trace_events, clock_) : nullptr) {
}

Result<std::unique_ptr<Runtime>> Runtime::create(const RuntimeSpec& spec) {
  if (spec.threads < 0) {
    return Error(ErrorCode::kInvalidArgument, "a negative number of threads", "threads",
                 "0 takes as many as there are cores");
  }
  std::unique_ptr<Runtime> runtime(new Runtime(spec));
  WEIR_TRY(add_builtin_backends(runtime->backends_));
  return runtime;
}

Result<std::shared_ptr<const LoadedModel>> Runtime::open_model(const OpenRequest& request) {
  BackendSpec spec = request.spec;
  spec.file = request.model;
  const TraceSpan span(trace_.get(), "open", spec.file);
  if (!spec.bytes && !std::filesystem::exists(spec.file)) {
    return Error(ErrorCode::kNotFound, "no such file", spec.file);
  }
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
