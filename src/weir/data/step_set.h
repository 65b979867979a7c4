// The work to do, as a bit set over the steps of a pipeline:
//
//   pipeline.post(frame, act | face_detect);
//
// A pipeline has at most 64 steps; a step's bit is its index in the pipeline.
#pragma once

#include <bit>
#include <cassert>
#include <cstddef>
#include <cstdint>

namespace weir {

class StepSet {
 public:
  static constexpr std::size_t kMaxSteps = 64;

  constexpr StepSet() = default;
  static constexpr StepSet from_bits(uint64_t bits) { return StepSet(bits); }
  static constexpr StepSet of(std::size_t step) {
    assert(step < kMaxSteps);
    return StepSet(uint64_t{1} << step);
  }
  static constexpr StepSet all() { return StepSet(~uint64_t{0}); }

  constexpr uint64_t bits() const { return bits_; }
  constexpr bool empty() const { return bits_ == 0; }
  constexpr std::size_t size() const { return static_cast<std::size_t>(std::popcount(bits_)); }
  constexpr bool contains(std::size_t step) const { return (bits_ >> step & 1U) != 0; }
  constexpr bool contains(StepSet other) const { return (bits_ & other.bits_) == other.bits_; }
  // The lowest step; there must be one.
  constexpr std::size_t first() const {
    return assert(!empty()), static_cast<std::size_t>(std::countr_zero(bits_));
  }

  constexpr StepSet operator|(StepSet other) const { return StepSet(bits_ | other.bits_); }
  constexpr StepSet operator&(StepSet other) const { return StepSet(bits_ & other.bits_); }
  constexpr StepSet operator-(StepSet other) const { return StepSet(bits_ & ~other.bits_); }
  constexpr StepSet& operator|=(StepSet other) { return bits_ |= other.bits_, *this; }
  constexpr StepSet& operator-=(StepSet other) { return bits_ &= ~other.bits_, *this; }
  constexpr bool operator==(const StepSet&) const = default;

 private:
  constexpr explicit StepSet(uint64_t bits) : bits_(bits) {}
  uint64_t bits_ = 0;
};

}  // namespace weir
