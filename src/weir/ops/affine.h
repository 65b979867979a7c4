// Affine maps of points: how a warped crop and its source frame lie to each other.
//
//   // The face of five landmarks, as a model wants it: 112x112, eyes level.
//   WEIR_ASSIGN(const Affine to_source, similarity(kTemplate, landmarks));
//   WEIR_TRY(warp_image(frame, to_source, spec, input));
//   const Keypoint seen = to_source.apply(point_in_the_crop);
//
// Positions count from the outer corner of the top left pixel, as in ResizePlan: the centre of the
// first pixel is (0.5, 0.5). y grows downwards, so a positive angle turns clockwise. Plain values
// and pure functions: any thread.
#pragma once

#include <span>

#include "weir/base/result.h"
#include "weir/data/finding.h"

namespace weir {

struct Point {
  double x = 0;
  double y = 0;
  bool operator==(const Point&) const = default;
};

// (x, y) becomes (a x + b y + tx, c x + d y + ty).
struct Affine {
  double a = 1;
  double b = 0;
  double tx = 0;
  double c = 0;
  double d = 1;
  double ty = 0;

  Point apply(Point point) const {
    return {a * point.x + b * point.y + tx, c * point.x + d * point.y + ty};
  }
  // Keeps the score.
  Keypoint apply(const Keypoint& point) const;
  // The upright box around the four corners of one.
  Box around(const Box& box) const;
  // By how much it enlarges areas; negative where it mirrors.
  double determinant() const { return a * d - b * c; }
  bool is_finite() const;

  bool operator==(const Affine&) const = default;
};

// The way back. An Error if there is none, because the map flattens the plane.
Result<Affine> inverse(const Affine& map);

// What `inner` followed by `outer` does.
Affine compose(const Affine& outer, const Affine& inner);

// Turn, scale and shift that bring `from` nearest to `to` in the least squares, never mirrored
// (Umeyama's). Takes as many points of each, two different ones at least.
Result<Affine> similarity(std::span<const Point> from, std::span<const Point> to);

// From the pixels of an upright input of out_width x out_height to a rectangle in the source that
// is turned clockwise by `angle_rad` about its centre.
Affine rectangle(Point centre, double width, double height, double angle_rad, int out_width,
                 int out_height);

}  // namespace weir
