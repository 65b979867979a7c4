// Words of a row of bytes, and words as bytes again. Included once per target by half_*_rows.cc,
// which have `hn`, and not for the scalar one.

// What becomes a vector of bytes is made in two halves.
using Bytes = hn::CappedTag<uint8_t, 64>;
using Words = hn::Repartition<int16_t, Bytes>;
using Ints = hn::Repartition<int32_t, Bytes>;
using Narrow = hn::Rebind<uint8_t, Words>;
using ByteVec = hn::Vec<Bytes>;
using WordVec = hn::Vec<Words>;
using IntVec = hn::Vec<Ints>;
inline constexpr int kHalf = static_cast<int>(hn::MaxLanes(Words()));
inline constexpr int kOutputs = 2 * kHalf;

// Words limited to what a byte, or a signed one, holds, in order: instructions that Highway has no
// name for.
#if HWY_ARCH_X86 && HWY_TARGET <= HWY_AVX3
template <bool kSigned>
HWY_INLINE ByteVec pack(WordVec a, WordVec b) {
  const __m512i packed =
      kSigned ? _mm512_packs_epi16(a.raw, b.raw) : _mm512_packus_epi16(a.raw, b.raw);
  return ByteVec{_mm512_permutexvar_epi64(_mm512_setr_epi64(0, 2, 4, 6, 1, 3, 5, 7), packed)};
}
#elif HWY_ARCH_X86 && HWY_TARGET == HWY_AVX2
template <bool kSigned>
HWY_INLINE ByteVec pack(WordVec a, WordVec b) {
  const __m256i packed =
      kSigned ? _mm256_packs_epi16(a.raw, b.raw) : _mm256_packus_epi16(a.raw, b.raw);
  return ByteVec{_mm256_permute4x64_epi64(packed, 0xD8)};
}
#elif HWY_ARCH_X86 && HWY_TARGET <= HWY_SSSE3
template <bool kSigned>
HWY_INLINE ByteVec pack(WordVec a, WordVec b) {
  return ByteVec{kSigned ? _mm_packs_epi16(a.raw, b.raw) : _mm_packus_epi16(a.raw, b.raw)};
}
#else
template <bool kSigned>
HWY_INLINE ByteVec pack(WordVec a, WordVec b) {
  using Part = std::conditional_t<kSigned, hn::RebindToSigned<Narrow>, Narrow>;
  return hn::Combine(Bytes(), hn::BitCast(Narrow(), hn::DemoteTo(Part(), b)),
                     hn::BitCast(Narrow(), hn::DemoteTo(Part(), a)));
}
#endif
