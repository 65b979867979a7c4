// Where the TaskWorks of a pipeline come from: as many as are under way at the same time, used
// again and again.
//
//   WorkPool pool(steps);
//   flow::Payload payload = pool.payload(std::move(task), frame);    // goes back by itself
//
// Any thread. Outlives its payloads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "weir/base/mutex.h"
#include "weir/flow/payload.h"
#include "weir/step/work.h"

namespace weir {

class WorkPool {
 public:
  explicit WorkPool(std::size_t steps) : steps_(steps) {}

  flow::Payload payload(Task task, int64_t frame);

 private:
  struct Pooled : TaskWork {
    Pooled(WorkPool& of, std::size_t count) : TaskWork({}, count, 0), pool(of) {}
    WorkPool& pool;
  };
  std::unique_ptr<Pooled> take();
  static void give_back(void* work);

  const std::size_t steps_;
  Mutex mutex_;
  std::vector<std::unique_ptr<Pooled>> free_ WEIR_GUARDED_BY(mutex_);
};

}  // namespace weir
