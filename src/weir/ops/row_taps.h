// The columns of a resized picture, laid out for vectors: for every group of outputs, where in a
// row of bytes to read, which bytes to take, and what to weigh them with. Made once for a geometry
// and used for all rows. Not synchronised: one thread has it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "weir/ops/columns.h"

namespace weir::ops {

// How a kernel looks bytes up: outputs are made in groups of `lanes`; `block` of them share a
// window, `window` bytes that lie together, of which there may be several in a row.
struct LookupShape {
  int lanes = 0;
  int block = 0;
  int window = 0;
  int max_windows = 0;
  bool operator==(const LookupShape&) const = default;
};

// One plane's: for pixels of `channels` bytes.
class RowTaps {
 public:
  static constexpr int kOne = 32767;  // the sum of a pair of weights

  // False if the samples of a block lie too far apart for the kernel's windows. Takes `windows` at
  // least: the planes of one row need as many as each other.
  bool make(const Columns& columns, int channels, const LookupShape& shape, int windows = 1);

  int groups() const { return groups_; }
  int windows() const { return windows_; }
  // How many bytes a row must have; a shorter one is copied into a longer one first.
  int row_bytes() const { return row_bytes_; }

  // Group by group: for each block where it begins in a row; for each channel and window 4 bytes a
  // lane, of which the first takes the left sample and the third the right one; two weights a lane.
  // The last group ends with the last output, and may overlap the one before.
  const int32_t* starts() const { return starts_.data(); }
  const uint8_t* bytes() const { return bytes_.data(); }
  const int16_t* weights() const { return weights_.data(); }
  int bytes_per_group() const { return bytes_per_group_; }

 private:
  int first_output(int group) const;
  static std::size_t index(int group, int size) {
    return static_cast<std::size_t>(group) * static_cast<std::size_t>(size);
  }
  struct Pair {
    int first;  // byte of the left sample; the right one is `channels` further
    int16_t weight;
  };
  Pair pair_at(int output) const;
  bool find_windows(int least);
  void fill(int group);

  Columns columns_;
  LookupShape shape_;
  int channels_ = 0;
  int groups_ = 0;
  int blocks_ = 0;  // in a group
  int windows_ = 0;
  int row_bytes_ = 0;
  int bytes_per_group_ = 0;
  std::vector<Pair> pairs_;
  std::vector<int32_t> starts_;
  std::vector<uint8_t> bytes_;
  std::vector<int16_t> weights_;
};

}  // namespace weir::ops
