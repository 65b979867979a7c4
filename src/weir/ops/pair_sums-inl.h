// The sums of neighbouring bytes, as words. Included once per target, inside of its namespace, by
// those who have `hn`, and not for the scalar one.

#if HWY_ARCH_X86 && HWY_TARGET <= HWY_SSSE3

// An instruction that Highway has no name for.
template <size_t kN>
HWY_INLINE hn::Vec128<int16_t, kN / 2> sums_of_two(hn::Vec128<uint8_t, kN> bytes) {
  return hn::Vec128<int16_t, kN / 2>{_mm_maddubs_epi16(bytes.raw, _mm_set1_epi8(1))};
}
#if HWY_TARGET <= HWY_AVX2
HWY_INLINE hn::Vec256<int16_t> sums_of_two(hn::Vec256<uint8_t> bytes) {
  return hn::Vec256<int16_t>{_mm256_maddubs_epi16(bytes.raw, _mm256_set1_epi8(1))};
}
#endif
#if HWY_TARGET <= HWY_AVX3
HWY_INLINE hn::Vec512<int16_t> sums_of_two(hn::Vec512<uint8_t> bytes) {
  return hn::Vec512<int16_t>{_mm512_maddubs_epi16(bytes.raw, _mm512_set1_epi8(1))};
}
#endif

#else

template <class V>
HWY_INLINE auto sums_of_two(V bytes) {
  const hn::RepartitionToWide<hn::DFromV<V>> d;
  const auto words = hn::BitCast(d, bytes);
  return hn::BitCast(hn::RebindToSigned<decltype(d)>(),
                     hn::Add(hn::And(words, hn::Set(d, 0xFF)), hn::ShiftRight<8>(words)));
}

#endif
