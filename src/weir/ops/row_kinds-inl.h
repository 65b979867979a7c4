// What becomes of the levels of a row, however they were made: colours, limits, and the rows that
// they go to. A kind of row takes a walk, whose next(output, levels) makes the levels of a group of
// outputs. Included once per target by those who make rows, inside of their namespace and that of
// the target, after `namespace hn`.

// Floats that a group makes: 16 where row_lookup_vbmi-inl.h looks bytes up; else at most two blocks
// of 128 bits, since wider ones would be put together from more.
#if HWY_TARGET == HWY_AVX3_DL
using Floats = hn::CappedTag<float, 16>;
#else
using Floats = hn::CappedTag<float, 8>;
#endif
using FloatVec = hn::Vec<Floats>;
inline constexpr int kLanes = static_cast<int>(hn::MaxLanes(Floats()));

// So many bytes of the row `ahead`.
template <int kBytes>
HWY_INLINE void fetch(const uint8_t* ahead) {
  HWY_UNROLL(2)
  for (int i = 0; i < kBytes; i += 64) __builtin_prefetch(ahead + i);
}

HWY_INLINE FloatVec limit(FloatVec level) {
  return hn::Min(hn::Max(level, hn::Zero(Floats())), hn::Set(Floats(), 255.0F));
}

// Where a channel's levels go.
class Sink {
 public:
  Sink(const RowJob& job, int channel)
      : out_(job.out[channel]),
        factor_(hn::Set(Floats(), job.factor[channel])),
        offset_(hn::Set(Floats(), job.offset[channel])) {}
  HWY_INLINE void put(FloatVec level, int at) const {
    hn::StoreU(hn::MulAdd(level, factor_, offset_), Floats(), out_ + at);
  }

 private:
  float* const out_;
  const FloatVec factor_;
  const FloatVec offset_;
};

HWY_INLINE int group_count(const RowJob& job) {
  return (job.count + kLanes - 1) / kLanes;
}

// The first output of each group: the last group ends with the last output.
HWY_INLINE int output_at(int group, int last) {
  return HWY_MIN(group * kLanes, last);
}

// The rows are the same for every kind of walk: next(output, levels) makes a group's levels.
template <bool kBrightness, class Pixels>
HWY_INLINE void packed_row(const RowJob& job, Pixels&& pixels) {
  const Sink a(job, 0);
  const Sink b(job, kBrightness ? 0 : 1);
  const Sink c(job, kBrightness ? 0 : 2);
  const auto weigh_a = hn::Set(Floats(), job.weigh[0]);
  const auto weigh_b = hn::Set(Floats(), job.weigh[1]);
  const auto weigh_c = hn::Set(Floats(), job.weigh[2]);
  const int groups = group_count(job);
  const int last = HWY_MAX(job.count - kLanes, 0);
  for (int group = 0; group < groups; ++group) {
    const int at = output_at(group, last);
    FloatVec level[3];
    pixels.next(at, level);
    if constexpr (kBrightness) {
      const auto sum = hn::MulAdd(level[1], weigh_b, hn::Mul(level[0], weigh_a));
      a.put(hn::MulAdd(level[2], weigh_c, sum), at);
    } else {
      a.put(level[0], at);
      b.put(level[1], at);
      c.put(level[2], at);
    }
  }
}

template <class Pixels>
HWY_INLINE void plane_row(const RowJob& job, Pixels&& pixels) {
  const Sink sink(job, 0);
  const auto gain = hn::Set(Floats(), job.yuv.y_gain);
  const auto zero = hn::Set(Floats(), -job.yuv.y_zero * job.yuv.y_gain);
  const bool video = job.video;
  const int groups = group_count(job);
  const int last = HWY_MAX(job.count - kLanes, 0);
  for (int group = 0; group < groups; ++group) {
    const int at = output_at(group, last);
    FloatVec level[1];
    pixels.next(at, level);
    if (video) level[0] = limit(hn::MulAdd(level[0], gain, zero));
    sink.put(level[0], at);
  }
}

// One of R, G and B as it is written: Y times its gain plus shares of U and V, with all that is
// constant in one addend, between what the levels 0 and 255 become.
class Colour {
 public:
  Colour(const RowJob& job, int channel, float of_u, float of_v)
      : out_(job.out[channel]),
        gain_(hn::Set(Floats(), job.yuv.y_gain * job.factor[channel])),
        of_u_(hn::Set(Floats(), of_u * job.factor[channel])),
        of_v_(hn::Set(Floats(), of_v * job.factor[channel])) {
    const float factor = job.factor[channel];
    const float offset = job.offset[channel];
    const float zero = -job.yuv.y_zero * job.yuv.y_gain - 128 * (of_u + of_v);
    rest_ = hn::Set(Floats(), zero * factor + offset);
    least_ = hn::Set(Floats(), HWY_MIN(offset, 255 * factor + offset));
    most_ = hn::Set(Floats(), HWY_MAX(offset, 255 * factor + offset));
  }

  HWY_INLINE FloatVec of_luma(FloatVec y) const { return hn::MulAdd(y, gain_, rest_); }
  HWY_INLINE FloatVec add_u(FloatVec sum, FloatVec u) const { return hn::MulAdd(u, of_u_, sum); }
  HWY_INLINE FloatVec add_v(FloatVec sum, FloatVec v) const { return hn::MulAdd(v, of_v_, sum); }
  HWY_INLINE void put(FloatVec sum, int at) const {
    hn::StoreU(hn::Min(hn::Max(sum, least_), most_), Floats(), out_ + at);
  }

 private:
  float* const out_;
  const FloatVec gain_, of_u_, of_v_;
  FloatVec rest_, least_, most_;
};

// U and V out of two planes, each with a walk of its own.
template <class Pixels>
struct TwoPlanes {
  Pixels u;
  Pixels v;
  HWY_INLINE void next(int output, FloatVec* levels) {
    u.next(output, levels);
    v.next(output, levels + 1);
  }
};

template <class Luma, class Chroma>
HWY_INLINE void video_row(const RowJob& job, Luma&& luma, Chroma&& chroma) {
  const YuvToRgb& yuv = job.yuv;
  const Colour red(job, 0, 0, yuv.v_to_red);
  const Colour green(job, 1, yuv.u_to_green, yuv.v_to_green);
  const Colour blue(job, 2, yuv.u_to_blue, 0);
  const int groups = group_count(job);
  const int last = HWY_MAX(job.count - kLanes, 0);
  for (int group = 0; group < groups; ++group) {
    const int at = output_at(group, last);
    FloatVec y[1];
    FloatVec uv[2];
    luma.next(at, y);
    chroma.next(at, uv);
    red.put(red.add_v(red.of_luma(y[0]), uv[1]), at);
    green.put(green.add_v(green.add_u(green.of_luma(y[0]), uv[0]), uv[1]), at);
    blue.put(blue.add_u(blue.of_luma(y[0]), uv[0]), at);
  }
}
