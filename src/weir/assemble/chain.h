// Several models over pictures, one after the other, in the caller's thread: those that look at all
// of a picture, and those that look at what an earlier one found in it.
//
//   WEIR_ASSIGN(auto chain, Chain::make({{.name = "faces", .model = yunet},
//                                        {.name = "who", .model = sface, .on = "faces"}}));
//   Task task{.input = picture};
//   chain->solve({&task, 1});        // task.findings, or task.error
//
// What is asked of a pipeline without streams. One thread at a time; keeps its models alive.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "weir/base/result.h"
#include "weir/data/task.h"
#include "weir/model/lane.h"
#include "weir/model/model.h"

namespace weir {

struct ChainStep {
  std::string name;  // what findings say of where they come from
  std::shared_ptr<const Model> model;
  std::string on = {};  // an earlier step; empty: the whole picture
};

class Chain {
 public:
  struct StepTimes {
    std::size_t items = 0;
    Lane::Times took;
  };

  static Result<std::unique_ptr<Chain>> make(std::vector<ChainStep> steps);

  // Adds to the findings of every task; what looks at pictures of equal shape shares runs where the
  // model's batch allows. An error ends its task as failed, and no other.
  void solve(std::span<Task> tasks);

  const std::vector<ChainStep>& steps() const { return steps_; }
  // Of the last solve(), step by step.
  const std::vector<StepTimes>& times() const { return times_; }

 private:
  // Where the result of an item goes.
  struct Owner {
    std::size_t task = 0;
    int32_t parent = Finding::kNone;
  };

  Chain() = default;
  void gather(std::span<Task> tasks, std::size_t step);
  void distribute(std::span<Task> tasks, std::size_t step);

  std::vector<ChainStep> steps_;
  std::vector<int32_t> on_;  // numbers of steps
  std::vector<std::unique_ptr<Lane>> lanes_;
  std::shared_ptr<const StepTable> table_;
  std::vector<StepTimes> times_;
  // Kept from one call to the next.
  std::vector<ItemSource> items_;
  std::vector<ItemResult> results_;
  std::vector<Owner> owners_;
};

}  // namespace weir
