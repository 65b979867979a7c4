// The output of a YOLOX as findings.
//
//   YoloxDecodeSpec spec;
//   spec.detect.score = 0.35F;
//   WEIR_ASSIGN(auto found, yolox_decode(output, spec, plan));
//
// Reads the tensor where it lies. A row is a cell of the grids in the order of the strides: where
// its box is (dx, dy, log w, log h, in strides, seen from the cell's corner), how sure it is that
// there is anything, and how sure of each class; both already through the sigmoid. The score is the
// product of the last two, and only rows that reach the threshold with the first are looked at.
// Pure function: any thread.
#pragma once

#include <vector>

#include "weir/base/result.h"
#include "weir/data/finding.h"
#include "weir/data/tensor.h"
#include "weir/ops/detections.h"

namespace weir {

struct YoloxDecodeSpec {
  DetectionSpec detect;
  std::vector<int> strides = {8, 16, 32};
  bool decoded = false;  // the file was exported so that boxes are pixels already: cx, cy, w, h
};

// `output` is float32 [1,N,5+C] or [N,5+C], dense and in host memory, for the N cells of the plan's
// input.
Result<std::vector<Finding>> yolox_decode(const TensorView& output, const YoloxDecodeSpec& spec,
                                          const ResizePlan& plan);
// The same, added to `found`.
Status yolox_decode(const TensorView& output, const YoloxDecodeSpec& spec, const ResizePlan& plan,
                    std::vector<Finding>& found);

}  // namespace weir
