// The heads of a MoveNet as one person with 17 points, in COCO's order: nose, eyes, ears,
// shoulders, elbows, wrists, hips, knees, ankles, each the person's left before the right.
//
//   WEIR_ASSIGN(auto points, movenet_decode({heatmaps, regression, offsets, {}}, 192, 192));
//
// From the cell in which the person's centre is, a regression says about where each point is; the
// heat map's best cell near there is where it really is, and an offset makes that finer. Files that
// leave out the head of the centre have their centre found by what it is for: the cell whose
// regression meets the heat maps best. Pure function: any thread.
#pragma once

#include <vector>

#include "weir/base/result.h"
#include "weir/data/finding.h"
#include "weir/data/tensor.h"

namespace weir {

// Dense float32 in host memory, [1,C,H,W] or [C,H,W].
struct MovenetHeads {
  TensorView heatmaps;    // [K,H,W], 0 … 1
  TensorView regression;  // [2K,H,W]: y, x of each point, in cells, seen from the centre's cell
  TensorView offsets;     // [2K,H,W]: y, x of each point, in cells, seen from its own cell
  TensorView centre;      // [1,H,W]; null data: there is none
};

// In pixels of an input of width x height, with the heat maps' scores; all K of them.
Result<std::vector<Keypoint>> movenet_decode(const MovenetHeads& heads, int width, int height);

}  // namespace weir
