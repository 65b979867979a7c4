// The points of a landmark model (of a face, an eye, a hand, a body), brought into the source.
//
//   WEIR_TRY(landmarks_decode(output, {.points = 21}, finding));
//   to_source(plan.to_source, finding);
//
// Pure functions: any thread.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "weir/base/result.h"
#include "weir/data/finding.h"
#include "weir/data/tensor.h"
#include "weir/ops/affine.h"

namespace weir {

struct LandmarksDecodeSpec {
  int64_t points = 0;   // that the output has
  int64_t numbers = 3;  // of each: x, y, z; with 5 the logits of "visible" and "in the picture" too
  int64_t keep = 0;     // the first so many are wanted; 0: all
  float depth_unit = 1;  // how many pixels of the input one of z is
};

// Adds keypoints and, if there is a z, their depths, in pixels of the model's input. `output` is
// dense float32 in host memory with points * numbers elements, whatever its shape. The score of a
// point is how visible it is, if the model says that.
Status landmarks_decode(const TensorView& output, const LandmarksDecodeSpec& spec,
                        Finding& finding);

struct HeatmapSpec {
  int kernel = 7;      // of the window around the point, in cells of the map
  float least = 0.5F;  // at least one cell of the window must be this sure
};

// Moves each point to the centre of mass of its heat map around it. `heatmaps` is [1,H,W,N] or
// [H,W,N], logits, N at least the number of points; dense float32 in host memory.
Status refine_by_heatmap(const TensorView& heatmaps, int input_width, int input_height,
                         const HeatmapSpec& spec, std::span<Keypoint> points);

// Into the source, all of them. Depths grow as what is level in the input does.
void to_source(const Affine& map, Finding& finding);

// 1 / (1 + e^-x), 0 for a NaN.
float sigmoid(float logit);

}  // namespace weir
