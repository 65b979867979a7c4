// One line of a MOT file, as the MOTChallenge benchmarks write detections and tracks:
//
//   frame, id, left, top, width, height[, score[, …]]
//
//   WEIR_ASSIGN(const MotRow row, read_mot_row("1,-1,649.4,231.5,44.4,86.1,0.99,-1,-1,-1"));
//
// Pure; any thread.
#pragma once

#include <cstdint>
#include <string_view>

#include "weir/base/result.h"
#include "weir/data/finding.h"

namespace weir {

struct MotRow {
  int64_t frame = 0;  // from 1
  int64_t id = -1;    // of the track; below 0: a detection
  Box box;
  float score = 1;
};

// Separated by commas; spaces around a number do no harm. An Error (corrupt) names the column.
Result<MotRow> read_mot_row(std::string_view line);

}  // namespace weir
