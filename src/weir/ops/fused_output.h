// From the fused kernels into a tensor: which row each channel's levels go to, and what is done to
// them on the way. Rows of planes of float32 are written in place; all others go through rows of
// floats that the thread keeps (see fused_prepare.h).
#pragma once

#include <cstddef>
#include <vector>

#include "weir/data/image.h"
#include "weir/ops/fused_rows.h"
#include "weir/ops/prepare_image.h"
#include "weir/ops/tensor_target.h"

namespace weir::ops {

class FusedOutput {
 public:
  // All outlive it. `rows` grows where it must.
  FusedOutput(const ImageView& image, const PrepareSpec& spec, const TensorTarget& target,
              std::vector<float>& rows);

  // What the kernels have to know of the picture and of the wanted channels.
  RowJob job() const;

  // Calls `fused(job)`, which makes `count` levels, and puts them at column `from` of row y.
  template <class F>
  void write(RowJob& job, int y, int from, int count, const F& fused) {
    begin(job, count);
    if (job.source == RowSource::kPlane) {
      for (int c = 0; c < target_.channels; ++c) {
        aim(job, 0, c, y, from);
        fused(job);
      }
    } else {
      for (int c = 0; c < target_.channels; ++c) aim(job, c, output_of(c), y, from);
      fused(job);
    }
    if (!direct_) store(y, from);
  }

 private:
  void begin(RowJob& job, int count);
  void aim(RowJob& job, int source_channel, int channel, int y, int from);
  void store(int y, int from);
  // Elements that do not lie together: of a target that is looked at from the side.
  void scatter(int y, int from);
  template <class T>
  void scatter_as(int y, int from);
  float* row_of(int channel, int y, int from);
  // The output's channel to which channel `c` of the source goes.
  int output_of(int c) const { return in_order_ || target_.channels == 1 ? c : 2 - c; }

  const ImageView& image_;
  const TensorTarget& target_;
  std::vector<float>& rows_;
  const LevelMap map_;
  const bool red_first_;  // in the source
  const bool in_order_;   // channels go as they come, not the other way round
  const int lanes_;
  bool direct_ = false;
  std::size_t count_ = 0;
  std::size_t row_floats_ = 0;
};

}  // namespace weir::ops
