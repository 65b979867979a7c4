// What a process shares: the thread budget, the back ends, the catalogue, the clock, the trace. One
// per process by custom, but no global: two pipelines share one, and a test makes its own.
//
//   WEIR_ASSIGN(auto runtime, Runtime::create({}));
//   WEIR_ASSIGN(auto model, runtime->open_model({.model = "yunet"}));    // or a file
//   WEIR_ASSIGN(auto session, model->make_session());
//   WEIR_ASSIGN(OpenedModel face, runtime->open_model(spec, "models.face"));  // of a config
//   WEIR_ASSIGN(auto detector, runtime->load_model({.use = "yunet"}));        // with its family
//
// Any thread may call anything here. What it hands out by reference lives as long as it does; a
// model that it opened or loaded may outlive it.
#pragma once

#include <cstddef>
#include <future>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "weir/assemble/model_row.h"
#include "weir/assemble/request.h"
#include "weir/backend/backend.h"
#include "weir/backend/registry.h"
#include "weir/base/clock.h"
#include "weir/base/mutex.h"
#include "weir/base/result.h"
#include "weir/base/thread_budget.h"
#include "weir/base/trace.h"
#include "weir/catalogue/catalogue.h"
#include "weir/catalogue/pull.h"
#include "weir/model/family_registry.h"
#include "weir/model/model.h"
#include "weir/model/parts.h"
#include "weir/model/reaper.h"
#include "weir/model/spec.h"

namespace weir {

class CoreShare;
class ModelPool;
class Pipeline;
class Pipelines;
struct PipelineSpec;

struct RuntimeSpec {
  int threads = 0;               // of the whole process; 0: the cores that it may use
  std::size_t trace_events = 0;  // how many events the trace keeps; 0: there is none
  const Clock* clock = nullptr;  // outlives the Runtime; null: the real one
  bool may_pull = true;          // whether opening a model may fetch it
  bool take_turns = false;       // its models run one after the other, and share their threads
  // Libraries with back ends or families of their own, beside those of WEIR_PLUGINS; see plugin.h.
  std::vector<std::string> plugins = {};
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
  // Whose threads a model's runs are counted with. A run uses the thread that calls it; where that
  // is counted already (a pipeline's worker), only what the model has beside it counts.
  enum class RunsOn : uint8_t { kOwnThreads, kCallersThreads };

  static Result<std::unique_ptr<Runtime>> create(const RuntimeSpec& spec);
  ~Runtime();

  // A file or folder that is there is taken as it is; anything else is a name of the catalogue,
  // which is pulled if need be: "yunet", or "moonshine-tiny-en/encoder_model.ort" for one of
  // several files. Without the file's name it is the first that a back end reads.
  Result<Located> locate(const std::string& model, const catalogue::PullOptions& options = {});

  // The files of an entry of the catalogue, of any kind, pulled if need be.
  Result<std::vector<std::string>> pull_files(const std::string& name,
                                              const catalogue::PullOptions& options = {});

  // The threads of the model count in the budget until its last owner has gone.
  Result<std::shared_ptr<const LoadedModel>> open_model(const OpenRequest& request);

  // What a config says of a model. `use` is looked up in the catalogue, whose entry gives what the
  // spec leaves open; each part is opened by its own back end, on its own device, with the options
  // of that back end. `threads: 0` divides the budget between the instances. `name` is what
  // messages and the budget call it: "models.face". Of models with the same `turns` only the
  // largest counts in the budget.
  Result<OpenedModel> open_model(const ModelSpec& spec, const std::string& name,
                                 const catalogue::PullOptions& options = {},
                                 RunsOn runs_on = RunsOn::kOwnThreads,
                                 const std::string& turns = {});
  // The same with the family that reads its outputs: ready to be used.
  Result<std::shared_ptr<const Model>> load_model(const ModelSpec& spec,
                                                  const std::string& name = {},
                                                  const catalogue::PullOptions& options = {});
  // The first half of it: with every name checked and `use` replaced by what the catalogue knows.
  Result<ModelSpec> resolve(const ModelSpec& spec, const std::string& name,
                            const catalogue::PullOptions& options = {});

  // What each part of a resolved spec is opened with; `threads: 0` has become a number.
  std::vector<ModelPart> plan_parts(const ModelSpec& resolved) const;

  // --- Models by name, shared by pipelines and requests; see docs/embedding.md ------------------
  // Loads it, checks it, warms it up; then it is there.
  Status submit(const std::string& name, const ModelSpec& spec,
                const catalogue::PullOptions& options = {});
  // Also while it is used. The new version is loaded aside, checked against what the steps that use
  // it rely on (model/compatible.h), and warmed up; then tasks that begin have it, and those under
  // way end with the old one, which is closed after the last of them. An Error changes nothing.
  // A pipeline's own models have names, too: see loaded().
  Status update(const std::string& name, const ModelSpec& spec,
                const catalogue::PullOptions& options = {});
  // The same with what it is already, on another device.
  Status to(const std::string& name, Device device);
  // Refused while a pipeline uses it, which was promised its answers.
  Status unload(const std::string& name);
  std::vector<ModelRow> loaded() const;  // by name

  // --- Pipelines by name, and requests -----------------------------------------------------------
  // Its steps may use submitted models beside its own; `Pipeline` says what else it can do.
  Status load_pipeline(const std::string& name, PipelineSpec spec,
                       const catalogue::PullOptions& options = {});
  Result<std::shared_ptr<Pipeline>> pipeline(const std::string& name) const;
  // Ends when the last who holds it lets it go.
  Status unload_pipeline(const std::string& name);
  // Looks at everything that the request names. The calling thread reads the inputs and waits. An
  // Error is about the request; what is wrong with one input is the outcome of its task.
  Result<Answer> solve(const Request& request);
  // The same on a thread of its own, which the future joins; the Runtime must outlive it.
  std::future<Result<Answer>> solve_later(Request request);

  ThreadBudget& threads() { return threads_; }
  const BackendRegistry& backends() const { return backends_; }
  const FamilyRegistry& families() const { return families_; }
  // Only while the Runtime is still its maker's own: to add what is not built in.
  BackendRegistry& backends() { return backends_; }
  FamilyRegistry& families() { return families_; }
  // Read when it is first asked for: a broken one of the user's is an Error here, and only here.
  Result<const catalogue::Catalogue*> catalogue() WEIR_EXCLUDES(mutex_);
  const Clock& clock() const { return clock_; }
  Trace* trace() { return trace_.get(); }  // null if there is none
  ModelPool& pool() { return *pool_; }
  // How its pipelines share them.
  CoreShare& cores() { return *cores_; }
  // Who closes what an update has replaced.
  const std::shared_ptr<Reaper>& reaper() const { return reaper_; }

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
  // Refuse names that nothing has, and write for an alias what it stands for.
  Status settle_backends(ModelSpec& spec, const std::string& name) const;
  Status settle_family(ModelSpec& spec, const std::string& name);
  Result<std::shared_ptr<const LoadedModel>> open_part(const ModelSpec& spec, ModelPart part);

  const Clock& clock_;
  ThreadBudget threads_;
  std::unique_ptr<Trace> trace_;
  BackendRegistry backends_;
  FamilyRegistry families_;
  const bool may_pull_;
  const std::string turns_;  // the group in which its models claim threads; empty: none
  Mutex mutex_;
  std::optional<catalogue::Catalogue> catalogue_ WEIR_GUARDED_BY(mutex_);  // set once
  const std::shared_ptr<Reaper> reaper_ = std::make_shared<Reaper>();
  std::unique_ptr<CoreShare> cores_;
  std::unique_ptr<ModelPool> pool_;
  std::unique_ptr<Pipelines> pipelines_;  // goes first: they use the rest
};

}  // namespace weir
