// What every detector does last: from boxes that it proposes to findings.
//
//   Candidates found;
//   found.add({10, 10, 50, 90}, 0.8F, 2);                 // in pixels of the model's input
//   return detections(found, spec, plan);      // in pixels of the source, best first
//
// The rules, in their order: what is not finite or scores below `score` is no candidate; a box is
// brought into the source and cut at its borders, and goes if nothing is left; the best
// `candidates` stay; of boxes of a class that overlap by more than `iou` the best stays; the best
// `max_count` stay. Equal scores count in the order in which they were added. Pure functions: any
// thread.
//
// In a workspace nothing is allocated once it has grown, but for findings:
//
//   DetectionWorkspace& workspace = DetectionWorkspace::of_this_thread();
//   Candidates& proposed = workspace.start();
//   proposed.add({10, 10, 50, 90}, 0.8F, 2);
//   detections(workspace, spec, plan, found);             // adds to them
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "weir/data/finding.h"
#include "weir/ops/resize_plan.h"

namespace weir {

struct DetectionSpec {
  float score = 0.25F;         // less than this is no finding
  float iou = 0.45F;           // of the suppression; 1: there is none
  bool per_class = true;       // boxes of different classes leave each other alone
  std::size_t candidates = 0;  // the best that go into the suppression; 0: all
  std::size_t max_count = 0;   // the best that come out of it; 0: all
};

struct Candidates {
  std::vector<Box> boxes;
  std::vector<float> scores;
  std::vector<int32_t> labels;

  void add(const Box& box, float score, int32_t label) {
    boxes.push_back(box);
    scores.push_back(score);
    labels.push_back(label);
  }
  void clear() {
    boxes.clear();
    scores.clear();
    labels.clear();
  }
};

struct DetectionMemory;

// The candidates of one detection and the memory to choose among them. Used by one thread at a
// time.
class DetectionWorkspace {
 public:
  DetectionWorkspace();
  ~DetectionWorkspace();
  DetectionWorkspace(const DetectionWorkspace&) = delete;
  DetectionWorkspace& operator=(const DetectionWorkspace&) = delete;

  // The one that each thread has; it lives as long as the thread. Not to be held across a call of
  // somebody else's function.
  static DetectionWorkspace& of_this_thread();

  // Begins anew: no candidates.
  Candidates& start();
  DetectionMemory& memory() { return *memory_; }

 private:
  std::unique_ptr<DetectionMemory> memory_;
};

// The highest of `count` numbers that lie `step` apart; the first of equals. A NaN never is;
// {-1, -infinity} if there is none.
ClassScore best_class(const float* values, int64_t count, int64_t step = 1);

// Boxes in pixels of the plan's input.
std::vector<Finding> detections(const Candidates& candidates, const DetectionSpec& spec,
                                const ResizePlan& plan);

// Of what was added since start(); adds to `found`.
void detections(DetectionWorkspace& workspace, const DetectionSpec& spec, const ResizePlan& plan,
                std::vector<Finding>& found);

}  // namespace weir
