// Where a landmark model looks: the square around a finding, turned so that the face, hand or body
// in it is upright, and larger than the finding by as much as the model was trained with.
//
//   // A hand is where its palm is, half a palm further up, and upright from wrist to middle
//   finger. const RegionSpec hand{.start = 0, .end = 2, .target_deg = 90, .scale = 2.6, .shift_y =
//   -0.5}; WEIR_ASSIGN(const Affine to_source, region_around(palm, hand, 224, 224));
//   WEIR_TRY(warp_image(frame, to_source, spec, input));
//
// Pure functions: any thread.
#pragma once

#include "weir/base/result.h"
#include "weir/data/finding.h"
#include "weir/ops/affine.h"

namespace weir {

struct RegionSpec {
  // The keypoints from `start` to `end` are to point into this direction in the input: 0 to the
  // right, 90 upwards. A finding that has them not, and a negative `start`, are not turned.
  int start = -1;
  int end = -1;
  double target_deg = 0;
  // The square is as large as the longer side of the box, or, of `aligned` findings that have those
  // keypoints, as twice their distance, with its centre in the first. Then it is moved by so many
  // of the box's sides along its own axes, and enlarged.
  bool aligned = false;
  double scale = 1;
  double shift_x = 0;
  double shift_y = 0;
  // Left and right change places: for models that know only one of two sides.
  bool mirror = false;
};

// From the pixels of an input of width x height to those of the source. An Error if the finding has
// no place: no box (or, aligned, no points), one without an area, or numbers that are not finite.
Result<Affine> region_around(const Finding& finding, const RegionSpec& spec, int width, int height);

// The square around two points, in the direction from the first to the second; for an eye.
Result<Affine> region_between(Point first, Point second, const RegionSpec& spec, int width,
                              int height);

}  // namespace weir
