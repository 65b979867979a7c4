// How a source picture, or an upright part of it, lies in the input of a model: the geometry of
// stretching and letterboxing, and the way back for boxes.
//
//   WEIR_ASSIGN(const ResizePlan plan, plan_resize(ResizePolicy::kLetterbox, 1280, 720, 640, 640));
//   const Box found = plan.to_source(box_in_model_input);
//
//   // The part of the frame in which a face was found, without an intermediate picture.
//   WEIR_ASSIGN(const ResizePlan crop, plan_resize(ResizePolicy::kStretch, 1280, 720, 96, 96,
//   box));
//
// Plain values and pure functions. Positions count from the outer corner of the top left pixel, so
// the way back is exact: the same factors, which come from the whole pixels that the picture really
// takes, divided instead of multiplied.
#pragma once

#include <string_view>

#include "weir/base/result.h"
#include "weir/data/finding.h"
#include "weir/ops/affine.h"

namespace weir {

enum class ResizePolicy {
  kStretch,            // fills the input; the aspect ratio is lost
  kLetterbox,          // keeps the aspect ratio; the rest is at the right or below
  kLetterboxCentered,  // keeps the aspect ratio; the rest is on both sides
  // Of a ResizeRule (resize_rule.h), which has the numbers that they need:
  kCrop,     // keeps it by the shorter side; what is too much is cut off on both sides
  kPad,      // keeps the pixels, unless there are too many; the rest is at the right and below
  kMinMax,   // keeps it: a length for the shorter side, a limit for the longer
  kPyramid,  // half the size: the mean of two by two pixels
};

// "stretch", "letterbox", "letterbox_centered", "crop", "pad", "min_max_pairs", "pyramid".
std::string_view name(ResizePolicy policy);
Result<ResizePolicy> parse_resize_policy(std::string_view text);

struct ResizePlan {
  int source_width = 0;  // of the upright source
  int source_height = 0;
  int width = 0;  // of the model's input
  int height = 0;
  // Where the region lies in the input. It may begin before it (a negative left or top) or reach
  // beyond it: then that part of it is not seen.
  int left = 0;
  int top = 0;
  int inner_width = 0;
  int inner_height = 0;
  // The part of the source that is brought there, in pixels of the source, not always whole ones.
  // What of it lies outside of the source repeats the source's border.
  Box region{};

  // From pixels of the input to pixels of the source, and back.
  float to_source_x(float x) const;
  float to_source_y(float y) const;
  float to_input_x(float x) const;
  float to_input_y(float y) const;
  Box to_source(const Box& box) const;
  Box to_input(const Box& box) const;
  // All four at once, for points: from pixels of the input to pixels of the source.
  Affine to_source() const;
  // The part of a box (in pixels of the source) that is inside the source.
  Box clip(const Box& box) const;

  bool operator==(const ResizePlan&) const = default;
};

// An Error unless all sizes are at least 1, or if the policy needs a rule. Of the whole source, or
// of a region of it, which has an area and whose aspect ratio is the one that a letterbox keeps.
Result<ResizePlan> plan_resize(ResizePolicy policy, int source_width, int source_height, int width,
                               int height);
Result<ResizePlan> plan_resize(ResizePolicy policy, int source_width, int source_height, int width,
                               int height, const Box& region);

}  // namespace weir
