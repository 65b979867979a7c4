#include "weir/ops/resize_plan.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "weir/ops/box.h"
#include "weir/ops/resize_rule.h"

namespace weir {
namespace {

constexpr std::array<std::string_view, 7> kNames = {
    "stretch", "letterbox", "letterbox_centered", "crop", "pad", "min_max_pairs", "pyramid"};

// side * factor to the nearest whole pixel, at least one and at most `limit`.
int scaled(double side, double numerator, double denominator, int limit) {
  const double exact = side * numerator / denominator;
  return static_cast<int>(std::clamp(std::floor(exact + 0.5), 1.0, static_cast<double>(limit)));
}

// In double, because a float loses pixels' fractions in products of sides.
float map(float x, double from, double to, double offset_before, double offset_after) {
  return static_cast<float>((x - offset_before) * to / from + offset_after);
}

double width_of(const Box& region) {
  return double{region.x2} - region.x1;
}
double height_of(const Box& region) {
  return double{region.y2} - region.y1;
}

}  // namespace

std::string_view name(ResizePolicy policy) {
  return kNames[static_cast<std::size_t>(policy)];
}

Result<ResizePolicy> parse_resize_policy(std::string_view text) {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (kNames[i] == text) return static_cast<ResizePolicy>(i);
  }
  return Error(ErrorCode::kInvalidArgument, "unknown resize policy '" + std::string(text) + "'", "",
               "write stretch, letterbox, letterbox_centered, crop, pad, min_max_pairs or pyramid");
}

float ResizePlan::to_source_x(float x) const {
  return map(x, inner_width, width_of(region), left, region.x1);
}
float ResizePlan::to_source_y(float y) const {
  return map(y, inner_height, height_of(region), top, region.y1);
}
float ResizePlan::to_input_x(float x) const {
  return map(x, width_of(region), inner_width, region.x1, left);
}
float ResizePlan::to_input_y(float y) const {
  return map(y, height_of(region), inner_height, region.y1, top);
}

Affine ResizePlan::to_source() const {
  const double across = width_of(region) / inner_width;
  const double down = height_of(region) / inner_height;
  return {across, 0, region.x1 - left * across, 0, down, region.y1 - top * down};
}

Box ResizePlan::to_source(const Box& box) const {
  return {to_source_x(box.x1), to_source_y(box.y1), to_source_x(box.x2), to_source_y(box.y2)};
}
Box ResizePlan::to_input(const Box& box) const {
  return {to_input_x(box.x1), to_input_y(box.y1), to_input_x(box.x2), to_input_y(box.y2)};
}
Box ResizePlan::clip(const Box& box) const {
  const auto w = static_cast<float>(source_width);
  const auto h = static_cast<float>(source_height);
  return {std::clamp(box.x1, 0.0F, w), std::clamp(box.y1, 0.0F, h), std::clamp(box.x2, 0.0F, w),
          std::clamp(box.y2, 0.0F, h)};
}

namespace {

Error cannot_be_brought(const std::string& what, int width, int height) {
  return Error(
      ErrorCode::kInvalidArgument,
      what + " cannot be brought to " + std::to_string(width) + "x" + std::to_string(height));
}

}  // namespace

Result<ResizePlan> plan_resize(ResizePolicy policy, int source_width, int source_height, int width,
                               int height) {
  const Box whole{0, 0, static_cast<float>(source_width), static_cast<float>(source_height)};
  return plan_resize(policy, source_width, source_height, width, height, whole);
}

Result<ResizePlan> plan_resize(ResizePolicy policy, int source_width, int source_height, int width,
                               int height, const Box& region) {
  if (source_width < 1 || source_height < 1 || width < 1 || height < 1) {
    return cannot_be_brought(
        "a picture of " + std::to_string(source_width) + "x" + std::to_string(source_height), width,
        height);
  }
  if (!is_proper(region)) return cannot_be_brought("a region without an area", width, height);
  ResizePlan plan{source_width, source_height, width, height, 0, 0, width, height, region};
  if (policy == ResizePolicy::kStretch) return plan;
  if (policy != ResizePolicy::kLetterbox && policy != ResizePolicy::kLetterboxCentered) {
    return plan_resize(ResizeRule{.policy = policy}, source_width, source_height, region,
                       {width, height});
  }
  // The side that touches both borders is exact; the other is rounded.
  const double across = width_of(region);
  const double down = height_of(region);
  if (width * down <= height * across) {
    plan.inner_height = scaled(down, width, across, height);
  } else {
    plan.inner_width = scaled(across, height, down, width);
  }
  if (policy == ResizePolicy::kLetterboxCentered) {
    plan.left = (width - plan.inner_width) / 2;
    plan.top = (height - plan.inner_height) / 2;
  }
  return plan;
}

}  // namespace weir
