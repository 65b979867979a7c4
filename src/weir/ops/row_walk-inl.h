// The levels of a plane along its rows. Included once per target after row_blend-inl.h, where it
// is.

// A plane's rows and tables, walked through group by group.
template <int kWindows, int kChannels, bool kTwoRows>
class Walk {
 public:
  Walk(const RowPair& pair, const RowTaps& taps)
      : above_(pair.above),
        below_(pair.below),
        ahead_(pair.ahead),
        starts_(taps.starts()),
        bytes_(taps.bytes()),
        weights_(taps.weights()),
        of_above_(hn::Set(Floats(), (1 - pair.weight) / RowTaps::kOne)),
        of_below_(hn::Set(Floats(), pair.weight / RowTaps::kOne)) {}

  // The next group's levels: across by the taps, down by the rows' weights.
  HWY_INLINE void next(int, FloatVec* levels) {
    fetch<64>(above_ + starts_[0] + ahead_);
    if constexpr (kTwoRows) fetch<64>(below_ + starts_[0] + ahead_);
    const auto weights = hn::LoadU(Words(), weights_);
    const auto above = load_windows<kWindows>(above_, starts_);
    Windows<kWindows> below = above;
    if constexpr (kTwoRows) below = load_windows<kWindows>(below_, starts_);
    HWY_UNROLL(3)
    for (int c = 0; c < kChannels; ++c) {
      const auto picks = load_picks<kWindows>(bytes_, c);
      const auto high = hn::ConvertTo(Floats(), blend_pairs(pick(above, picks), weights));
      levels[c] = hn::Mul(high, of_above_);
      if constexpr (kTwoRows) {
        const auto low = hn::ConvertTo(Floats(), blend_pairs(pick(below, picks), weights));
        levels[c] = hn::MulAdd(low, of_below_, levels[c]);
      }
    }
    starts_ += kLanes / kLookupBlock;
    weights_ += 2 * kLanes;
    bytes_ += kChannels * kPicksBytes<kWindows>;
  }

 private:
  const uint8_t* const above_;
  const uint8_t* const below_;
  const std::ptrdiff_t ahead_;
  const int32_t* starts_;
  const uint8_t* bytes_;
  const int16_t* weights_;
  const FloatVec of_above_;
  const FloatVec of_below_;
};
