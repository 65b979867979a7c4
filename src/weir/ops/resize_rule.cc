#include "weir/ops/resize_rule.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "weir/data/image.h"
#include "weir/ops/box.h"

namespace weir {
namespace {

using Edges = ResizeRule::Edges;

Error wrong(const std::string& what, const std::string& hint = {}) {
  return Error(ErrorCode::kInvalidArgument, what, "", hint);
}

bool has_edges(ResizePolicy policy) {
  return policy == ResizePolicy::kPad || policy == ResizePolicy::kMinMax ||
         policy == ResizePolicy::kPyramid;
}

Status check_rule(const ResizeRule& rule) {
  const auto quoted = [&] { return "'" + std::string(name(rule.policy)) + "'"; };
  for (const Edges& edges : {rule.crop, rule.pad}) {
    for (const int side : {edges.left, edges.top, edges.right, edges.bottom}) {
      if (side < 0 || side > Image::kMaxSide) return wrong("an edge of " + std::to_string(side));
    }
  }
  if ((rule.crop.any() || rule.pad.any()) && !has_edges(rule.policy)) {
    return wrong(quoted() + " has no edges to crop or pad", "write pad, min_max_pairs or pyramid");
  }
  const auto both = [](int crop, int pad) { return crop > 0 && pad > 0; };
  if (both(rule.crop.left, rule.pad.left) || both(rule.crop.top, rule.pad.top) ||
      both(rule.crop.right, rule.pad.right) || both(rule.crop.bottom, rule.pad.bottom)) {
    return wrong("one edge cannot be both cropped and padded");
  }
  if (rule.multiple < 1 || rule.max_side < 0 || rule.short_side < 0 || rule.min_side < 0) {
    return wrong("a side or multiple below 0");
  }
  if (rule.policy == ResizePolicy::kMinMax && (rule.min_side < 1 || rule.max_side < 1)) {
    return wrong(quoted() + " needs two sides", "write for example [540, 1140]");
  }
  return {};
}

int nearest(double side) {
  return static_cast<int>(std::clamp(std::floor(side + 0.5), 1.0, 1e8));
}

// A side of exactly 32 must not become 64 because of a rounding error in the last bit.
int rounded_up(double side, int multiple) {
  const double whole = std::max(1.0, std::ceil(side - 1e-6));
  return static_cast<int>(std::min(std::ceil(whole / multiple) * multiple, 1e8));
}

// Along one axis: the region's length, how long it is in the input, and the input.
struct Axis {
  double length = 0;
  int inner = 0;
  int offset = 0;
  int size = 0;  // 0 while it is open
};

// By how much a picture is scaled that keeps its aspect ratio.
double scale_of(const ResizeRule& rule, const Axis& x, const Axis& y) {
  const double shorter = std::min(x.length, y.length);
  const double longer = std::max(x.length, y.length);
  double scale = 1;
  switch (rule.policy) {
    case ResizePolicy::kCrop:
      return rule.short_side > 0 ? rule.short_side / shorter
                                 : std::max(x.size / x.length, y.size / y.length);
    case ResizePolicy::kMinMax:
      return std::min(rule.min_side / shorter, rule.max_side / longer);
    case ResizePolicy::kPad:
      if (x.size > 0) scale = std::min(scale, x.size / x.length);
      if (y.size > 0) scale = std::min(scale, y.size / y.length);
      [[fallthrough]];
    default:
      return rule.max_side > 0 ? std::min(scale, rule.max_side / longer) : scale;
  }
}

// Puts the scaled picture into the input.
Status place(Axis& axis, int crop_before, int pad_before, int crop_after, int pad_after,
             bool centred, int multiple) {
  axis.offset = pad_before - crop_before;
  const int64_t end = int64_t{axis.offset} + axis.inner - crop_after + pad_after;
  if (end < 1 || axis.inner <= crop_before + int64_t{crop_after}) {
    return wrong("nothing of the picture is left when its edges are cropped");
  }
  if (axis.size == 0) axis.size = rounded_up(static_cast<double>(end), multiple);
  if (crop_after > 0 && axis.size > end) {
    return wrong("what is cropped would be seen: the input has " + std::to_string(axis.size) +
                     " pixels, and " + std::to_string(end) + " are left",
                 "crop the other edge, or make the input smaller");
  }
  if (centred) axis.offset = static_cast<int>(std::floor((axis.size - axis.inner) / 2.0));
  return {};
}

// The letterbox is the plan of a fixed size; what is open comes from the picture first.
void close_size(const ResizeRule& rule, Axis& axis, double scale) {
  if (axis.size == 0) axis.size = rounded_up(axis.length * scale, rule.multiple);
}

}  // namespace

Result<ResizePlan> plan_resize(const ResizeRule& rule, int source_width, int source_height,
                               const Box& region, const OpenSize& size) {
  WEIR_TRY(check_rule(rule));
  if (source_width < 1 || source_height < 1 || !is_proper(region)) {
    return wrong("a picture without an area cannot be resized");
  }
  if (size.width < 0 || size.height < 0) return wrong("an input with a side below 0");
  Axis x{double{region.x2} - region.x1, 0, 0, size.width};
  Axis y{double{region.y2} - region.y1, 0, 0, size.height};
  const double scale = scale_of(rule, x, y);
  if (!has_edges(rule.policy) && rule.policy != ResizePolicy::kCrop) {
    close_size(rule, x, scale);
    close_size(rule, y, scale);
    return plan_resize(rule.policy, source_width, source_height, x.size, y.size, region);
  }
  if (rule.policy == ResizePolicy::kCrop && (x.size == 0 || y.size == 0)) {
    return wrong("'crop' needs to know the size of the input", "write size: [width, height]");
  }
  Box seen = region;
  x.inner = nearest(x.length * scale);
  y.inner = nearest(y.length * scale);
  if (rule.policy == ResizePolicy::kPyramid) {
    // Pairs of pixels become one; the last of an odd number has no partner and is dropped.
    x.inner = std::max(1, static_cast<int>(std::min(x.length / 2, 1e8)));
    y.inner = std::max(1, static_cast<int>(std::min(y.length / 2, 1e8)));
    if (x.length >= 2) seen.x2 = region.x1 + 2 * static_cast<float>(x.inner);
    if (y.length >= 2) seen.y2 = region.y1 + 2 * static_cast<float>(y.inner);
  }
  const bool centred = rule.policy == ResizePolicy::kCrop;
  WEIR_TRY(place(x, rule.crop.left, rule.pad.left, rule.crop.right, rule.pad.right, centred,
                 rule.multiple));
  WEIR_TRY(place(y, rule.crop.top, rule.pad.top, rule.crop.bottom, rule.pad.bottom, centred,
                 rule.multiple));
  return ResizePlan{source_width, source_height, x.size,  y.size, x.offset,
                    y.offset,     x.inner,       y.inner, seen};
}

}  // namespace weir
