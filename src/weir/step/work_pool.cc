#include "weir/step/work_pool.h"

#include <utility>

namespace weir {
namespace {

// More than are under way: results that nobody has fetched may be many, and go at once.
constexpr std::size_t kFree = 64;

}  // namespace

flow::Payload WorkPool::payload(Task task, int64_t frame) {
  std::unique_ptr<Pooled> work = take();
  work->task = std::move(task);
  work->frame = frame;
  TaskWork* plain = work.release();  // payloads are read as what they were put in
  return flow::Payload::lent(plain, give_back);
}

std::unique_ptr<WorkPool::Pooled> WorkPool::take() {
  {
    const MutexLock lock(mutex_);
    if (!free_.empty()) {
      std::unique_ptr<Pooled> work = std::move(free_.back());
      free_.pop_back();
      return work;
    }
  }
  return std::make_unique<Pooled>(*this, steps_);
}

void WorkPool::give_back(void* work) {
  std::unique_ptr<Pooled> gone(static_cast<Pooled*>(static_cast<TaskWork*>(work)));
  gone->clear();  // outside of the lock: it closes models, and frees pictures
  WorkPool& pool = gone->pool;
  const MutexLock lock(pool.mutex_);
  if (pool.free_.size() < kFree) pool.free_.push_back(std::move(gone));
}

}  // namespace weir
