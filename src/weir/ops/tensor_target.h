// The tensor that a picture is written into: where its elements are, and how a level becomes one.
// What prepare_image and warp_image have in common. Pure: any thread.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <type_traits>

#include "weir/base/result.h"
#include "weir/data/tensor.h"
#include "weir/ops/picture_levels.h"
#include "weir/ops/prepare_image.h"

namespace weir::ops {

struct TensorTarget {
  void* data = nullptr;
  DType dtype = DType::kFloat32;
  int channels = 0;
  int height = 0;
  int width = 0;
  std::ptrdiff_t channel_step = 0;  // in elements
  std::ptrdiff_t row_step = 0;
  std::ptrdiff_t column_step = 0;
};

// An Error if a picture cannot be written there, or if `spec` has numbers that are none.
Result<TensorTarget> target_of(const TensorView& out, const PrepareSpec& spec);

// element = level * factor + offset, with everything of the spec in the two.
struct LevelMap {
  std::array<float, 3> factor{};
  std::array<float, 3> offset{};
};
LevelMap level_map(const PrepareSpec& spec);

template <class T>
T element_of(float value) {
  if constexpr (std::is_same_v<T, float>) {
    return value;
  } else {
    constexpr auto least = static_cast<float>(std::numeric_limits<T>::min());
    constexpr auto most = static_cast<float>(std::numeric_limits<T>::max());
    return static_cast<T>(std::lrintf(std::clamp(value, least, most)));
  }
}

// Writes levels, element by element.
template <class T>
class LevelWriter {
 public:
  LevelWriter(const TensorTarget& target, const PrepareSpec& spec)
      : target_(target), order_(spec.channels), pad_(spec.pad), map_(level_map(spec)) {}

  // `share` of the level, the rest of the pad.
  void grey(int x, int y, float level, float share = 1) { put(x, y, 0, level, share); }
  void rgb(int x, int y, const Rgb& level, float share = 1) {
    const bool red_first = order_ == ChannelOrder::kRgb;
    put(x, y, 0, red_first ? level.r : level.b, share);
    put(x, y, 1, level.g, share);
    put(x, y, 2, red_first ? level.b : level.r, share);
  }

 private:
  void put(int x, int y, int c, float level, float share) {
    const auto channel = static_cast<std::size_t>(c);
    const float mixed = level * share + pad_[channel] * (1 - share);
    static_cast<T*>(
        target_.data)[y * target_.row_step + x * target_.column_step + c * target_.channel_step] =
        element_of<T>(mixed * map_.factor[channel] + map_.offset[channel]);
  }

  const TensorTarget& target_;
  const ChannelOrder order_;
  const std::array<float, 3> pad_;
  const LevelMap map_;
};

// Calls `write` with a LevelWriter of the target's element type.
template <class F>
void with_writer(const TensorTarget& target, const PrepareSpec& spec, const F& write) {
  if (target.dtype == DType::kUInt8) return write(LevelWriter<uint8_t>(target, spec));
  if (target.dtype == DType::kInt8) return write(LevelWriter<int8_t>(target, spec));
  write(LevelWriter<float>(target, spec));
}

}  // namespace weir::ops
