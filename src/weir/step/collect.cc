#include "weir/step/collect.h"

#include <utility>

namespace weir {
namespace {

class Collector {
 public:
  Collector(TaskWork& work, const StepOrder& order) : work_(work), order_(order) {
    for (StepWork& step : work.steps) {
      step.taken_by.assign(step.findings.size(), FindingRef());
      step.ids.assign(step.findings.size(), Finding::kNone);
    }
  }

  void run() {
    for (const int32_t step : order_.steps) {
      if (order_.tracks[static_cast<std::size_t>(step)]) take_over(step);
    }
    number();
    for (const int32_t step : order_.steps) give(step);
  }

 private:
  static std::size_t at(int32_t number) { return static_cast<std::size_t>(number); }
  FindingRef& taken_by(FindingRef ref) const { return work_.at(ref.step).taken_by[at(ref.index)]; }

  // Of two trackers on one finding the first takes its place; what the second says stands below it.
  void take_over(int32_t step) {
    const std::vector<FindingRef>& origins = work_.at(step).origins;
    for (std::size_t i = 0; i < origins.size(); ++i) {
      if (origins[i].empty() || stays(origins[i].step)) continue;
      FindingRef& taken = taken_by(origins[i]);
      if (taken.empty()) taken = {step, static_cast<int32_t>(i)};
    }
  }

  bool stays(int32_t step) const { return !order_.stays.empty() && order_.stays[at(step)]; }

  bool is_taken(int32_t step, std::size_t index) const {
    return !work_.at(step).taken_by[index].empty();
  }

  void number() {
    int32_t next = work_.task.findings.empty() ? 0 : work_.task.findings.back().id + 1;
    std::size_t count = work_.task.findings.size();
    for (const int32_t step : order_.steps) {
      std::vector<int32_t>& ids = work_.at(step).ids;
      for (std::size_t i = 0; i < ids.size(); ++i) {
        if (is_taken(step, i)) continue;
        ids[i] = next++;
        ++count;
      }
    }
    work_.task.findings.reserve(count);
  }

  // The id of a finding, or of the one that took its place.
  int32_t id_of(FindingRef ref) const {
    while (!ref.empty()) {
      const FindingRef taken = taken_by(ref);
      if (taken.empty()) return work_.at(ref.step).ids[at(ref.index)];
      ref = taken;
    }
    return Finding::kNone;
  }

  int32_t parent_of(int32_t step, std::size_t index) const {
    FindingRef own{step, static_cast<int32_t>(index)};
    FindingRef origin = work_.at(step).origins[index];
    // Whoever took a finding's place belongs to what that one belonged to.
    while (!origin.empty() && taken_by(origin) == own) {
      own = origin;
      origin = work_.at(origin.step).origins[at(origin.index)];
    }
    return id_of(origin);
  }

  void give_tensors(int32_t step) {
    StepWork& of = work_.at(step);
    for (std::size_t i = 0; i < of.kept.size(); ++i) {
      const bool of_frame = of.asked.empty();
      const int32_t on = of_frame ? Finding::kNone : id_of(of.candidates[of.asked[i]]);
      for (KeptTensor& tensor : of.kept[i]) {
        tensor.step = step;
        tensor.finding = on;
        work_.task.tensors.push_back(std::move(tensor));
      }
    }
  }

  void give(int32_t step) {
    give_tensors(step);
    std::vector<Finding>& findings = work_.at(step).findings;
    for (std::size_t i = 0; i < findings.size(); ++i) {
      if (is_taken(step, i)) continue;
      findings[i].id = work_.at(step).ids[i];
      findings[i].parent = parent_of(step, i);
      work_.task.findings.push_back(std::move(findings[i]));
    }
  }

  TaskWork& work_;
  const StepOrder& order_;
};

}  // namespace

Task collect(TaskWork& work, const StepOrder& order) {
  // A step that did not come to its end leaves findings without origins: they do not count.
  for (StepWork& step : work.steps) {
    if (step.origins.size() == step.findings.size()) continue;
    step.findings.clear();
    step.origins.clear();
    step.kept.clear();
  }
  Collector(work, order).run();
  return std::move(work.task);
}

}  // namespace weir
