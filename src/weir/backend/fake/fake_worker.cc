#include "weir/backend/fake/fake_worker.h"

namespace weir {

FakeWorker::FakeWorker() : thread_([this] { work(); }) {}

FakeWorker::~FakeWorker() {
  {
    MutexLock lock(mutex_);
    closed_ = true;
    changed_.notify_all();
  }
  thread_.join();
}

void FakeWorker::push(FakeJob& job) {
  MutexLock lock(mutex_);
  jobs_.push(job);
  changed_.notify_one();
}

void FakeWorker::work() {
  MutexLock lock(mutex_);
  while (true) {
    while (jobs_.size() == 0 && !closed_) changed_.wait(mutex_);
    FakeJob* job = jobs_.pop();
    if (job == nullptr) return;
    lock.unlock();
    job->execute();
    lock.lock();
  }
}

}  // namespace weir
