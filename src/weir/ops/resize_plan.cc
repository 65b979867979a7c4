#include "weir/ops/resize_plan.h"

#include <algorithm>
#include <array>
#include <string>

namespace weir {
namespace {

constexpr std::array<std::string_view, 3> kNames = {"stretch", "letterbox", "letterbox_centered"};

// side * numerator / denominator, to the nearest whole pixel, at least one.
int scaled(int side, int numerator, int denominator) {
  const int64_t doubled = 2 * int64_t{side} * numerator + denominator;
  return static_cast<int>(std::max<int64_t>(doubled / (2 * int64_t{denominator}), 1));
}

// In double, because a float loses pixels' fractions in products of sides.
float map(float x, int from, int to, int offset_before, int offset_after) {
  return static_cast<float>((static_cast<double>(x) - offset_before) * to / from + offset_after);
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
               "write stretch, letterbox or letterbox_centered");
}

float ResizePlan::to_source_x(float x) const {
  return map(x, inner_width, source_width, left, 0);
}
float ResizePlan::to_source_y(float y) const {
  return map(y, inner_height, source_height, top, 0);
}
float ResizePlan::to_input_x(float x) const {
  return map(x, source_width, inner_width, 0, left);
}
float ResizePlan::to_input_y(float y) const {
  return map(y, source_height, inner_height, 0, top);
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

Result<ResizePlan> plan_resize(ResizePolicy policy, int source_width, int source_height, int width,
                               int height) {
  if (source_width < 1 || source_height < 1 || width < 1 || height < 1) {
    return Error(ErrorCode::kInvalidArgument, "a picture of " + std::to_string(source_width) + "x" +
                                                  std::to_string(source_height) +
                                                  " cannot be brought to " + std::to_string(width) +
                                                  "x" + std::to_string(height));
  }
  ResizePlan plan{source_width, source_height, width, height, 0, 0, width, height};
  if (policy == ResizePolicy::kStretch) return plan;
  // The side that touches both borders is exact; the other is rounded.
  if (int64_t{width} * source_height <= int64_t{height} * source_width) {
    plan.inner_height = std::min(scaled(source_height, width, source_width), height);
  } else {
    plan.inner_width = std::min(scaled(source_width, height, source_height), width);
  }
  if (policy == ResizePolicy::kLetterboxCentered) {
    plan.left = (width - plan.inner_width) / 2;
    plan.top = (height - plan.inner_height) / 2;
  }
  return plan;
}

}  // namespace weir
