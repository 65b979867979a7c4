// The levels of a plane where each output looks at a place of its own: the four samples around it
// are put side by side, and from there on it goes as with a row. Included once per target
// after row_blend-inl.h, where it is.

template <int kStep>
inline constexpr int kSlotWindows =
    (kLookupBlock * kSlot<kStep> + kLookupWindow - 1) / kLookupWindow;

// Where in the slots of a group each output has its samples, as RowTaps has it for a row.
template <int kStep, int kChannels>
struct alignas(64) SlotPicks {
  static constexpr int kWindows = kSlotWindows<kStep>;
  uint8_t bytes[kChannels * kPicksBytes<kWindows>];

  constexpr SlotPicks() : bytes() {
    constexpr bool kNarrow = kLookupWindow == 16;
    for (uint8_t& byte : bytes) byte = 0x80;
    for (int c = 0; c < kChannels; ++c) {
      for (int lane = 0; lane < kLanes; ++lane) {
        for (int side = 0; side < 2; ++side) {
          const int at = lane % kLookupBlock * kSlot<kStep> + c + side * kStep;
          const int row = kNarrow ? c * kWindows + at / 16 : c;
          bytes[(row * kLanes + lane) * 4 + 2 * side] =
              static_cast<uint8_t>(kNarrow ? at % 16 : at);
        }
      }
    }
  }
};

// kStep bytes a sample, of which all kChannels are taken.
template <int kStep, int kChannels>
class WarpWalk {
 public:
  explicit WarpWalk(const WarpPlane& plane)
      : plane_(plane), step_x_(steps_of(plane.step_x)), step_y_(steps_of(plane.step_y)) {}

  HWY_INLINE void next(int output, FloatVec* levels) {
    const Axis x(plane_.x + output * plane_.step_x, step_x_);
    const Axis y(plane_.y + output * plane_.step_y, step_y_);
    const auto offsets =
        hn::Add(hn::Mul(y.sample, hn::Set(Ints(), plane_.stride)), times(x.sample));
    const auto above = gather_slots<kStep>(plane_.data, offsets);
    const auto below = gather_slots<kStep>(plane_.data + plane_.stride, offsets);
    const auto weights = weights_of(x.share);
    const auto of_below =
        hn::Mul(hn::ConvertTo(Floats(), y.share), hn::Set(Floats(), 1.0F / kOne / RowTaps::kOne));
    const auto of_above = hn::Sub(hn::Set(Floats(), 1.0F / RowTaps::kOne), of_below);
    HWY_UNROLL(3)
    for (int c = 0; c < kChannels; ++c) {
      const auto picks = load_picks<kWindows>(kPicks.bytes, c);
      const auto high = hn::ConvertTo(Floats(), blend_pairs(pick(above, picks), weights));
      const auto low = hn::ConvertTo(Floats(), blend_pairs(pick(below, picks), weights));
      levels[c] = hn::MulAdd(low, of_below, hn::Mul(high, of_above));
    }
  }

 private:
  static constexpr int kOneBits = 20;
  static constexpr int kOne = 1 << kOneBits;
  static constexpr int kWindows = kSlotWindows<kStep>;
  static constexpr SlotPicks<kStep, kChannels> kPicks{};

  static HWY_INLINE hn::Vec<Ints> steps_of(double step) {
    HWY_ALIGN int32_t steps[kLanes];
    for (int lane = 0; lane < kLanes; ++lane) {
      steps[lane] = static_cast<int32_t>(std::floor(lane * step * kOne + 0.5));
    }
    return hn::Load(Ints(), steps);
  }

  // Whole samples, and the share of the next one: fixed point from a start that is exact.
  struct Axis {
    HWY_INLINE Axis(double start, hn::Vec<Ints> steps) {
      const double whole = std::floor(start);
      const auto at = hn::Add(steps, hn::Set(Ints(), static_cast<int32_t>((start - whole) * kOne)));
      sample = hn::Add(hn::ShiftRight<kOneBits>(at), hn::Set(Ints(), static_cast<int32_t>(whole)));
      share = hn::And(at, hn::Set(Ints(), kOne - 1));
    }
    hn::Vec<Ints> sample;
    hn::Vec<Ints> share;
  };

  static HWY_INLINE hn::Vec<Ints> times(hn::Vec<Ints> samples) {
    if constexpr (kStep == 1) return samples;
    if constexpr (kStep == 2) return hn::Add(samples, samples);
    return hn::Add(hn::Add(samples, samples), samples);
  }

  // Pairs of weights that sum up to RowTaps::kOne: a share in 1 / 32768, and half way one less.
  static HWY_INLINE hn::Vec<Words> weights_of(hn::Vec<Ints> share) {
    const auto rounded = hn::ShiftRight<5>(hn::Add(share, hn::Set(Ints(), 16)));
    const auto right =
        hn::Sub(rounded, hn::ShiftRight<15>(hn::Add(rounded, hn::Set(Ints(), 1 << 14))));
    const auto left = hn::Sub(hn::Set(Ints(), RowTaps::kOne), right);
    return hn::BitCast(Words(), hn::Or(left, hn::ShiftLeft<16>(right)));
  }

  const WarpPlane plane_;
  const hn::Vec<Ints> step_x_;
  const hn::Vec<Ints> step_y_;
};
