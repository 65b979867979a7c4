// The outputs of a detector that was trained with generalised focal loss (NanoDet, PicoDet) as
// findings.
//
//   const GflLevel levels[] = {{8, scores_8, sides_8}, {16, scores_16, sides_16}, …};
//   WEIR_ASSIGN(auto found, gfl_decode(levels, {}, plan));
//
// Each cell has a score a class (already through the sigmoid), and for each of the four sides of
// its box a distribution: R+1 logits for a distance of 0 … R strides from the cell's middle. The
// distance is their mean. Reads the tensors where they lie. Pure function: any thread.
#pragma once

#include <span>
#include <vector>

#include "weir/base/result.h"
#include "weir/data/finding.h"
#include "weir/data/tensor.h"
#include "weir/ops/detections.h"

namespace weir {

// `scores` is float32 [1,N,C] and `sides` [1,N,4(R+1)] (left, top, right, bottom), both with or
// without the leading 1, dense and in host memory, for the N cells of this stride.
struct GflLevel {
  int stride = 8;
  TensorView scores;
  TensorView sides;
};

struct GflDecodeSpec {
  DetectionSpec detect{.score = 0.4F, .iou = 0.6F};
  float centre = 0.5F;  // where the middle of a cell is, in strides from its corner
};

Result<std::vector<Finding>> gfl_decode(std::span<const GflLevel> levels, const GflDecodeSpec& spec,
                                        const ResizePlan& plan);
// The same, added to `found`.
Status gfl_decode(std::span<const GflLevel> levels, const GflDecodeSpec& spec,
                  const ResizePlan& plan, std::vector<Finding>& found);

}  // namespace weir
