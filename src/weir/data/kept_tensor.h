// What a model gave for one item, before it was read as findings: kept where a task asks for it
// (Task::keep_tensors).
#pragma once

#include <cstdint>
#include <string>

#include "weir/data/tensor.h"

namespace weir {

struct KeptTensor {
  int32_t step = -1;      // an index into the task's StepTable
  int32_t finding = -1;   // the id of what was looked at; -1: the whole frame
  std::string name = {};  // of the model's output
  Tensor tensor = {};     // a copy on the host
};

}  // namespace weir
