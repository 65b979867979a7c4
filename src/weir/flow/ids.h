// The dense ids that the flow deals in. Names are for people; the core sees only these.
#pragma once

#include <cstdint>
#include <limits>

namespace weir::flow {

using StageId = uint16_t;    // index into Graph::stages()
using ExecutorId = uint8_t;  // index into Graph::executors()
using WorkerId = uint16_t;   // dense over all executors
inline constexpr StageId kNoStage = 0xffff;
inline constexpr WorkerId kNoWorker = 0xffff;
inline constexpr int64_t kNever = std::numeric_limits<int64_t>::max();

// A place in the table of streams and the generation of its use, so that a stale id is noticed.
struct StreamId {
  uint16_t index = 0xffff;
  uint16_t generation = 0;
  bool operator==(const StreamId&) const = default;
};

// Unique over the life of a core, in the order of submission; 0 is none.
using TaskId = uint64_t;

}  // namespace weir::flow
