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

// The sum of four samples of a plane.
class HalfPlane {
 public:
  HWY_INLINE explicit HalfPlane(const RowPair& rows)
      : above_(rows.above), below_(rows.below), ahead_(rows.ahead) {}
  HWY_INLINE void next(int output, FloatVec* levels) const {
    fetch<2 * kLanes>(above_ + 2 * output + ahead_);
    fetch<2 * kLanes>(below_ + 2 * output + ahead_);
    const auto sum = hn::Add(sums_of_two(hn::LoadU(Pairs(), above_ + 2 * output)),
                             sums_of_two(hn::LoadU(Pairs(), below_ + 2 * output)));
    levels[0] = floats_of(sum);
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

#if HWY_TARGET == HWY_AVX3_DL

// Where two windows of 64 bytes, the second 32 further on, have the two pixels of each output: in
// the lower half of its 32 bits.
struct alignas(64) PairPicks {
  uint8_t bytes[3 * 64];

  constexpr PairPicks() : bytes() {
    for (int i = 0; i < 3 * 64; ++i) {
      const int at = 6 * (i / 4 % 16) + i / 64 + 3 * (i % 2);
      bytes[i] = static_cast<uint8_t>(at < 64 ? at : at + 32);
    }
  }
};
constexpr PairPicks kPairs;

// The sums of four pixels of three bytes each.
class HalfPixels {
 public:
  HWY_INLINE explicit HalfPixels(const RowJob& job)
      : above_(job.first.above), below_(job.first.below), ahead_(job.first.ahead) {}

  HWY_INLINE void next(int output, FloatVec* levels) const {
    const Windows above(above_ + 6 * output, ahead_);
    const Windows below(below_ + 6 * output, ahead_);
    HWY_UNROLL(3)
    for (int c = 0; c < 3; ++c) {
      const __m512i picks = _mm512_load_si512(kPairs.bytes + 64 * c);
      const auto sums = hn::Add(above.sums(picks), below.sums(picks));
      levels[c] = hn::ConvertTo(Floats(), hn::BitCast(hn::Rebind<int32_t, Floats>(), sums));
    }
  }

 private:
  struct Windows {
    HWY_INLINE Windows(const uint8_t* row, std::ptrdiff_t ahead)
        : first(_mm512_loadu_si512(row)), second(_mm512_loadu_si512(row + 32)) {
      fetch<6 * kLanes>(row + ahead);
    }
    HWY_INLINE hn::Vec512<int16_t> sums(__m512i picks) const {
      constexpr __mmask64 kLowPairs = 0x3333333333333333;
      return sums_of_two(
          hn::Vec512<uint8_t>{_mm512_maskz_permutex2var_epi8(kLowPairs, first, picks, second)});
    }
    __m512i first;
    __m512i second;
  };

  const uint8_t* const above_;
  const uint8_t* const below_;
  const std::ptrdiff_t ahead_;
};

#else

using Bytes = hn::Repartition<uint8_t, Floats>;
using Sums = hn::Repartition<int16_t, Floats>;
using Ints = hn::Repartition<int32_t, Floats>;

// In each block of 16 bytes four pixels: the pairs of each channel side by side. The last block of
// a group is loaded four bytes early, so that nothing beyond the row is read.
struct PairPicks {
  uint8_t bytes[hn::MaxLanes(Bytes())];

  constexpr explicit PairPicks(bool last_is_early) : bytes() {
    constexpr int kBlocks = int(hn::MaxLanes(Bytes())) / 16;
    for (uint8_t& byte : bytes) byte = 0x80;
    for (int block = 0; block < kBlocks; ++block) {
      const int from = last_is_early && block == kBlocks - 1 ? 4 : 0;
      for (int i = 0; i < 12; ++i) {
        const int channel = i / 4;
        const int pixel = i % 4;
        bytes[16 * block + i] = static_cast<uint8_t>(from + 3 * pixel + channel);
      }
    }
  }
};
alignas(32) constexpr PairPicks kPairs(false);
alignas(32) constexpr PairPicks kLastPairs(true);

// The sums of a pair of outputs in each block, channel by channel; the next block has the pair
// after the next.
HWY_INLINE hn::Vec<Sums> sums_of_pairs(const uint8_t* row, int early, hn::Vec<Bytes> picks) {
  const Bytes d;
  if constexpr (hn::MaxLanes(Bytes()) <= 16) {
    return sums_of_two(hn::TableLookupBytesOr0(hn::LoadU(d, row - early), picks));
  } else {
    const hn::Half<Bytes> half;
    const auto next = hn::LoadU(half, row + 24 - early);
    return sums_of_two(hn::TableLookupBytesOr0(hn::Combine(d, next, hn::LoadU(half, row)), picks));
  }
}

struct RowSums {
  const uint8_t* above;
  const uint8_t* below;
  HWY_INLINE hn::Vec<Ints> at(int output, int early, hn::Vec<Bytes> picks) const {
    return hn::BitCast(Ints(), hn::Add(sums_of_pairs(above + 6 * output, early, picks),
                                       sums_of_pairs(below + 6 * output, early, picks)));
  }
};

// The sums of four pixels of three bytes each, of two groups of outputs.
struct PixelSums {
  FloatVec first[3];
  FloatVec second[3];
};

HWY_INLINE PixelSums pixel_sums(const uint8_t* above, const uint8_t* below) {
  const hn::Repartition<int64_t, Floats> d;
  const auto picks = hn::Load(Bytes(), kPairs.bytes);
  const auto last = hn::Load(Bytes(), kLastPairs.bytes);
  const RowSums rows{above, below};
  const auto a = rows.at(0, 0, picks);
  const auto b = rows.at(2, 0, picks);
  const auto c = rows.at(kLanes, 0, picks);
  const auto e = rows.at(kLanes + 2, 4, last);
  const auto ab = hn::BitCast(d, hn::InterleaveLower(Ints(), a, b));
  const auto ce = hn::BitCast(d, hn::InterleaveLower(Ints(), c, e));
  const auto ab_2 = hn::BitCast(d, hn::InterleaveUpper(Ints(), a, b));
  const auto ce_2 = hn::BitCast(d, hn::InterleaveUpper(Ints(), c, e));
  const hn::Vec<Sums> channels[3] = {hn::BitCast(Sums(), hn::InterleaveLower(d, ab, ce)),
                                     hn::BitCast(Sums(), hn::InterleaveUpper(d, ab, ce)),
                                     hn::BitCast(Sums(), hn::InterleaveLower(d, ab_2, ce_2))};
  const auto zero = hn::Zero(Sums());
  PixelSums sums;
  HWY_UNROLL(3)
  for (int i = 0; i < 3; ++i) {
    const auto first = hn::InterleaveLower(Sums(), channels[i], zero);
    const auto second = hn::InterleaveUpper(Sums(), channels[i], zero);
    sums.first[i] = hn::ConvertTo(Floats(), hn::BitCast(Ints(), first));
    sums.second[i] = hn::ConvertTo(Floats(), hn::BitCast(Ints(), second));
  }
  return sums;
}

// Two groups are made at a time, since that is what takes bytes apart best; the second waits for
// its turn.
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
  HWY_INLINE void make(int at, FloatVec* first) {
    fetch<12 * kLanes>(above_ + 6 * at + ahead_);
    fetch<12 * kLanes>(below_ + 6 * at + ahead_);
    const PixelSums sums = pixel_sums(above_ + 6 * at, below_ + 6 * at);
    HWY_UNROLL(3)
    for (int c = 0; c < 3; ++c) {
      first[c] = sums.first[c];
      waiting_[c] = sums.second[c];
    }
  }

  const uint8_t* const above_;
  const uint8_t* const below_;
  const std::ptrdiff_t ahead_;
  const int last_;
  int waiting_at_ = -1;
  FloatVec waiting_[3];
};

#endif

void FusedHalfRow(const RowJob& means) {
  RowJob job = means;  // of sums
  if (job.source == RowSource::kPacked || !job.video) {
    for (float& factor : job.factor) factor /= 4;
  } else {
    job.yuv.y_gain /= 4;
    job.yuv.y_zero *= 4;
  }
  switch (job.source) {
    case RowSource::kPacked:
      return job.brightness ? packed_row<true>(job, HalfPixels(job))
                            : packed_row<false>(job, HalfPixels(job));
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
