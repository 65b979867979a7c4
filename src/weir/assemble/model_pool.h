// The models that a Runtime has loaded, by name: submitted by its user and kept until they are
// unloaded, or a pipeline's own and kept as long as it lives.
//
//   WEIR_TRY(pool.submit("detector", spec, {}));
//   WEIR_TRY(pool.update("detector", better, {}));        // while pipelines use it
//   WEIR_TRY(pool.move("detector", {Device::Kind::kGpu}));
//
// Every change loads and warms up the new version first, and switches to it then; an Error leaves
// all as it was. Any thread: changes of one model wait for each other, those of two do not.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "weir/assemble/model_row.h"
#include "weir/assemble/runtime.h"
#include "weir/base/mutex.h"
#include "weir/model/live_model.h"

namespace weir {

// A model of the pool, and how whoever put it there wants its versions arranged.
struct PooledModel {
  using Arrange = std::function<ModelSpec(ModelSpec)>;

  std::string name;
  std::string place;  // for messages: "models.face"
  std::string turns;  // the group in which its versions claim threads
  Arrange arrange;    // threads and instances
  std::shared_ptr<LiveModel> live;
  Mutex changing;
  ModelSpec spec WEIR_GUARDED_BY(changing);  // as the user wrote it
};

class ModelPool {
 public:
  explicit ModelPool(Runtime& runtime) : runtime_(runtime) {}

  Status submit(const std::string& name, const ModelSpec& spec,
                const catalogue::PullOptions& options);
  // A pipeline's own. Where the name is taken, the table calls it "name#2".
  Result<std::shared_ptr<PooledModel>> open(const std::string& name, const ModelSpec& spec,
                                            const std::string& place, PooledModel::Arrange arrange,
                                            const catalogue::PullOptions& options);
  Status update(const std::string& name, const ModelSpec& spec,
                const catalogue::PullOptions& options);
  Status move(const std::string& name, Device device);
  // Refused while a step uses it.
  Status unload(const std::string& name);

  // An Error suggests the nearest name.
  Result<std::shared_ptr<PooledModel>> find(const std::string& name) const;
  std::vector<std::string> names() const;
  std::vector<ModelRow> table() const;

 private:
  Result<std::shared_ptr<PooledModel>> load(const std::string& place, const ModelSpec& spec,
                                            PooledModel::Arrange arrange,
                                            const catalogue::PullOptions& options);
  Status change(PooledModel& model, const ModelSpec& spec, const catalogue::PullOptions& options)
      WEIR_REQUIRES(model.changing);
  Result<OpenedModel> open_files(const PooledModel& model, const ModelSpec& spec,
                                 const catalogue::PullOptions& options);
  std::vector<std::shared_ptr<PooledModel>> all() const;

  Runtime& runtime_;
  std::atomic<uint64_t> count_ = 0;  // of models that were ever loaded
  mutable Mutex mutex_;
  std::map<std::string, std::shared_ptr<PooledModel>> kept_ WEIR_GUARDED_BY(mutex_);
  // Those of pipelines; one that went with its pipeline is forgotten when somebody looks.
  mutable std::map<std::string, std::weak_ptr<PooledModel>> lent_ WEIR_GUARDED_BY(mutex_);
};

}  // namespace weir
