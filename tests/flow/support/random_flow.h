// Random topologies for the simulation: stages in chains and diamonds, fan-outs nested twice,
// serial, limited, exclusive and batched stages, several executors, devices among them.
#pragma once

#include <cstdint>
#include <memory>

#include "weir/flow/graph.h"

namespace weir::flow {

// A small generator: the same numbers on every machine.
class Dice {
 public:
  explicit Dice(uint64_t seed) : state_(seed * 0x9E3779B97F4A7C15ULL + 0x1234567) {}
  uint64_t next() {
    uint64_t z = (state_ += 0x9E3779B97F4A7C15ULL);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
  }
  // From 0 to n - 1.
  uint32_t below(uint32_t n) { return static_cast<uint32_t>((next() >> 32) * n >> 32); }
  uint32_t from(uint32_t low, uint32_t high) { return low + below(high - low + 1); }
  bool chance(uint32_t percent) { return below(100) < percent; }

 private:
  uint64_t state_;
};

GraphSpec random_flow(Dice& dice, std::shared_ptr<StageBody> body);

}  // namespace weir::flow
