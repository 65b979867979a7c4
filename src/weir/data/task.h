// One unit of work that a user hands in: a frame, an image, a recording, a request.
//
// A Task owns its read-only input, its parameters, the steps still to do, and the findings so far.
// Exactly one thread owns it at a time; copies share the input.
//
//   Task task{.stream = "gate", .seq = 12, .time_ms = 480.0, .input = frame};
//   task.add({.step = faces, .box = box, .best = ClassScore{0, 0.93F}});
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "weir/base/error.h"
#include "weir/data/audio.h"
#include "weir/data/finding.h"
#include "weir/data/image.h"
#include "weir/data/kept_tensor.h"
#include "weir/data/outcome.h"
#include "weir/data/step_set.h"
#include "weir/data/tensor.h"

namespace weir {

// What a task is about; nothing for one that only asks.
using TaskInput = std::variant<std::monostate, Image, Audio, Tensor>;

// Named values that steps read: a threshold for this request, a word to listen for.
using TaskParameter = std::variant<bool, int64_t, double, std::string>;
using TaskParameters = std::map<std::string, TaskParameter, std::less<>>;

struct Task {
  std::string stream{};
  int64_t seq = 0;     // counts the admitted tasks of the stream
  double time_ms = 0;  // since the start of the stream
  TaskInput input{};
  TaskParameters parameters{};
  StepSet todo{};
  StepSet keep_tensors{};  // of these steps also what the model gave is wanted
  std::vector<Finding> findings{};
  std::vector<Finding> truth{};  // what its source knows is in it, with labels of its own
  Outcome outcome = Outcome::kDone;
  std::optional<Error> error{};              // of a task that failed
  std::vector<KeptTensor> tensors{};         // of the steps in `keep_tensors`, in their order
  std::shared_ptr<const StepTable> steps{};  // what the findings' numbers mean; null: unknown

  // Null if the input is something else.
  const Image* image() const { return std::get_if<Image>(&input); }
  const Audio* audio() const { return std::get_if<Audio>(&input); }
  const Tensor* tensor() const { return std::get_if<Tensor>(&input); }

  // Adds a finding under the next free id, which it returns.
  int32_t add(Finding finding);
  // The names of a finding's step and label; empty if they have none.
  std::string_view step_name(const Finding& finding) const;
  std::string_view label_name(const Finding& finding, const ClassScore& score) const;
  // Ends the task as failed.
  void fail(Error why);
};

}  // namespace weir
