// The thread of the fake device: executes jobs in order, and is joined by the destructor, which
// first executes what is queued. push() from any thread; never destroyed from a job.
#pragma once

#include <thread>

#include "weir/backend/fake/fake_control.h"
#include "weir/base/mutex.h"

namespace weir {

class FakeWorker {
 public:
  FakeWorker();
  ~FakeWorker();
  void push(FakeJob& job);

 private:
  void work();

  Mutex mutex_;
  CondVar changed_;
  FakeJobs jobs_ WEIR_GUARDED_BY(mutex_);
  bool closed_ WEIR_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace weir
