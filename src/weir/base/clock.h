// Time is injected: whoever needs to know what time it is takes a `const Clock&`.
//
// All times are nanoseconds of a monotonic clock whose zero means nothing. SteadyClock is the real
// one, and thread-safe; FakeClock moves only when told to, and may be told from any thread.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

namespace weir {

class Clock {
 public:
  virtual ~Clock() = default;
  virtual int64_t now_ns() const = 0;
};

class SteadyClock final : public Clock {
 public:
  int64_t now_ns() const override {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(
               std::chrono::steady_clock::now().time_since_epoch())
        .count();
  }
  // One for the process: it has no state.
  static const SteadyClock& instance() {
    static const SteadyClock clock;
    return clock;
  }
};

class FakeClock final : public Clock {
 public:
  explicit FakeClock(int64_t start_ns = 0) : now_ns_(start_ns) {}
  int64_t now_ns() const override { return now_ns_.load(std::memory_order_acquire); }
  void advance_ns(int64_t by_ns) { now_ns_.fetch_add(by_ns, std::memory_order_acq_rel); }
  void set_ns(int64_t now_ns) { now_ns_.store(now_ns, std::memory_order_release); }

 private:
  std::atomic<int64_t> now_ns_;
};

}  // namespace weir
