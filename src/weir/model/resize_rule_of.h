// From what a user writes about resizing to what ops plans by. Pure: any thread.
#pragma once

#include "weir/model/spec.h"
#include "weir/ops/resize_filter.h"
#include "weir/ops/resize_rule.h"

namespace weir {

// A policy that is auto is stretch; a multiple or max_side of 0 is left so, for the family to say.
ResizeRule resize_rule_of(const ResizeSpec& spec);
// A filter that is auto is bilinear.
ResizeFilter resize_filter_of(const ResizeSpec& spec);

}  // namespace weir
