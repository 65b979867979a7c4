// How a source picture lies in the input of a model: the geometry of stretching and letterboxing,
// and the way back for boxes.
//
//   WEIR_ASSIGN(const ResizePlan plan, plan_resize(ResizePolicy::kLetterbox, 1280, 720, 640, 640));
//   const Box found = plan.to_source(box_in_model_input);
//
// Plain values and pure functions. Positions count from the outer corner of the top left pixel, so
// the way back is exact: the same factors, which come from the whole pixels that the picture really
// takes, divided instead of multiplied.
#pragma once

#include <string_view>

#include "weir/base/result.h"
#include "weir/data/finding.h"

namespace weir {

enum class ResizePolicy {
  kStretch,            // fills the input; the aspect ratio is lost
  kLetterbox,          // keeps the aspect ratio; the rest is at the right or below
  kLetterboxCentered,  // keeps the aspect ratio; the rest is on both sides
};

// "stretch", "letterbox", "letterbox_centered".
std::string_view name(ResizePolicy policy);
Result<ResizePolicy> parse_resize_policy(std::string_view text);

struct ResizePlan {
  int source_width = 0;  // of the upright source
  int source_height = 0;
  int width = 0;  // of the model's input
  int height = 0;
  int left = 0;  // where the picture lies in the input
  int top = 0;
  int inner_width = 0;
  int inner_height = 0;

  // From pixels of the input to pixels of the source, and back.
  float to_source_x(float x) const;
  float to_source_y(float y) const;
  float to_input_x(float x) const;
  float to_input_y(float y) const;
  Box to_source(const Box& box) const;
  Box to_input(const Box& box) const;
  // The part of a box (in pixels of the source) that is inside the source.
  Box clip(const Box& box) const;

  bool operator==(const ResizePlan&) const = default;
};

// An Error unless all sizes are at least 1.
Result<ResizePlan> plan_resize(ResizePolicy policy, int source_width, int source_height, int width,
                               int height);

}  // namespace weir
