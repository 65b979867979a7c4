// Which frames of a source are taken: each n-th, or at most so many of a second of its own time.
//
//   FrameGate gate(spec);
//   if (!gate.takes(number, time_ms)) continue;
//
// Depends on numbers and times alone, so that a recording is thinned out the same every time. One
// thread.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>

#include "weir/source/spec.h"

namespace weir {

class FrameGate {
 public:
  explicit FrameGate(const SourceSpec& spec) : every_(spec.every), fps_(spec.fps) {}

  // The numbers and the times of frames rise.
  bool takes(int64_t number, double time_ms) {
    if (fps_ <= 0) return number % every_ == 0;
    // The first frame of each part of a second that has none yet. Times that a file rounds to a
    // thousandth may lie just before the part that they mean.
    const auto part = static_cast<int64_t>(std::floor((time_ms + kRounding) * fps_ / 1000));
    if (part <= last_part_) return false;
    last_part_ = part;
    return true;
  }

 private:
  static constexpr double kRounding = 1;
  const int64_t every_;
  const double fps_;
  int64_t last_part_ = std::numeric_limits<int64_t>::min();
};

}  // namespace weir
