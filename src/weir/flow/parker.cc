#include "weir/flow/parker.h"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <ctime>

namespace weir::flow {

void Parker::park(int64_t timeout_ns) {
  uint32_t expected = kEmpty;
  if (!state_.compare_exchange_strong(expected, kParked, std::memory_order_acq_rel)) {
    state_.store(kEmpty, std::memory_order_relaxed);  // the token was there
    return;
  }
  timespec timeout{};
  timeout.tv_sec = static_cast<time_t>(timeout_ns / 1'000'000'000);
  timeout.tv_nsec = static_cast<long>(timeout_ns % 1'000'000'000);
  syscall(SYS_futex, &state_, FUTEX_WAIT_PRIVATE, kParked,
          timeout_ns == kNever ? nullptr : &timeout, nullptr, 0);
  state_.exchange(kEmpty, std::memory_order_acq_rel);
}

void Parker::unpark() {
  if (state_.exchange(kToken, std::memory_order_acq_rel) == kParked) {
    syscall(SYS_futex, &state_, FUTEX_WAKE_PRIVATE, 1, nullptr, nullptr, 0);
  }
}

}  // namespace weir::flow
