// How far two back ends are apart in what they find.
//
//   Comparison comparison;
//   comparison.add(by_onnxruntime, by_openvino);      // picture by picture
//   context.out << comparison.to_string();
//
// Findings are matched step by step, best overlap first, and only with the same label; what has no
// box is matched in its order. A plain value.
#pragma once

#include <cstddef>
#include <string>

#include "weir/data/task.h"

namespace weir::cli {

struct Comparison {
  std::size_t pictures = 0;
  std::size_t matched = 0;
  std::size_t only_first = 0;
  std::size_t only_second = 0;
  // The largest of all matches.
  double box_px = 0;
  double score = 0;
  double point_px = 0;
  double embedding = 0;    // of one number
  double lowest_iou = 1;   // of boxes
  double lowest_mask = 1;  // IoU of masks
  std::size_t texts = 0;   // that differ
  std::string worst;       // the picture with the largest difference of scores or boxes

  void add(const Task& first, const Task& second);
  bool equal_sets() const { return only_first == 0 && only_second == 0 && texts == 0; }
  std::string to_string() const;
};

}  // namespace weir::cli
