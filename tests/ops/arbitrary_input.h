// What a fuzz target makes of its bytes: numbers, tensors and plans, mostly of the right kind and
// sometimes not. Test-only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <vector>

#include "weir/data/tensor.h"
#include "weir/ops/affine.h"
#include "weir/ops/detections.h"
#include "weir/ops/resize_plan.h"

namespace weir::test {

class ArbitraryInput {
 public:
  explicit ArbitraryInput(std::span<const uint8_t> bytes) : bytes_(bytes) {}

  uint8_t byte() {
    if (next_ >= bytes_.size()) return 0;
    return bytes_[next_++];
  }
  int below(int limit) { return byte() % limit; }
  bool flag() { return byte() % 2 == 1; }

  // Small ones, big ones, and what no model should give.
  float number() {
    constexpr float kOdd[] = {std::numeric_limits<float>::quiet_NaN(),
                              std::numeric_limits<float>::infinity(),
                              -std::numeric_limits<float>::infinity(),
                              std::numeric_limits<float>::max(),
                              -std::numeric_limits<float>::max(),
                              std::numeric_limits<float>::denorm_min(),
                              1e9F,
                              -0.0F};
    const int drawn = byte();
    if (drawn < 8) return kOdd[drawn];
    if (drawn < 16) return static_cast<float>((byte() - 128) * 257 + byte());
    return static_cast<float>(drawn - 96) / 64;
  }

  // A tensor of float32 of this shape; one time in sixteen of another shape or type. Its memory is
  // just as large as it says, and lives as long as this.
  TensorView tensor(Shape shape) {
    const int odd = below(64);
    if (odd == 1) {
      shape = {};
      for (int rank = below(5); rank > 0; --rank) shape.push_back(below(12));
    } else if (odd == 2 && shape.rank() > 0) {
      shape[static_cast<std::size_t>(below(static_cast<int>(shape.rank())))] = below(40);
    }
    return filled(shape, odd == 3 ? DType::kInt64 : DType::kFloat32);
  }

  TensorView filled(const Shape& shape, DType dtype) {
    const auto count = static_cast<std::size_t>(shape.elements().value_or(0));
    memory_.push_back(std::make_unique<char[]>(count * size_of(dtype)));
    TensorView view{memory_.back().get(), dtype, shape, {}, {}};
    for (std::size_t i = 0; i < count; ++i) {
      if (dtype == DType::kFloat32) view.as<float>()[i] = number();
      if (dtype == DType::kInt64) view.as<int64_t>()[i] = byte() - 10;
    }
    return view;
  }

  DetectionSpec detection_spec() {
    return {.score = static_cast<float>(below(9)) / 8,
            .iou = static_cast<float>(below(10)) / 8,
            .per_class = flag(),
            .candidates = static_cast<std::size_t>(below(20)),
            .max_count = static_cast<std::size_t>(below(20))};
  }

  // Of an input of this size.
  ResizePlan plan(int width, int height) {
    const auto policy = static_cast<ResizePolicy>(below(3));
    const int source_width = 1 + byte() * (1 + below(8));
    const int source_height = 1 + byte() * (1 + below(8));
    const Box region{number(), number(), number(), number()};
    const auto part = plan_resize(policy, source_width, source_height, width, height, region);
    if (flag() && part) return *part;
    return plan_resize(policy, source_width, source_height, width, height).value();
  }

  Affine affine() { return {number(), number(), number(), number(), number(), number()}; }

 private:
  std::span<const uint8_t> bytes_;
  std::size_t next_ = 0;
  std::vector<std::unique_ptr<char[]>> memory_;
};

}  // namespace weir::test
