// Whether findings are what was expected, within tolerances, and where they first are not. For
// expected files and for comparing back ends. Pure functions.
//
//   const auto difference = first_difference(expected, actual, {.box_px = 1.5F, .score = 0.02F});
//   if (difference) fail(*difference);   // "gate 12: findings[3].box is [1,2,3,4], expected […]"
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "weir/data/task.h"

namespace weir {

// How much numbers may differ; without any, they must be equal. Text, labels, steps and counts are
// always exact.
struct FindingTolerance {
  float box_px = 0;     // each side of a box, and keypoints with their depths
  float score = 0;      // of classes and of keypoints
  float embedding = 0;  // each number of it
  double time_ms = 0;   // of tasks and of spans
  double mask_iou = 1;  // at least
  // Findings may be in any order, as they are when scores nearly tie; ids are then not compared,
  // and parents by what they point at.
  bool any_order = false;
};

// Nothing if they agree.
std::optional<std::string> first_difference(const Task& expected, const Task& actual,
                                            const FindingTolerance& tolerance = {});
// The same for lists of tasks, one by one.
std::optional<std::string> first_difference(const std::vector<Task>& expected,
                                            const std::vector<Task>& actual,
                                            const FindingTolerance& tolerance = {});

}  // namespace weir
