// The levels of a plane where each output looks at a place of its own: the four samples around it
// are put side by side, and from there on it goes as with a row. Included once per target
// after row_blend-inl.h, where it is.
//
// They are copied one by one: gathers are slower, also where there are some. And for many outputs
// before the first of them is read, because a wide load of what was just stored in parts waits for
// the last of the stores.

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
  WarpWalk(const WarpPlane& plane, int count)
      : plane_(plane),
        count_(count),
        steps_x_(hn::LoadU(Ints(), plane.steps_x)),
        steps_y_(hn::LoadU(Ints(), plane.steps_y)) {}

  HWY_INLINE void next(int output, FloatVec* levels) {
    if (output + kLanes > to_) look_up_from(output);
    const int at = output - from_;
    const auto above = load_windows<kWindows>(above_ + at * kSlot<kStep>, kStarts);
    const auto below = load_windows<kWindows>(below_ + at * kSlot<kStep>, kStarts);
    const auto weights = hn::LoadU(Words(), weights_ + 2 * at);
    const auto of_below = hn::LoadU(Floats(), of_below_ + at);
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
  static constexpr int kOneBits = WarpPlane::kOneBits;
  static constexpr int kOne = WarpPlane::kOne;
  static constexpr int kWindows = kSlotWindows<kStep>;
  static constexpr SlotPicks<kStep, kChannels> kPicks{};
  static constexpr int32_t kStarts[2] = {0, kLookupBlock* kSlot<kStep>};
  static constexpr int kOutputs = 128;                                        // copied at a time
  static constexpr int kBytes = kOutputs * kSlot<kStep> + 2 * kLookupWindow;  // more than is read

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

  // The samples of as many outputs as there is room for, and what each of them weighs.
  HWY_INLINE void look_up_from(int first) {
    const int to = HWY_MIN(first + kOutputs, count_);
    const auto stride = hn::Set(Ints(), plane_.stride);
    const auto one_row = hn::Set(Floats(), 1.0F / kOne / RowTaps::kOne);
    HWY_ALIGN int32_t offsets[kOutputs];
    for (int group = first; group < to; group += kLanes) {
      const int output = HWY_MIN(group, count_ - kLanes);
      const Axis x(plane_.x + output * plane_.step_x, steps_x_);
      const Axis y(plane_.y + output * plane_.step_y, steps_y_);
      const int at = output - first;
      hn::StoreU(hn::Add(hn::Mul(y.sample, stride), times(x.sample)), Ints(), offsets + at);
      hn::StoreU(weights_of(x.share), Words(), weights_ + 2 * at);
      hn::StoreU(hn::Mul(hn::ConvertTo(Floats(), y.share), one_row), Floats(), of_below_ + at);
    }
    copy_slots(offsets, to - first);
    from_ = first;
    to_ = to;
  }

  HWY_INLINE void copy_slots(const int32_t* HWY_RESTRICT offsets, int count) {
    const uint8_t* const HWY_RESTRICT data = plane_.data;
    const uint8_t* const HWY_RESTRICT next_row = data + plane_.stride;
    uint8_t* const HWY_RESTRICT above = above_;
    uint8_t* const HWY_RESTRICT below = below_;
    HWY_UNROLL(4)
    for (int i = 0; i < count; ++i) {
      const std::ptrdiff_t at = offsets[i];
      std::memcpy(above + i * kSlot<kStep>, data + at, kSlot<kStep>);
      std::memcpy(below + i * kSlot<kStep>, next_row + at, kSlot<kStep>);
    }
  }

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
  const int count_;
  const hn::Vec<Ints> steps_x_;
  const hn::Vec<Ints> steps_y_;
  int from_ = 0;  // outputs whose samples are copied
  int to_ = 0;
  HWY_ALIGN int16_t weights_[2 * kOutputs];  // of the left sample and the right one
  HWY_ALIGN float of_below_[kOutputs];
  HWY_ALIGN uint8_t above_[kBytes];
  HWY_ALIGN uint8_t below_[kBytes];
};
