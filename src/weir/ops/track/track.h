// What goes into a tracker and what comes out; the trackers themselves are byte_tracker.h and
// sort_tracker.h.
#pragma once

#include <cstdint>

#include "weir/data/finding.h"

namespace weir::ops {

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

// The overlap of two boxes, 0 … 1; empty, inverted and non-finite boxes overlap nothing. `extra` is
// 1 where boxes name their last pixel, as some detectors' do, and 0 where they name its outer edge.
inline float iou(const Box& a, const Box& b, float extra = 0) {
  const float width = (a.x2 < b.x2 ? a.x2 : b.x2) - (a.x1 > b.x1 ? a.x1 : b.x1) + extra;
  const float height = (a.y2 < b.y2 ? a.y2 : b.y2) - (a.y1 > b.y1 ? a.y1 : b.y1) + extra;
  if (!(width > 0) || !(height > 0)) return 0;
  const float both = width * height;
  const float either = (a.width() + extra) * (a.height() + extra) +
                       (b.width() + extra) * (b.height() + extra) - both;
  return either > 0 ? both / either : 0;
}

}  // namespace weir::ops
