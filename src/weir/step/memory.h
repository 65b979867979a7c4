// What a step with `every` or `per: track` answered last, and how that is given again: one object
// for each stream.
//
// Written and read by the join of the step, which is serial: a task is given the last answer of the
// tasks before it in its stream, however fast those were. One thread at a time.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "weir/step/plan.h"
#include "weir/step/work.h"

namespace weir {

class Memory {
 public:
  explicit Memory(const StepPlan& plan) : plan_(plan) {}

  // Turns the results of what was asked, and memory for the rest, into the step's findings.
  void answer(TaskWork& work);
  std::size_t tracks() const { return tracks_.size(); }

 private:
  struct Remembered {
    Finding finding;
    std::optional<Box> seen_on;      // the box of what it was found on
    int64_t track = Finding::kNone;  // of what it was found on
  };
  struct Answer {
    int64_t seq = 0;
    int64_t seen_seq = -1;
    std::size_t seen = 0;  // candidates of the track in that task so far
    // By place among the candidates of the track; behind `count` is memory to be used again.
    std::vector<std::vector<Remembered>> of;
    std::size_t count = 0;

    std::vector<Remembered>& next();
  };

  void answer_tracks(TaskWork& work);
  void answer_frame(TaskWork& work);
  void give_results(TaskWork& work, std::size_t asked, std::vector<Remembered>* keep) const;
  void give_again(TaskWork& work, const Remembered& remembered, int64_t seq,
                  FindingRef origin) const;
  void forget(int64_t seq);

  const StepPlan& plan_;
  std::unordered_map<int64_t, Answer> tracks_;
  Answer frame_;
  int64_t swept_seq_ = 0;
};

// The step's findings without any memory: the results, in the order of the candidates.
void give_all_results(const StepPlan& plan, TaskWork& work);

}  // namespace weir
