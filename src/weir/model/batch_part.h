// What several items are in one run: whether a model takes them, and each one's part of a tensor.
//
// Pure functions: any thread.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "weir/backend/loaded_model.h"
#include "weir/data/tensor.h"

namespace weir {

// The part of item `i` in a tensor of `count` items that lie one after the other.
inline TensorView batch_part(TensorView view, std::size_t i, std::size_t count) {
  if (count == 1) return view;
  const std::size_t bytes = view.bytes() / count;
  view.data = static_cast<char*>(view.data) + i * bytes;
  view.shape[0] = 1;
  return view;
}

// Whether every input of the model takes `batch` items at once.
inline bool takes_batch(const LoadedModel& model, int64_t batch) {
  return std::all_of(model.inputs().begin(), model.inputs().end(), [&](const TensorInfo& input) {
    return input.any_rank || (input.shape.rank() > 0 &&
                              (input.shape[0] == Shape::kDynamic || input.shape[0] == batch));
  });
}

// Whether an output has a part for each of `count` items.
inline bool holds_batch(const TensorView& output, std::size_t count) {
  return count == 1 || (output.shape.rank() > 0 && output.shape[0] == static_cast<int64_t>(count));
}

}  // namespace weir
