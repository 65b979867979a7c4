// What a process shares: the thread budget, the back ends, the clock, the trace. One per process by
// custom, but no global: two pipelines share one, and a test makes its own.
//
//   WEIR_ASSIGN(auto runtime, Runtime::create({}));
//   WEIR_ASSIGN(auto model, runtime->open_model({.model = "yolox.onnx"}));
//   WEIR_ASSIGN(auto session, model->make_session());
//
// Any thread may call anything here. What it hands out by reference lives as long as it does; a
// model that it opened may outlive it.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "weir/backend/backend.h"
#include "weir/backend/registry.h"
#include "weir/base/clock.h"
#include "weir/base/result.h"
#include "weir/base/thread_budget.h"
#include "weir/base/trace.h"

namespace weir {

struct RuntimeSpec {
  int threads = 0;               // of the whole process; 0: the cores that it may use
  std::size_t trace_events = 0;  // how many events the trace keeps; 0: there is none
  const Clock* clock = nullptr;  // outlives the Runtime; null: the real one
};

struct OpenRequest {
  std::string model = {};    // a file, or a folder
  std::string backend = {};  // a name; "" and "auto": the first that reads the file
  BackendSpec spec = {};     // everything but the file
};

class Runtime {
 public:
  static Result<std::unique_ptr<Runtime>> create(const RuntimeSpec& spec);

  // The threads of the model count in the budget until its last owner has gone.
  Result<std::shared_ptr<const LoadedModel>> open_model(const OpenRequest& request);

  ThreadBudget& threads() { return threads_; }
  const BackendRegistry& backends() const { return backends_; }
  // Only while the Runtime is still its maker's own: to add what is not built in.
  BackendRegistry& backends() { return backends_; }
  const Clock& clock() const { return clock_; }
  Trace* trace() { return trace_.get(); }  // null if there is none

 private:
  explicit Runtime(const RuntimeSpec& spec);

  const Clock& clock_;
  ThreadBudget threads_;
  std::unique_ptr<Trace> trace_;
  BackendRegistry backends_;
};

}  // namespace weir
