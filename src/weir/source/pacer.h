// When the frames of a recording are due, as if it were happening now.
//
//   Pacer pacer(clock);
//   while (auto input = source->next()) {
//     wait_until(pacer.due_ns(input->time_ms));     // of the clock; the caller's way to wait
//     hand_in(*input);
//   }
//
// The first frame is due at once, whatever its time is; the others as much later as their times
// are. Who was held up is not hurried: the frames after it come at the distances of their times.
// One thread.
#pragma once

#include <cstdint>

#include "weir/base/clock.h"

namespace weir {

class Pacer {
 public:
  explicit Pacer(const Clock& clock = SteadyClock::instance()) : clock_(clock) {}

  // On the clock; not before now.
  int64_t due_ns(double time_ms) {
    const int64_t now_ns = clock_.now_ns();
    const auto time_ns = static_cast<int64_t>(time_ms * 1e6);
    if (!begun_) offset_ns_ = now_ns - time_ns;
    begun_ = true;
    const int64_t due = offset_ns_ + time_ns;
    if (due >= now_ns) return due;
    if (now_ns - due > kHeldUpNs) offset_ns_ = now_ns - time_ns;
    return now_ns;
  }

 private:
  // Less than this is a worker that came a little late; the next frame makes up for it.
  static constexpr int64_t kHeldUpNs = 200'000'000;
  const Clock& clock_;
  bool begun_ = false;
  int64_t offset_ns_ = 0;  // from a frame's time to the clock
};

}  // namespace weir
