// Sorting by falling score: one 64-bit key each, of which the upper half is the score turned into a
// number that rises as the score falls, and the lower half the index. Private to ops; keeps its
// memory; used by one thread at a time.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace weir {

class FallingOrder {
 public:
  // Takes the indices of the scores that `is_usable(index)`; of those none is NaN. -0 and 0 are
  // equal, as they are to `<`.
  template <class IsUsable>
  void collect(std::span<const float> scores, IsUsable is_usable) {
    grow(scores.size());
    uint64_t* key = keys_.data();
    uint32_t least = std::numeric_limits<uint32_t>::max();
    uint32_t most = 0;
    for (std::size_t i = 0; i < scores.size(); ++i) {
      if (!is_usable(i)) continue;
      const auto bits = std::bit_cast<uint32_t>(scores[i] + 0.0F);
      const uint32_t falling = bits ^ ((bits >> 31) != 0 ? 0U : 0x7fffffffU);
      least = std::min(least, falling);
      most = std::max(most, falling);
      *key++ = uint64_t{falling} << 32 | i;
    }
    size_ = static_cast<std::size_t>(key - keys_.data());
    least_ = least;
    most_ = most;
  }
  // The keys, best score first, equal ones by index; only the best `count`; 0: all.
  std::span<const uint64_t> sort(std::size_t count = 0);

  static uint32_t index_of(uint64_t key) { return static_cast<uint32_t>(key); }

 private:
  void grow(std::size_t count);
  void select(std::size_t count);
  void scatter(int shift, std::span<uint32_t, 256> place);
  void radix_sort();

  std::vector<uint64_t> keys_, spare_;  // only grow; size_ of them are in use
  std::size_t size_ = 0;
  uint32_t least_ = 0, most_ = 0;  // of the upper halves
};

}  // namespace weir
