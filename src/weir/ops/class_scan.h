// Which of many proposals have a class that reaches a threshold, and which class is their best: the
// part of a decode that reads the whole tensor, as fast as memory gives it. Private to ops; any
// thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace weir {

// The score is the highest of the proposal's that are no NaN and above -infinity, and the label the
// first that has it.
struct ClassHit {
  uint32_t index = 0;
  int32_t label = -1;
  float score = 0;
};

// How scores lie: that of class c of proposal i is data[c * class_step + i * step]. One of the
// steps is 1.
struct ClassScores {
  const float* data = nullptr;
  std::size_t count = 0;  // of proposals, below 2^32
  std::size_t classes = 0;
  std::size_t step = 1;
  std::size_t class_step = 1;
};

// In the order of the proposals. Replaces what is in `hits`.
void scan_classes(const ClassScores& scores, float threshold, std::vector<ClassHit>& hits);

}  // namespace weir
