// Sums of neighbouring bytes as words, and words as bytes again. Included once per target by
// half_*_rows.cc, which have `hn`, and not for the scalar one.

// What becomes a vector of bytes is made in two halves.
using Bytes = hn::CappedTag<uint8_t, 64>;
using Words = hn::Repartition<int16_t, Bytes>;
using Ints = hn::Repartition<int32_t, Bytes>;
using Narrow = hn::Rebind<uint8_t, Words>;
using ByteVec = hn::Vec<Bytes>;
using WordVec = hn::Vec<Words>;
using IntVec = hn::Vec<Ints>;
constexpr int kHalf = static_cast<int>(hn::MaxLanes(Words()));
constexpr int kOutputs = 2 * kHalf;

// Instructions that Highway has no name for: the sums of neighbouring bytes; words limited to what
// a byte, or a signed one, holds, in order.
#if HWY_ARCH_X86 && HWY_TARGET <= HWY_AVX3
HWY_INLINE WordVec sums_of_two(ByteVec bytes) {
  return WordVec{_mm512_maddubs_epi16(bytes.raw, _mm512_set1_epi8(1))};
}
template <bool kSigned>
HWY_INLINE ByteVec pack(WordVec a, WordVec b) {
  const __m512i packed =
      kSigned ? _mm512_packs_epi16(a.raw, b.raw) : _mm512_packus_epi16(a.raw, b.raw);
  return ByteVec{_mm512_permutexvar_epi64(_mm512_setr_epi64(0, 2, 4, 6, 1, 3, 5, 7), packed)};
}
#elif HWY_ARCH_X86 && HWY_TARGET == HWY_AVX2
HWY_INLINE WordVec sums_of_two(ByteVec bytes) {
  return WordVec{_mm256_maddubs_epi16(bytes.raw, _mm256_set1_epi8(1))};
}
template <bool kSigned>
HWY_INLINE ByteVec pack(WordVec a, WordVec b) {
  const __m256i packed =
      kSigned ? _mm256_packs_epi16(a.raw, b.raw) : _mm256_packus_epi16(a.raw, b.raw);
  return ByteVec{_mm256_permute4x64_epi64(packed, 0xD8)};
}
#elif HWY_ARCH_X86 && HWY_TARGET <= HWY_SSSE3
HWY_INLINE WordVec sums_of_two(ByteVec bytes) {
  return WordVec{_mm_maddubs_epi16(bytes.raw, _mm_set1_epi8(1))};
}
template <bool kSigned>
HWY_INLINE ByteVec pack(WordVec a, WordVec b) {
  return ByteVec{kSigned ? _mm_packs_epi16(a.raw, b.raw) : _mm_packus_epi16(a.raw, b.raw)};
}
#else
HWY_INLINE WordVec sums_of_two(ByteVec bytes) {
  const auto words = hn::BitCast(hn::RebindToUnsigned<Words>(), bytes);
  return hn::Add(hn::And(hn::BitCast(Words(), words), hn::Set(Words(), 0xFF)),
                 hn::BitCast(Words(), hn::ShiftRight<8>(words)));
}
template <bool kSigned>
HWY_INLINE ByteVec pack(WordVec a, WordVec b) {
  using Part = std::conditional_t<kSigned, hn::RebindToSigned<Narrow>, Narrow>;
  return hn::Combine(Bytes(), hn::BitCast(Narrow(), hn::DemoteTo(Part(), b)),
                     hn::BitCast(Narrow(), hn::DemoteTo(Part(), a)));
}
#endif
