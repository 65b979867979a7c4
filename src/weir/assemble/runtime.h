// What a process shares: the thread budget, the back ends, the catalogue, the clock, the trace. One
// per process by custom, but no global: two pipelines share one, and a test makes its own.
//
//   WEIR_ASSIGN(auto runtime, Runtime::create({}));
//   WEIR_ASSIGN(auto model, runtime->open_model({.model = "yunet"}));    // or a file
//   WEIR_ASSIGN(auto session, model->make_session());
//   WEIR_ASSIGN(OpenedModel face, runtime->open_model(spec, "models.face"));  // of a config
//
// Any thread may call anything here. What it hands out by reference lives as long as it does; a
// model that it opened may outlive it.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "weir/backend/backend.h"
#include "weir/backend/registry.h"
#include "weir/base/clock.h"
#include "weir/base/mutex.h"
#include "weir/base/result.h"
#include "weir/base/thread_budget.h"
#include "weir/base/trace.h"
#include "weir/catalogue/catalogue.h"
#include "weir/catalogue/pull.h"
#include "weir/model/parts.h"
#include "weir/model/spec.h"

namespace weir {

struct RuntimeSpec {
  int threads = 0;               // of the whole process; 0: the cores that it may use
  std::size_t trace_events = 0;  // how many events the trace keeps; 0: there is none
  const Clock* clock = nullptr;  // outlives the Runtime; null: the real one
  bool may_pull = true;          // whether opening a model may fetch it
};

struct OpenRequest {
  std::string model = {};    // what locate() takes
  std::string backend = {};  // a name; "" and "auto": the first that reads the file
  BackendSpec spec = {};     // everything but the file
};

// Where a model is, and what the catalogue knows of it.
struct Located {
  std::string file;
  std::optional<catalogue::Entry> entry;  // none: a file of the user's own
};

// A model of a spec, opened part by part; a model of one file has one part, named "".
struct OpenedModel {
  ModelSpec spec;  // as it was opened: `use` is gone, what the catalogue knew is set
  std::map<std::string, std::shared_ptr<const LoadedModel>> parts;
};

class Runtime {
 public:
  static Result<std::unique_ptr<Runtime>> create(const RuntimeSpec& spec);

  // A file or folder that is there is taken as it is; anything else is a name of the catalogue,
  // which is pulled if need be: "yunet", or "moonshine-tiny-en/encoder_model.ort" for one of
  // several files. Without the file's name it is the first that a back end reads.
  Result<Located> locate(const std::string& model, const catalogue::PullOptions& options = {});

  // The threads of the model count in the budget until its last owner has gone.
  Result<std::shared_ptr<const LoadedModel>> open_model(const OpenRequest& request);

  // What a config says of a model. `use` is looked up in the catalogue, whose entry gives what the
  // spec leaves open; each part is opened by its own back end, on its own device, with the options
  // of that back end. `threads: 0` divides the budget between the instances. `name` is what
  // messages and the budget call it: "models.face".
  Result<OpenedModel> open_model(const ModelSpec& spec, const std::string& name,
                                 const catalogue::PullOptions& options = {});
  // The first half of it: with every name checked and `use` replaced by what the catalogue knows.
  Result<ModelSpec> resolve(const ModelSpec& spec, const std::string& name,
                            const catalogue::PullOptions& options = {});

  // What each part of a resolved spec is opened with; `threads: 0` has become a number.
  std::vector<ModelPart> plan_parts(const ModelSpec& resolved) const;

  ThreadBudget& threads() { return threads_; }
  const BackendRegistry& backends() const { return backends_; }
  // Only while the Runtime is still its maker's own: to add what is not built in.
  BackendRegistry& backends() { return backends_; }
  // Read when it is first asked for: a broken one of the user's is an Error here, and only here.
  Result<const catalogue::Catalogue*> catalogue() WEIR_EXCLUDES(mutex_);
  const Clock& clock() const { return clock_; }
  Trace* trace() { return trace_.get(); }  // null if there is none

 private:
  explicit Runtime(const RuntimeSpec& spec);
  // What locate() and `use` take, without files of the user's own.
  struct Pulled {
    catalogue::Entry entry;
    std::vector<std::string> models;  // that a back end reads; or the one that was named
  };
  Result<Pulled> pull(const std::string& model, const catalogue::PullOptions& options);
  Result<std::vector<std::string>> choose_files(const catalogue::Pulled& pulled,
                                                const std::string& wanted) const;
  Status check_backends(const ModelSpec& spec, const std::string& name) const;
  Status check_family(const ModelSpec& spec, const std::string& name);
  Result<std::shared_ptr<const LoadedModel>> open_part(const ModelSpec& spec, ModelPart part);

  const Clock& clock_;
  ThreadBudget threads_;
  std::unique_ptr<Trace> trace_;
  BackendRegistry backends_;
  const bool may_pull_;
  Mutex mutex_;
  std::optional<catalogue::Catalogue> catalogue_ WEIR_GUARDED_BY(mutex_);  // set once
};

}  // namespace weir
