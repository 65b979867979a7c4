// A line of text in a picture: its four corners, and the crop that a recogniser looks at. What the
// families of text share: a detector says where lines are with these corners, a classifier of their
// direction and a recogniser cut the same crop from them.
//
//   WEIR_ASSIGN(const TextQuad line, text_quad(finding));       // of a text box
//   const Affine to_source = crop_to_source(line, 320, 48);     // for warp_image
//
// Plain values and pure functions: any thread.
#pragma once

#include <array>

#include "weir/base/result.h"
#include "weir/data/finding.h"
#include "weir/ops/affine.h"

namespace weir {

// A crop that is so many times as tall as it is wide holds text that runs downwards.
inline constexpr double kTallText = 1.5;

struct TextQuad {
  // Clockwise, from the text's own top left: 0 to 1 is the way in which it is read.
  std::array<Point, 4> corners{};

  double width() const;   // along the text, the mean of both sides
  double height() const;  // across it
  Point centre() const;
  // The way in which it is read, in radians from rightwards, clockwise: -pi … pi.
  double angle() const;
  // The same corners, beginning with another: the text is turned by so many quarters, clockwise.
  TextQuad turned(int quarters) const;
  bool operator==(const TextQuad&) const = default;
};

// The line in a rectangle, given clockwise from any corner. A long one is read along its long side,
// rightwards, or downwards where it is within 15 degrees of upright; one that is not long is read
// along the side that is nearest to level. Whether it is upside down, no shape can tell.
TextQuad read_along(const std::array<Point, 4>& clockwise);

// The line that a finding marks: its four keypoints as they stand, else its box; then, where that
// is at least kTallText as tall as wide, from the top right corner downwards. An Error if it has
// neither, or one that is not finite or has no area.
Result<TextQuad> text_quad(const Finding& finding);
// A whole picture as one line of text, by the same rule.
TextQuad text_quad(int width, int height);

// What the detectors of text give: the corners as keypoints, and the box around them, clipped to a
// source of that size.
void set_quad(Finding& finding, const TextQuad& quad, int source_width, int source_height);

// From the pixels of a crop of width x height to the source. Exact for parallelograms; the nearest
// one in the least squares for other quadrilaterals.
Affine crop_to_source(const TextQuad& quad, double width, double height);

}  // namespace weir
