// What feeds a pipeline: one input after the other.
//
//   WEIR_ASSIGN(auto source, open_source({.pictures = {{"photos/"}}}));
//   while (std::optional<SourceInput> input = source->next()) use(*input);
//
// One thread at a time, not always the same one; next() may block while it reads and decodes.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "weir/base/result.h"
#include "weir/base/thread_budget.h"
#include "weir/data/task.h"
#include "weir/source/spec.h"

namespace weir {

struct SourceInput {
  TaskInput input = {};
  double time_ms = 0;               // since the start
  int64_t number = 0;               // of the frame; counts those that were left out too
  std::string file = {};            // of a picture
  std::optional<Error> error = {};  // of a picture that cannot be read: the rest goes on
  std::vector<Finding> truth = {};  // of a scene: what is in the picture, with labels of its own
};

class Source {
 public:
  virtual ~Source() = default;
  // Nothing at the end, and from then on.
  virtual std::optional<SourceInput> next() = 0;
  // How many there will be; 0: not known.
  virtual int64_t expected() const { return 0; }
};

struct SourceOptions {
  std::string name = "source";     // in the budget
  ThreadBudget* budget = nullptr;  // borrowed while it opens; null: a decoder has one thread
  int sharing = 1;                 // so many sources share what the budget leaves
};

// An Error for a file that is not there or no video. A picture that cannot be read is an input with
// an error.
Result<std::unique_ptr<Source>> open_source(const SourceSpec& spec,
                                            const SourceOptions& options = {});

}  // namespace weir
