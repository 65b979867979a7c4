#include "weir/ops/draw/row_mixer.h"

#include <algorithm>
#include <cstring>

// As the rows of ops.
#define HWY_WANT_AVX3_DL
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "weir/ops/draw/row_mixer.cc"
#include <hwy/foreach_target.h>
// The two above come first.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace weir {
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

using Sums = hn::ScalableTag<uint16_t>;

// Sums stay below 65,280, where this is an exact division by 255.
HWY_INLINE void mix_group(uint8_t* bytes, const uint16_t* added, hn::Vec<Sums> keep) {
  const Sums d;
  const hn::Rebind<uint8_t, Sums> d_bytes;
  const hn::RebindToSigned<Sums> d_signed;
  const auto level = hn::PromoteTo(d, hn::LoadU(d_bytes, bytes));
  const auto sum = hn::Add(hn::Mul(level, keep), hn::LoadU(d, added));
  const auto mixed = hn::Add(hn::Add(sum, hn::Set(d, 1)), hn::ShiftRight<8>(sum));
  hn::StoreU(hn::DemoteTo(d_bytes, hn::BitCast(d_signed, hn::ShiftRight<8>(mixed))), d_bytes,
             bytes);
}

void MixRow(uint8_t* row, std::size_t bytes, const uint16_t* added, int alpha) {
  const Sums d;
  const std::size_t lanes = hn::Lanes(d);
  const auto keep = hn::Set(d, static_cast<uint16_t>(255 - alpha));
  std::size_t phase = 0;
  std::size_t i = 0;
  for (; i + lanes <= bytes; i += lanes) {
    mix_group(row + i, added + phase, keep);
    phase += lanes;
    if (phase == RowMixer::kPeriod) phase = 0;
  }
  if (i == bytes) return;
  uint8_t rest[hn::MaxLanes(Sums())] = {};
  std::memcpy(rest, row + i, bytes - i);
  mix_group(rest, added + phase, keep);
  std::memcpy(row + i, rest, bytes - i);
}

}  // namespace
// NOLINTNEXTLINE(google-readability-namespace-comments)
}  // namespace HWY_NAMESPACE
}  // namespace weir
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace weir {
namespace {

HWY_EXPORT(MixRow);

}  // namespace

void RowMixer::take(const uint8_t* levels, int count, int alpha) {
  if (count == count_ && alpha == alpha_ && std::equal(levels, levels + count, levels_.begin())) {
    return;
  }
  std::copy_n(levels, count, levels_.begin());
  count_ = count;
  alpha_ = alpha;
  for (std::size_t i = 0; i < kPeriod; i += static_cast<std::size_t>(count)) {
    for (int k = 0; k < count; ++k) {
      added_[i + static_cast<std::size_t>(k)] = static_cast<uint16_t>(levels[k] * alpha + 127);
    }
  }
}

void RowMixer::mix(uint8_t* row, std::size_t bytes) const {
  HWY_DYNAMIC_DISPATCH(MixRow)(row, bytes, added_.data(), alpha_);
}

}  // namespace weir
#endif  // HWY_ONCE
