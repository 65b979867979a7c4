// The pipelines of a Runtime: those that were loaded by name, and those that requests for models
// make and use again.
//
// Any thread. A pipeline that somebody holds lives on when it is unloaded or forgotten.
#pragma once

#include <list>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "weir/assemble/pipeline.h"
#include "weir/base/mutex.h"

namespace weir {

class Pipelines {
 public:
  explicit Pipelines(Runtime& runtime) : runtime_(runtime) {}
  ~Pipelines();

  Status load(const std::string& name, PipelineSpec spec, const catalogue::PullOptions& options);
  Result<std::shared_ptr<Pipeline>> find(const std::string& name) const;
  Status unload(const std::string& name);

  // A step for each model, on the whole frame; the one that was made last time, if it is still
  // there.
  Result<std::shared_ptr<Pipeline>> of_models(const std::vector<std::string>& models);
  // So that the model can be unloaded: forgets those of its pipelines that answer nothing now.
  void forget(const std::string& model);

 private:
  struct OfModels {
    std::vector<std::string> models;
    std::shared_ptr<Pipeline> pipeline;
  };
  Status submit_missing(const std::vector<std::string>& models);

  Runtime& runtime_;
  mutable Mutex mutex_;
  std::map<std::string, std::shared_ptr<Pipeline>> loaded_ WEIR_GUARDED_BY(mutex_);
  std::list<OfModels> of_models_ WEIR_GUARDED_BY(mutex_);  // the one used last is first
};

}  // namespace weir
