// How a picture of any size becomes an input: what a model's spec says, from which a plan is made
// for every picture.
//
//   // Half the size, the sky cut off, room at the right: 1824x940 becomes 960x448.
//   const ResizeRule rule{.policy = ResizePolicy::kPyramid, .crop = {.top = 22},
//                         .pad = {.right = 48}};
//   WEIR_ASSIGN(const ResizePlan plan, plan_resize(rule, 1824, 940, whole, {}));
//
// Plain values and a pure function: any thread.
#pragma once

#include "weir/base/result.h"
#include "weir/ops/resize_plan.h"

namespace weir {

struct ResizeRule {
  // Pixels of the input.
  struct Edges {
    int left = 0;
    int top = 0;
    int right = 0;
    int bottom = 0;
    bool any() const { return left > 0 || top > 0 || right > 0 || bottom > 0; }
    bool operator==(const Edges&) const = default;
  };

  ResizePolicy policy = ResizePolicy::kStretch;
  int short_side = 0;  // kCrop: of the scaled picture; 0: such that it just fills the input
  int min_side = 0;    // kMinMax: the shorter side becomes this …
  // … unless the longer one then exceeds this. Of the other policies: a larger picture is made
  // smaller where the input's size is open; 0: it is not.
  int max_side = 0;
  int multiple = 1;  // an open side is rounded up to it
  // Cut off and put on after scaling; kPad, kMinMax and kPyramid only.
  Edges crop{};
  Edges pad{};

  bool operator==(const ResizeRule&) const = default;
};

// The sides of an input; 0 where the picture says.
struct OpenSize {
  int width = 0;
  int height = 0;
};

// plan.width and plan.height are the sides that an open size comes to. An Error where the rule
// contradicts itself or nothing of the picture is left.
Result<ResizePlan> plan_resize(const ResizeRule& rule, int source_width, int source_height,
                               const Box& region, const OpenSize& size);

}  // namespace weir
