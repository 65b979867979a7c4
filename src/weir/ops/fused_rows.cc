#include "weir/ops/fused_rows.h"

#include <cstring>

// Ice Lake and Zen 4 have the byte permutations of row_lookup_vbmi-inl.h.
#define HWY_WANT_AVX3_DL
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "weir/ops/fused_rows.cc"
#include <hwy/foreach_target.h>
// The two above come first.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace weir::ops {
namespace HWY_NAMESPACE {
namespace {

#if HWY_TARGET == HWY_SCALAR

// A CPU without vectors: no lookup has no lanes, and prepare_image goes pixel by pixel.
LookupShape FusedLookup() {
  return {};
}
void FusedRow(const RowJob&) {}

#else

namespace hn = hwy::HWY_NAMESPACE;

// Each builds on those before.
#include "weir/ops/row_kinds-inl.h"

#include "weir/ops/row_blend-inl.h"

#include "weir/ops/row_walk-inl.h"

template <int kWindows, bool kTwoRows>
void row_of_pixels(const RowJob& job) {
  using Packed = Walk<kWindows, 3, kTwoRows>;
  if (job.source == RowSource::kPlane) {
    return plane_row(job, Walk<kWindows, 1, kTwoRows>(job.first, *job.taps));
  }
  return job.brightness ? packed_row<true>(job, Packed(job.first, *job.taps))
                        : packed_row<false>(job, Packed(job.first, *job.taps));
}

// A row that lies on a row of the source needs no other: every third at 3:1.
template <int kWindows>
void row_of(const RowJob& job) {
  return job.first.weight > 0 ? row_of_pixels<kWindows, true>(job)
                              : row_of_pixels<kWindows, false>(job);
}

void FusedRow(const RowJob& job) {
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

LookupShape FusedLookup() {
  return {kLanes, kLookupBlock, kLookupWindow, kLookupMaxWindows};
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

HWY_EXPORT(FusedRow);
HWY_EXPORT(FusedLookup);

}  // namespace

LookupShape fused_lookup() {
  return HWY_DYNAMIC_DISPATCH(FusedLookup)();
}

void fused_row(const RowJob& job) {
  if (job.source == RowSource::kNv12 || job.source == RowSource::kI420) {
    return fused_video_row(job);
  }
  HWY_DYNAMIC_DISPATCH(FusedRow)(job);
}

}  // namespace weir::ops
#endif  // HWY_ONCE
