// Where a thread sleeps until somebody wakes it: one token, kept if it comes first.
//
// park() is called by the owner only; unpark() by anybody.
#pragma once

#include <atomic>
#include <cstdint>

#include "weir/flow/ids.h"

namespace weir::flow {

class Parker {
 public:
  // Takes the token, or sleeps until it comes, at most `timeout_ns`. May also return for no reason.
  void park(int64_t timeout_ns = kNever);
  void unpark();

 private:
  //   empty ──unpark──► token ──park──► empty
  //     └────park────► parked ──unpark──► token (and a wake)
  static constexpr uint32_t kEmpty = 0;
  static constexpr uint32_t kToken = 1;
  static constexpr uint32_t kParked = 2;
  std::atomic<uint32_t> state_{kEmpty};
};

}  // namespace weir::flow
