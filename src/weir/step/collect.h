// What the steps found, put into the task: the end of a task's way.
//
//   const StepOrder order{…};
//   Task done = collect(*work, order);
//
// Findings stand in the order of the steps, those of a step in its own order; ids and parents are
// numbers of the task. What a tracker follows is told once, by the tracker: it takes the place of
// the detection. Any thread.
#pragma once

#include <cstdint>
#include <vector>

#include "weir/step/work.h"

namespace weir {

struct StepOrder {
  std::vector<int32_t> steps;    // each after those that it looks at
  std::vector<bool> tracks;      // by step: whether it takes over what it follows
  std::vector<bool> stays = {};  // by step: whether what it gives stays even then; empty: of none
};

// Takes the task out of the work, which may be cleared and used again then.
Task collect(TaskWork& work, const StepOrder& order);

}  // namespace weir
