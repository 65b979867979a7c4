// Two samples looked up and blended, as RowTaps lays it out. Included once per target after
// row_kinds-inl.h, where it is.

#if HWY_TARGET == HWY_AVX3_DL
#include "weir/ops/row_lookup_vbmi-inl.h"
#else
#include "weir/ops/row_lookup-inl.h"
#endif

using Words = hn::Repartition<int16_t, Floats>;
using Ints = hn::Repartition<int32_t, Floats>;

// The sum of each pair of words times its pair of weights. On x86 one instruction has the whole
// sum; elsewhere, and where vectors are emulated, that operation gives it in two halves.
HWY_INLINE hn::Vec<Ints> blend_pairs(ByteVec pairs, hn::Vec<Words> weights) {
#if HWY_ARCH_X86 && HWY_TARGET <= HWY_SSSE3
  auto unused = hn::Zero(Ints());
  return hn::ReorderWidenMulAccumulate(Ints(), hn::BitCast(Words(), pairs), weights,
                                       hn::Zero(Ints()), unused);
#else
  const auto both = hn::BitCast(Ints(), pairs);
  const auto weigh = hn::BitCast(Ints(), weights);
  const auto low = hn::Set(Ints(), 0xFFFF);
  return hn::Add(hn::Mul(hn::And(both, low), hn::And(weigh, low)),
                 hn::Mul(hn::ShiftRight<16>(both), hn::ShiftRight<16>(weigh)));
#endif
}
