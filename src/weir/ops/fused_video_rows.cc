#include "weir/ops/fused_rows.h"

#include <cstring>

// Ice Lake and Zen 4 have the byte permutations of row_lookup_vbmi-inl.h.
#define HWY_WANT_AVX3_DL
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "weir/ops/fused_video_rows.cc"
#include <hwy/foreach_target.h>
// The two above come first.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace weir::ops {
namespace HWY_NAMESPACE {
namespace {

#if HWY_TARGET == HWY_SCALAR

void FusedVideoRow(const RowJob&) {}

#else

namespace hn = hwy::HWY_NAMESPACE;

// Each builds on those before.
#include "weir/ops/row_kinds-inl.h"

#include "weir/ops/row_blend-inl.h"

#include "weir/ops/row_walk-inl.h"

template <int kWindows, bool kTwoRows, bool kTwoOfChroma>
void row_of_video(const RowJob& job) {
  using Luma = Walk<kWindows, 1, kTwoRows>;
  using Plane = Walk<kWindows, 1, kTwoOfChroma>;
  using Pairs = Walk<kWindows, 2, kTwoOfChroma>;
  if (job.source == RowSource::kNv12) {
    return video_row(job, Luma(job.first, *job.taps), Pairs(job.chroma[0], *job.chroma_taps));
  }
  return video_row(job, Luma(job.first, *job.taps),
                   TwoPlanes<Plane>{Plane(job.chroma[0], *job.chroma_taps),
                                    Plane(job.chroma[1], *job.chroma_taps)});
}

// A row that lies on a row of the source needs no other: chroma at 2:1.
template <int kWindows>
void row_of(const RowJob& job) {
  const bool two_of_chroma = job.chroma[0].weight > 0;
  if (job.first.weight > 0) {
    return two_of_chroma ? row_of_video<kWindows, true, true>(job)
                         : row_of_video<kWindows, true, false>(job);
  }
  return two_of_chroma ? row_of_video<kWindows, false, true>(job)
                       : row_of_video<kWindows, false, false>(job);
}

void FusedVideoRow(const RowJob& job) {
  switch (job.taps->windows()) {
    case 1:
      return row_of<1>(job);
    case 2:
      return row_of<2>(job);
    case 3:
      return row_of<3>(job);
    default:
      return row_of<4>(job);
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

HWY_EXPORT(FusedVideoRow);

}  // namespace

void fused_video_row(const RowJob& job) {
  HWY_DYNAMIC_DISPATCH(FusedVideoRow)(job);
}

}  // namespace weir::ops
#endif  // HWY_ONCE
