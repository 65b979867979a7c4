// What goes into a tracker and what comes out; the trackers themselves are byte_tracker.h and
// sort_tracker.h.
#pragma once

#include <cstdint>

#include "weir/data/finding.h"

namespace weir {

struct Detection {
  Box box;
  float score = 0;
  int32_t label_id = -1;
};

// A track that was seen in this frame.
struct Track {
  int64_t id = 0;   // from 1, never used twice
  Box box;          // the filter's estimate, in pixels
  float score = 0;  // of the detection
  int32_t label_id = -1;
  int32_t detection = -1;  // its index in what was handed in
  int64_t age = 0;         // frames since the track began
};

}  // namespace weir
