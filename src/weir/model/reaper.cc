#include "weir/model/reaper.h"

namespace weir {

void Reaper::take(std::shared_ptr<const void> gone) {
  const MutexLock lock(mutex_);
  if (closed_) return;  // and `gone` goes with this frame
  waiting_.push_back(std::move(gone));
  if (!thread_.joinable()) thread_ = std::thread([this] { run(); });
  changed_.notify_all();
}

void Reaper::run() {
  MutexLock lock(mutex_);
  while (!closed_ || !waiting_.empty()) {
    if (waiting_.empty()) {
      changed_.wait(mutex_);
      continue;
    }
    std::vector<std::shared_ptr<const void>> gone;
    gone.swap(waiting_);
    busy_ = true;
    lock.unlock();
    gone.clear();
    lock.lock();
    busy_ = false;
    changed_.notify_all();
  }
}

void Reaper::drain() {
  const MutexLock lock(mutex_);
  while (busy_ || !waiting_.empty()) changed_.wait(mutex_);
}

void Reaper::close() {
  std::thread thread;
  {
    const MutexLock lock(mutex_);
    closed_ = true;
    thread = std::move(thread_);
    changed_.notify_all();
  }
  if (thread.joinable()) thread.join();
}

}  // namespace weir
