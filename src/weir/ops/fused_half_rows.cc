#include "weir/ops/fused_rows.h"

#define HWY_WANT_AVX3_DL
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "weir/ops/fused_half_rows.cc"
#include <hwy/foreach_target.h>
// The two above come first.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace weir::ops {
namespace HWY_NAMESPACE {
namespace {

#if HWY_TARGET == HWY_SCALAR

void FusedHalfRow(const RowJob&) {}

#else

namespace hn = hwy::HWY_NAMESPACE;

#include "weir/ops/row_kinds-inl.h"

#include "weir/ops/pair_sums-inl.h"

using Words = hn::Rebind<int16_t, Floats>;
using Pairs = hn::Repartition<uint8_t, Words>;  // two bytes an output
using WordVec = hn::Vec<Words>;

HWY_INLINE FloatVec floats_of(WordVec words) {
  return hn::ConvertTo(Floats(), hn::PromoteTo(hn::Rebind<int32_t, Floats>(), words));
}

// The mean of four samples of a plane.
class HalfPlane {
 public:
  HWY_INLINE explicit HalfPlane(const RowPair& rows)
      : above_(rows.above), below_(rows.below), ahead_(rows.ahead) {}
  HWY_INLINE void next(int output, FloatVec* levels) const {
    fetch<2 * kLanes>(above_ + 2 * output + ahead_);
    fetch<2 * kLanes>(below_ + 2 * output + ahead_);
    const auto sum = hn::Add(sums_of_two(hn::LoadU(Pairs(), above_ + 2 * output)),
                             sums_of_two(hn::LoadU(Pairs(), below_ + 2 * output)));
    levels[0] = hn::Mul(floats_of(sum), hn::Set(Floats(), 0.25F));
  }

 private:
  const uint8_t* const above_;
  const uint8_t* const below_;
  const std::ptrdiff_t ahead_;
};

// A plane that has half the size already.
class WholePlane {
 public:
  HWY_INLINE explicit WholePlane(const RowPair& rows) : row_(rows.above), ahead_(rows.ahead) {}
  HWY_INLINE void next(int output, FloatVec* levels) const {
    fetch<kLanes>(row_ + output + ahead_);
    const hn::Rebind<uint8_t, Floats> d;
    levels[0] = hn::ConvertTo(
        Floats(), hn::PromoteTo(hn::Rebind<int32_t, Floats>(), hn::LoadU(d, row_ + output)));
  }

 private:
  const uint8_t* const row_;
  const std::ptrdiff_t ahead_;
};

// The same for pairs of U and V.
class WholePairs {
 public:
  HWY_INLINE explicit WholePairs(const RowPair& rows) : row_(rows.above), ahead_(rows.ahead) {}
  HWY_INLINE void next(int output, FloatVec* levels) const {
    fetch<2 * kLanes>(row_ + 2 * output + ahead_);
    const hn::RebindToUnsigned<Words> d;
    const auto both = hn::BitCast(d, hn::LoadU(Pairs(), row_ + 2 * output));
    levels[0] = floats_of(hn::BitCast(Words(), hn::And(both, hn::Set(d, 0xFF))));
    levels[1] = floats_of(hn::BitCast(Words(), hn::ShiftRight<8>(both)));
  }

 private:
  const uint8_t* const row_;
  const std::ptrdiff_t ahead_;
};

// The sums of four pixels of three bytes each. Two groups are made at a time, since that is what
// takes bytes apart best; the second waits for its turn.
class HalfPixels {
 public:
  HWY_INLINE explicit HalfPixels(const RowJob& job)
      : above_(job.first.above),
        below_(job.first.below),
        ahead_(job.first.ahead),
        last_(job.count - 2 * kLanes) {}

  HWY_INLINE void next(int output, FloatVec* levels) {
    if (output != waiting_at_) {
      if (output <= last_) {
        make(output, levels);
        waiting_at_ = output + kLanes;
        return;
      }
      FloatVec before[3];  // less than two groups are left
      make(output - kLanes, before);
    }
    HWY_UNROLL(3)
    for (int c = 0; c < 3; ++c) levels[c] = waiting_[c];
  }

 private:
  using Pairs = hn::Twice<HWY_NAMESPACE::Pairs>;

  HWY_INLINE void make(int at, FloatVec* first) {
    fetch<12 * kLanes>(above_ + 6 * at + ahead_);
    fetch<12 * kLanes>(below_ + 6 * at + ahead_);
    hn::Vec<Pairs> above[3];
    hn::Vec<Pairs> below[3];
    hn::LoadInterleaved3(Pairs(), above_ + 6 * at, above[0], above[1], above[2]);
    hn::LoadInterleaved3(Pairs(), below_ + 6 * at, below[0], below[1], below[2]);
    HWY_UNROLL(3)
    for (int c = 0; c < 3; ++c) {
      const auto sums = hn::Add(sums_of_two(above[c]), sums_of_two(below[c]));
      first[c] = floats_of(hn::LowerHalf(Words(), sums));
      waiting_[c] = floats_of(hn::UpperHalf(Words(), sums));
    }
  }

  const uint8_t* const above_;
  const uint8_t* const below_;
  const std::ptrdiff_t ahead_;
  const int last_;
  int waiting_at_ = -1;
  FloatVec waiting_[3];
};

void row_of_pixels(RowJob job) {
  for (float& factor : job.factor) factor /= 4;
  return job.brightness ? packed_row<true>(job, HalfPixels(job))
                        : packed_row<false>(job, HalfPixels(job));
}

void FusedHalfRow(const RowJob& job) {
  switch (job.source) {
    case RowSource::kPacked:
      return row_of_pixels(job);
    case RowSource::kPlane:
      return plane_row(job, HalfPlane(job.first));
    case RowSource::kNv12:
      return video_row(job, HalfPlane(job.first), WholePairs(job.chroma[0]));
    case RowSource::kI420:
      return video_row(job, HalfPlane(job.first),
                       TwoPlanes<WholePlane>{WholePlane(job.chroma[0]), WholePlane(job.chroma[1])});
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

HWY_EXPORT(FusedHalfRow);

}  // namespace

void fused_half_row(const RowJob& job) {
  HWY_DYNAMIC_DISPATCH(FusedHalfRow)(job);
}

}  // namespace weir::ops
#endif  // HWY_ONCE
