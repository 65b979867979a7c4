#include "weir/ops/pad_writer.h"

#include <cstdint>
#include <type_traits>

#include "weir/ops/row_store.h"

namespace weir::ops {

PadWriter::PadWriter(const TensorTarget& target, const PrepareSpec& spec) : target_(target) {
  const LevelMap map = level_map(spec);
  for (std::size_t c = 0; c < 3; ++c) values_[c] = spec.pad[c] * map.factor[c] + map.offset[c];
}

template <class T>
void PadWriter::fill(int from_x, int to_x, int y) const {
  T* const row = static_cast<T*>(target_.data) + y * target_.row_step;
  for (int c = 0; c < target_.channels; ++c) {
    const T value = element_of<T>(values_[static_cast<std::size_t>(c)]);
    T* const first = row + c * target_.channel_step + from_x * target_.column_step;
    if (target_.column_step == 1 && std::is_same_v<T, float>) {
      fill_row(value, static_cast<std::size_t>(to_x - from_x), reinterpret_cast<float*>(first));
    } else if (target_.column_step == 1) {
      std::fill_n(first, to_x - from_x, value);
    } else {
      for (int i = 0; i < to_x - from_x; ++i) first[i * target_.column_step] = value;
    }
  }
}

void PadWriter::pad(int from_x, int to_x, int y) const {
  if (from_x >= to_x) return;
  if (target_.dtype == DType::kUInt8) return fill<uint8_t>(from_x, to_x, y);
  if (target_.dtype == DType::kInt8) return fill<int8_t>(from_x, to_x, y);
  fill<float>(from_x, to_x, y);
}

}  // namespace weir::ops
