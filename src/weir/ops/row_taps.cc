#include "weir/ops/row_taps.h"

#include <algorithm>
#include <cmath>

namespace weir::ops {
namespace {

// In a table of 16 bytes, an index with this bit takes a zero.
constexpr uint8_t kNothing = 0x80;

}  // namespace

int RowTaps::first_output(int group) const {
  return std::max(std::min(group * shape_.lanes, columns_.count - shape_.lanes), 0);
}

RowTaps::Pair RowTaps::pair_at(int output) const {
  const double at = std::clamp(columns_.from + output * columns_.step - 0.5, 0.0,
                               static_cast<double>(columns_.samples - 1));
  int first = static_cast<int>(at);
  auto weight = static_cast<int>((at - first) * kOne + 0.5);
  // A pair that only takes its right sample is the next one, which may be nearer to its neighbours.
  if (weight == kOne) ++first, weight = 0;
  return {first * channels_, static_cast<int16_t>(weight)};
}

bool RowTaps::make(const Columns& columns, int channels, const LookupShape& shape, int windows) {
  columns_ = columns;
  channels_ = channels;
  shape_ = shape;
  blocks_ = shape.lanes / shape.block;
  groups_ = (columns.count + shape.lanes - 1) / shape.lanes;
  if (!find_windows(windows)) return false;
  // Tables of up to 64 bytes a window take one index for all windows.
  const int tables = shape.window == 16 ? windows_ : 1;
  bytes_per_group_ = channels * tables * 4 * shape.lanes;
  bytes_.assign(index(groups_, bytes_per_group_), kNothing);
  weights_.assign(index(groups_, 2 * shape.lanes), 0);
  for (int group = 0; group < groups_; ++group) fill(group);
  return true;
}

// Sets the pairs, the starts, and how many windows the widest block needs.
bool RowTaps::find_windows(int least) {
  pairs_.resize(index(groups_, shape_.lanes));
  starts_.resize(index(groups_, blocks_));
  int widest = 1;
  for (int block = 0; block < groups_ * blocks_; ++block) {
    int low = columns_.samples * channels_;
    int high = 0;
    for (int i = 0; i < shape_.block; ++i) {
      const int lane = block % blocks_ * shape_.block + i;
      const int output = std::min(first_output(block / blocks_) + lane, columns_.count - 1);
      const Pair pair = pair_at(output);
      pairs_[static_cast<std::size_t>(block * shape_.block + i)] = pair;
      low = std::min(low, pair.first);
      high = std::max(high, pair.first + (pair.weight > 0 ? 2 : 1) * channels_);
    }
    starts_[static_cast<std::size_t>(block)] = low;
    widest = std::max(widest, high - low);
  }
  windows_ = std::max((widest + shape_.window - 1) / shape_.window, least);
  if (windows_ > shape_.max_windows) return false;
  // No window reaches beyond its row.
  row_bytes_ = windows_ * shape_.window;
  const int last = std::max(columns_.samples * channels_ - row_bytes_, 0);
  for (int32_t& start : starts_) start = std::min(start, last);
  return true;
}

void RowTaps::fill(int group) {
  const int lanes = shape_.lanes;
  uint8_t* const bytes = &bytes_[index(group, bytes_per_group_)];
  int16_t* const weights = &weights_[index(group, 2 * lanes)];
  const bool narrow = shape_.window == 16;
  for (int lane = 0; lane < lanes; ++lane) {
    const Pair pair = pairs_[index(group, lanes) + static_cast<std::size_t>(lane)];
    const int start =
        starts_[index(group, blocks_) + static_cast<std::size_t>(lane / shape_.block)];
    weights[2 * lane] = static_cast<int16_t>(kOne - pair.weight);
    weights[2 * lane + 1] = pair.weight;
    for (int channel = 0; channel < channels_; ++channel) {
      for (int side = 0; side < (pair.weight > 0 ? 2 : 1); ++side) {
        const int at = pair.first - start + channel + side * channels_;
        const int table = narrow ? channel * windows_ + at / 16 : channel;
        bytes[(table * lanes + lane) * 4 + 2 * side] = static_cast<uint8_t>(narrow ? at % 16 : at);
      }
    }
  }
}

}  // namespace weir::ops
