// What a DetectionWorkspace holds. Private to ops.
#pragma once

#include <vector>

#include "weir/ops/class_scan.h"
#include "weir/ops/detections.h"
#include "weir/ops/falling_order.h"
#include "weir/ops/nms.h"

namespace weir {

// Grows and is never given back.
struct DetectionMemory {
  Candidates candidates;
  std::vector<ClassHit> hits;
  FallingOrder order;
  NmsWorkspace nms;
};

}  // namespace weir
