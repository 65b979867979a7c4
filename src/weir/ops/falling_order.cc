#include "weir/ops/falling_order.h"

#include <array>

namespace weir {
namespace {

constexpr std::size_t kFewKeys = 128;  // below this the histograms cost more than they save

uint32_t score_of(uint64_t key) {
  return static_cast<uint32_t>(key >> 32);
}

}  // namespace

void FallingOrder::grow(std::size_t count) {
  if (keys_.size() >= count) return;
  keys_.resize(count);
  spare_.resize(count);
}

// Leaves the best in their old order, which the stable sort relies on.
void FallingOrder::select(std::size_t count) {
  const auto end = std::copy_n(keys_.begin(), size_, spare_.begin());
  const auto last = spare_.begin() + static_cast<std::ptrdiff_t>(count - 1);
  std::nth_element(spare_.begin(), last, end);
  const auto in_use = keys_.begin() + static_cast<std::ptrdiff_t>(size_);
  // All that are left are before `count`.
  (void)std::remove_if(keys_.begin(), in_use,
                       [worst = *last](uint64_t key) { return key > worst; });
  size_ = count;
}

// One stable pass by eight bits of the score.
void FallingOrder::scatter(int shift, std::span<uint32_t, 256> place) {
  uint32_t before = 0;
  for (uint32_t& count : place) {
    const uint32_t here = count;
    count = before;
    before += here;
  }
  // Locals, which writing a key cannot change.
  const uint64_t* const from = keys_.data();
  uint64_t* const to = spare_.data();
  const std::size_t size = size_;
  const uint32_t least = least_;
  for (std::size_t i = 0; i < size; ++i) {
    to[place[(score_of(from[i]) - least) >> shift & 255]++] = from[i];
  }
  keys_.swap(spare_);
}

// By the score alone, least significant byte first: stable, so that the indices stay in order.
// Scores mostly lie in a small range, and only the bytes that differ in it are looked at.
void FallingOrder::radix_sort() {
  std::array<std::array<uint32_t, 256>, 4> counts{};
  for (std::size_t i = 0; i < size_; ++i) {
    const uint32_t score = score_of(keys_[i]) - least_;
    ++counts[0][score & 255];
    ++counts[1][score >> 8 & 255];
    ++counts[2][score >> 16 & 255];
    ++counts[3][score >> 24];
  }
  const uint32_t range = most_ - least_;
  for (int byte = 0; byte < 4 && (range >> (8 * byte)) != 0; ++byte) {
    scatter(8 * byte, counts[static_cast<std::size_t>(byte)]);
  }
}

std::span<const uint64_t> FallingOrder::sort(std::size_t count) {
  if (count > 0 && count < size_) select(count);
  if (size_ < kFewKeys) {
    std::sort(keys_.begin(), keys_.begin() + static_cast<std::ptrdiff_t>(size_));
  } else {
    radix_sort();
  }
  return {keys_.data(), size_};
}

}  // namespace weir
