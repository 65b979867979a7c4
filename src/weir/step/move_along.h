// A finding of an earlier picture where it would be now, if it moved with what it was found on.
//
//   move_along(finding, box_then, box_now);     // its box, points and mask
//
// Pure; any thread.
#pragma once

#include "weir/data/finding.h"

namespace weir {

// What leaves the picture is cut off from a mask; boxes and points may lie outside.
void move_along(Finding& finding, const Box& from, const Box& to);

}  // namespace weir
