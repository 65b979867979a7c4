#include "bench/flow/work.h"

#include <sys/prctl.h>

#include <algorithm>
#include <atomic>
#include <utility>

namespace weir::bench {

void burn(int64_t rounds) {
  static std::atomic<uint64_t> sink{0};
  uint64_t value = static_cast<uint64_t>(rounds) | 1;
  for (int64_t i = 0; i < rounds; ++i) {
    value ^= value << 13;
    value ^= value >> 7;
    value ^= value << 17;
  }
  if (value == 0) sink.store(value, std::memory_order_relaxed);  // never: keeps the loop
}

int64_t rounds_for(double microseconds) {
  constexpr int64_t kProbe = 200'000;
  int64_t best = INT64_MAX;
  for (int i = 0; i < 5; ++i) {
    const int64_t begin = now_ns();
    burn(kProbe);
    best = std::min(best, now_ns() - begin);
  }
  const double per_round = static_cast<double>(best) / kProbe;
  return std::max<int64_t>(1, static_cast<int64_t>(microseconds * 1000 / per_round));
}

PretendedDevice::PretendedDevice(int lanes, int64_t service_ns)
    : service_ns_(service_ns),
      lane_free_ns_(static_cast<std::size_t>(lanes), 0),
      thread_([this] { run(); }) {}

PretendedDevice::~PretendedDevice() {
  {
    std::lock_guard lock(mutex_);
    closing_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void PretendedDevice::submit(std::function<void()> done) {
  {
    std::lock_guard lock(mutex_);
    auto lane = std::min_element(lane_free_ns_.begin(), lane_free_ns_.end());
    *lane = std::max(*lane, now_ns()) + service_ns_;
    jobs_.push({*lane, std::move(done)});
  }
  changed_.notify_one();
}

void PretendedDevice::run() {
  ::prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL);
  std::unique_lock lock(mutex_);
  while (!closing_ || !jobs_.empty()) {
    if (jobs_.empty()) {
      changed_.wait(lock);
      continue;
    }
    const int64_t ends_ns = jobs_.top().ends_ns;
    if (now_ns() < ends_ns) {
      changed_.wait_until(lock,
                          std::chrono::steady_clock::time_point(std::chrono::nanoseconds(ends_ns)));
      continue;
    }
    auto done = std::move(const_cast<Job&>(jobs_.top()).done);
    jobs_.pop();
    lock.unlock();
    done();
    lock.lock();
  }
}

}  // namespace weir::bench
