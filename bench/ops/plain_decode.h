// What decode and suppression are measured against: the usual ways of doing it, written with care
// and compiled with -O3.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "weir/data/finding.h"
#include "weir/ops/detections.h"

namespace weir::bench {

// Sorts, then lets each box that is left strike out what follows it: every pair is looked at once.
// Keeps its memory between calls.
class PlainNms {
 public:
  const std::vector<std::size_t>& operator()(std::span<const Box> boxes,
                                             std::span<const float> scores,
                                             std::span<const int32_t> classes, float threshold);

 private:
  std::vector<std::size_t> order_, kept_;
  std::vector<Box> boxes_;
  std::vector<float> areas_;
  std::vector<int32_t> classes_;
  std::vector<char> gone_;
};

// A YOLOv8's [4+C,N]: turned over, tile by tile, into a row for each box, and then row by row.
class PlainYolo {
 public:
  const std::vector<Finding>& operator()(const float* output, std::size_t classes,
                                         std::size_t count, const DetectionSpec& spec,
                                         const ResizePlan& plan);

 private:
  void transpose(const float* output, std::size_t columns, std::size_t count);

  std::vector<float> rows_, scores_;
  std::vector<Box> boxes_;
  std::vector<int32_t> labels_;
  std::vector<Finding> found_;
  PlainNms nms_;
};

}  // namespace weir::bench
