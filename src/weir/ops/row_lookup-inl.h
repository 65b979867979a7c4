// Pairs of neighbouring samples out of a row of bytes, by table lookups of 16 bytes: each block of
// 128 bits has its own windows of the row. See row_taps.h for the tables. Included once per target
// after row_kinds-inl.h, where it is.

inline constexpr int kLookupWindow = 16;
inline constexpr int kLookupMaxWindows = 4;

using Bytes = hn::Repartition<uint8_t, Floats>;
using ByteVec = hn::Vec<Bytes>;
inline constexpr int kLookupBlock = hn::MaxLanes(Floats()) < 4 ? int(hn::MaxLanes(Floats())) : 4;

template <int kWindows>
struct Windows {
  ByteVec at[kWindows];
};

HWY_INLINE ByteVec load_blocks(const uint8_t* row, const int32_t* starts) {
  const Bytes d;
  if constexpr (hn::MaxLanes(Bytes()) <= 16) {
    return hn::LoadU(d, row + starts[0]);
  } else {
    const hn::Half<Bytes> half;
    return hn::Combine(d, hn::LoadU(half, row + starts[1]), hn::LoadU(half, row + starts[0]));
  }
}

template <int kWindows>
HWY_INLINE Windows<kWindows> load_windows(const uint8_t* row, const int32_t* starts) {
  Windows<kWindows> windows;
  HWY_UNROLL(4)
  for (int i = 0; i < kWindows; ++i) {
    windows.at[i] = load_blocks(row + kLookupWindow * i, starts);
  }
  return windows;
}

template <int kWindows>
struct Picks {
  ByteVec at[kWindows];
};

// Of one channel in a group's tables.
template <int kWindows>
inline constexpr int kPicksBytes = kWindows* int(hn::MaxLanes(Bytes()));

template <int kWindows>
HWY_INLINE Picks<kWindows> load_picks(const uint8_t* bytes, int channel) {
  Picks<kWindows> picks;
  HWY_UNROLL(4)
  for (int i = 0; i < kWindows; ++i) {
    picks.at[i] = hn::LoadU(
        Bytes(), bytes + channel * kPicksBytes<kWindows> + i * int(hn::MaxLanes(Bytes())));
  }
  return picks;
}

// In each 32 bits the left sample and the right one, as words.
template <int kWindows>
HWY_INLINE ByteVec pick(const Windows<kWindows>& windows, const Picks<kWindows>& picks) {
  ByteVec found = hn::TableLookupBytesOr0(windows.at[0], picks.at[0]);
  HWY_UNROLL(4)
  for (int i = 1; i < kWindows; ++i) {
    found = hn::Or(found, hn::TableLookupBytesOr0(windows.at[i], picks.at[i]));
  }
  return found;
}

// What a warp reads for an output: both samples of kStep bytes, and where it puts them.
template <int kStep>
inline constexpr int kSlot = kStep == 3 ? 8 : 2 * kStep;
