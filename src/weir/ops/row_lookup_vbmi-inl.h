// Pairs of neighbouring samples out of a row of bytes, by the byte permutations of AVX-512 VBMI: 16
// outputs share windows of 64 bytes, of which one instruction looks through two. What
// row_lookup-inl.h does in blocks of 128 bits; included in its stead. Highway has no lookups in two
// tables.

inline constexpr int kLookupWindow = 64;
inline constexpr int kLookupMaxWindows = 4;

using Bytes = hn::Repartition<uint8_t, Floats>;
using ByteVec = hn::Vec<Bytes>;
inline constexpr int kLookupBlock = 16;

template <int kWindows>
struct Windows {
  __m512i at[kWindows];
};

template <int kWindows>
HWY_INLINE Windows<kWindows> load_windows(const uint8_t* row, const int32_t* starts) {
  Windows<kWindows> windows;
  HWY_UNROLL(4)
  for (int i = 0; i < kWindows; ++i) {
    windows.at[i] = _mm512_loadu_si512(row + starts[0] + kLookupWindow * i);
  }
  return windows;
}

template <int kWindows>
struct Picks {
  __m512i at;
};

// Of one channel in a group's tables.
template <int kWindows>
inline constexpr int kPicksBytes = 64;

template <int kWindows>
HWY_INLINE Picks<kWindows> load_picks(const uint8_t* bytes, int channel) {
  return {_mm512_loadu_si512(bytes + channel * 64)};
}

// In each 32 bits the left sample and the right one, as words: every second byte stays zero.
template <int kWindows>
HWY_INLINE ByteVec pick(const Windows<kWindows>& windows, const Picks<kWindows>& picks) {
  constexpr __mmask64 kLowBytes = 0x5555555555555555;
  const auto& at = windows.at;
  if constexpr (kWindows == 1) {
    return ByteVec{_mm512_maskz_permutexvar_epi8(kLowBytes, picks.at, at[0])};
  } else if constexpr (kWindows == 2) {
    return ByteVec{_mm512_maskz_permutex2var_epi8(kLowBytes, at[0], picks.at, at[1])};
  } else {
    const __m512i near = _mm512_maskz_permutex2var_epi8(kLowBytes, at[0], picks.at, at[1]);
    const __mmask64 is_far = _mm512_movepi8_mask(picks.at) & kLowBytes;
    if constexpr (kWindows == 3) {
      return ByteVec{_mm512_mask_permutexvar_epi8(near, is_far, picks.at, at[2])};
    } else {
      const __m512i far = _mm512_permutex2var_epi8(at[2], picks.at, at[3]);
      return ByteVec{_mm512_mask_mov_epi8(near, is_far, far)};
    }
  }
}

// What a warp reads for an output: both samples of kStep bytes, and a byte or two behind them.
template <int kStep>
inline constexpr int kSlot = kStep == 3 ? 8 : 4;
