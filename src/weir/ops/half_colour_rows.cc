#include "weir/ops/half_colour_rows.h"

#include <type_traits>

#define HWY_WANT_AVX3_DL
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "weir/ops/half_colour_rows.cc"
#include <hwy/foreach_target.h>
// The two above come first.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace weir::ops {
namespace HWY_NAMESPACE {
namespace {

#if HWY_TARGET == HWY_SCALAR

int HalfColourLanes() {
  return 0;
}
void HalfColourRow(const HalfColourJob&) {}

#else

namespace hn = hwy::HWY_NAMESPACE;

#include "weir/ops/half_words-inl.h"

#include "weir/ops/pair_sums-inl.h"

struct Sums {
  WordVec channel[3];
};

// The fourths of kHalf outputs from `at` on.
HWY_INLINE Sums fourths_at(const HalfColourJob& job, int at) {
  ByteVec above[3];
  ByteVec below[3];
  hn::LoadInterleaved3(Bytes(), job.above + 6 * at, above[0], above[1], above[2]);
  hn::LoadInterleaved3(Bytes(), job.below + 6 * at, below[0], below[1], below[2]);
  const auto half = hn::Set(Words(), 2);
  Sums sums;
  HWY_UNROLL(3)
  for (int c = 0; c < 3; ++c) {
    const auto sum = hn::Add(sums_of_two(above[c]), sums_of_two(below[c]));
    sums.channel[c] = hn::ShiftRight<2>(hn::Add(sum, half));
  }
  return sums;
}

template <bool kInterleaved>
void row_of(const HalfColourJob& job) {
  const auto flip = hn::Set(Bytes(), static_cast<uint8_t>(job.less_128 ? 0x80 : 0));
  const int first = job.turned ? 2 : 0;
  uint8_t* const out = job.out[first];
  const int count = job.count;
  for (int i = 0; i < count; i += kOutputs) {
    const int at = HWY_MIN(i, count - kOutputs);
    const Sums a = fourths_at(job, at);
    const Sums b = fourths_at(job, at + kHalf);
    ByteVec levels[3];
    HWY_UNROLL(3)
    for (int c = 0; c < 3; ++c) {
      levels[c] = hn::Xor(pack<false>(a.channel[c], b.channel[c]), flip);
    }
    if constexpr (kInterleaved) {
      hn::StoreInterleaved3(levels[first], levels[1], levels[2 - first], Bytes(), out + 3 * at);
    } else {
      HWY_UNROLL(3)
      for (int c = 0; c < 3; ++c) hn::StoreU(levels[c], Bytes(), job.out[c] + at);
    }
  }
}

int HalfColourLanes() {
  return kOutputs;
}

void HalfColourRow(const HalfColourJob& job) {
  return job.interleaved ? row_of<true>(job) : row_of<false>(job);
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

HWY_EXPORT(HalfColourLanes);
HWY_EXPORT(HalfColourRow);

}  // namespace

int half_colour_lanes() {
  return HWY_DYNAMIC_DISPATCH(HalfColourLanes)();
}

void half_colour_row(const HalfColourJob& job) {
  HWY_DYNAMIC_DISPATCH(HalfColourRow)(job);
}

}  // namespace weir::ops
#endif  // HWY_ONCE
