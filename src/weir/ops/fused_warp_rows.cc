#include "weir/ops/fused_rows.h"

#include <cmath>
#include <cstring>

// Ice Lake and Zen 4 have the byte permutations of row_lookup_vbmi-inl.h.
#define HWY_WANT_AVX3_DL
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "weir/ops/fused_warp_rows.cc"
#include <hwy/foreach_target.h>
// The two above come first.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace weir::ops {
namespace HWY_NAMESPACE {
namespace {

#if HWY_TARGET == HWY_SCALAR

void FusedWarp(const WarpJob&) {}

#else

namespace hn = hwy::HWY_NAMESPACE;

// Each builds on those before.
#include "weir/ops/row_kinds-inl.h"

#include "weir/ops/row_blend-inl.h"

#include "weir/ops/warp_walk-inl.h"

void FusedWarp(const WarpJob& job) {
  const RowJob& row = job.row;
  const WarpPlane* const plane = job.plane;
  const int count = row.count;
  switch (row.source) {
    case RowSource::kPacked:
      return row.brightness ? packed_row<true>(row, WarpWalk<3, 3>(plane[0], count))
                            : packed_row<false>(row, WarpWalk<3, 3>(plane[0], count));
    case RowSource::kPlane:
      return plane_row(row, WarpWalk<1, 1>(plane[0], count));
    case RowSource::kNv12:
      return video_row(row, WarpWalk<1, 1>(plane[0], count), WarpWalk<2, 2>(plane[1], count));
    case RowSource::kI420:
      return video_row(row, WarpWalk<1, 1>(plane[0], count),
                       TwoPlanes<WarpWalk<1, 1>>{WarpWalk<1, 1>(plane[1], count),
                                                 WarpWalk<1, 1>(plane[2], count)});
  }
}

#endif  // HWY_TARGET == HWY_SCALAR

}  // namespace
// NOLINTNEXTLINE(google-readability-namespace-comments)
}  // namespace HWY_NAMESPACE
}  // namespace weir::ops
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace weir::ops {
namespace {

HWY_EXPORT(FusedWarp);

}  // namespace

void fused_warp(const WarpJob& job) {
  HWY_DYNAMIC_DISPATCH(FusedWarp)(job);
}

}  // namespace weir::ops
#endif  // HWY_ONCE
