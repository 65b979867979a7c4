#include "weir/ops/half_video_rows.h"

#include <cmath>
#include <type_traits>

#define HWY_WANT_AVX3_DL
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "weir/ops/half_video_rows.cc"
#include <hwy/foreach_target.h>
// The two above come first.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace weir::ops {
namespace HWY_NAMESPACE {
namespace {

#if HWY_TARGET == HWY_SCALAR

int HalfVideoLanes() {
  return 0;
}
void HalfVideoRow(const HalfVideoJob&) {}

#else

namespace hn = hwy::HWY_NAMESPACE;

#include "weir/ops/half_words-inl.h"

#include "weir/ops/pair_sums-inl.h"

// To `sum` the first word of each pair times the first factor and the second times the second.
HWY_INLINE IntVec add_products(IntVec sum, WordVec pairs, WordVec factors) {
#if HWY_ARCH_X86 && HWY_TARGET == HWY_AVX3_DL
  // Highway compiles this target without AVX-512 VNNI, which all of its CPUs have.
  asm("vpdpwssd %2, %1, %0" : "+v"(sum.raw) : "v"(pairs.raw), "v"(factors.raw));
  return sum;
#elif HWY_ARCH_X86 && HWY_TARGET <= HWY_SSSE3
  auto unused = hn::Zero(Ints());
  return hn::ReorderWidenMulAccumulate(Ints(), pairs, factors, sum, unused);
#else
  const auto first = [](WordVec v) {
    return hn::ShiftRight<16>(hn::ShiftLeft<16>(hn::BitCast(Ints(), v)));
  };
  const auto second = [](WordVec v) { return hn::ShiftRight<16>(hn::BitCast(Ints(), v)); };
  return hn::Add(
      sum, hn::Add(hn::Mul(first(pairs), first(factors)), hn::Mul(second(pairs), second(factors))));
#endif
}

HWY_INLINE WordVec factors_of(int16_t first, int16_t second) {
  return hn::OddEven(hn::Set(Words(), second), hn::Set(Words(), first));
}

// Y of each output in a pair with one of its other two, of the even outputs and of the odd ones.
struct Pairs {
  HWY_INLINE Pairs(WordVec luma, WordVec chroma) {
    const auto y = hn::BitCast(Ints(), luma);
    const auto c = hn::BitCast(Ints(), chroma);
    even = hn::OddEven(hn::BitCast(Words(), hn::ShiftLeft<16>(c)), luma);
    odd = hn::OddEven(chroma, hn::BitCast(Words(), hn::ShiftRight<16>(y)));
  }
  WordVec even;
  WordVec odd;
};

// A level is the upper half of a sum.
HWY_INLINE WordVec levels_of(IntVec even, IntVec odd) {
  const auto low = hn::BitCast(Words(), hn::ShiftRight<16>(even));
  return hn::OddEven(hn::BitCast(Words(), odd), low);
}

// The samples of U and V, eight times each.
struct TwoChroma {
  HWY_INLINE void load(const HalfVideoJob& job, int at, WordVec* u, WordVec* v) const {
    *u = hn::ShiftLeft<3>(hn::PromoteTo(Words(), hn::LoadU(Narrow(), job.u + at)));
    *v = hn::ShiftLeft<3>(hn::PromoteTo(Words(), hn::LoadU(Narrow(), job.v + at)));
  }
};
struct PairedChroma {
  HWY_INLINE void load(const HalfVideoJob& job, int at, WordVec* u, WordVec* v) const {
    const hn::RebindToUnsigned<Words> d;
    const auto both = hn::BitCast(d, hn::LoadU(Bytes(), job.u + 2 * at));
    const auto byte = hn::Set(d, 0xFF << 3);
    *u = hn::BitCast(Words(), hn::And(hn::ShiftLeft<3>(both), byte));
    *v = hn::BitCast(Words(), hn::And(hn::ShiftRight<5>(both), byte));
  }
};

struct Levels {
  WordVec red;
  WordVec green;
  WordVec blue;
};

// The levels of kHalf outputs from `at` on.
template <class Chroma>
class HalfVideo {
 public:
  HWY_INLINE explicit HalfVideo(const HalfVideoJob& job)
      : job_(job),
        to_red_(factors_of(job.matrix.y, job.matrix.v_to_red)),
        to_green_(factors_of(job.matrix.y, job.matrix.v_to_green)),
        more_green_(factors_of(0, job.matrix.u_to_green)),
        to_blue_(factors_of(job.matrix.y, job.matrix.u_to_blue)),
        red_(hn::Set(Ints(), job.matrix.red)),
        green_(hn::Set(Ints(), job.matrix.green)),
        blue_(hn::Set(Ints(), job.matrix.blue)) {}

  HWY_INLINE Levels at(int at) const {
    const auto luma = hn::Add(sums_of_two(hn::LoadU(Bytes(), job_.above + 2 * at)),
                              sums_of_two(hn::LoadU(Bytes(), job_.below + 2 * at)));
    WordVec u;
    WordVec v;
    Chroma().load(job_, at, &u, &v);
    const Pairs with_u(luma, u);
    const Pairs with_v(luma, v);
    return {levels_of(add_products(red_, with_v.even, to_red_),
                      add_products(red_, with_v.odd, to_red_)),
            levels_of(green(with_v.even, with_u.even), green(with_v.odd, with_u.odd)),
            levels_of(add_products(blue_, with_u.even, to_blue_),
                      add_products(blue_, with_u.odd, to_blue_))};
  }

 private:
  HWY_INLINE IntVec green(WordVec with_v, WordVec with_u) const {
    return add_products(add_products(green_, with_v, to_green_), with_u, more_green_);
  }

  const HalfVideoJob& job_;
  const WordVec to_red_, to_green_, more_green_, to_blue_;
  const IntVec red_, green_, blue_;
};

template <bool kSigned, bool kInterleaved, class Chroma>
void row_of(const HalfVideoJob& job) {
  const HalfVideo<Chroma> levels(job);
  uint8_t* const red = job.out[0];
  uint8_t* const green = job.out[1];
  uint8_t* const blue = job.out[2];
  const bool blue_first = job.blue_first;
  const int count = job.count;
  for (int i = 0; i < count; i += kOutputs) {
    const int at = HWY_MIN(i, count - kOutputs);
    const Levels a = levels.at(at);
    const Levels b = levels.at(at + kHalf);
    const auto r = pack<kSigned>(a.red, b.red);
    const auto g = pack<kSigned>(a.green, b.green);
    const auto bl = pack<kSigned>(a.blue, b.blue);
    if constexpr (kInterleaved) {
      hn::StoreInterleaved3(blue_first ? bl : r, g, blue_first ? r : bl, Bytes(), red + 3 * at);
    } else {
      hn::StoreU(r, Bytes(), red + at);
      hn::StoreU(g, Bytes(), green + at);
      hn::StoreU(bl, Bytes(), blue + at);
    }
  }
}

template <bool kSigned, class Chroma>
void row_of(const HalfVideoJob& job) {
  return job.interleaved ? row_of<kSigned, true, Chroma>(job) : row_of<kSigned, false, Chroma>(job);
}

template <class Chroma>
void row_of(const HalfVideoJob& job) {
  return job.less_128 ? row_of<true, Chroma>(job) : row_of<false, Chroma>(job);
}

int HalfVideoLanes() {
  return kOutputs;
}

void HalfVideoRow(const HalfVideoJob& job) {
  return job.v == nullptr ? row_of<PairedChroma>(job) : row_of<TwoChroma>(job);
}

#endif  // HWY_TARGET == HWY_SCALAR

}  // namespace
// NOLINTNEXTLINE(google-readability-namespace-comments)
}  // namespace HWY_NAMESPACE
}  // namespace weir::ops
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace weir::ops {
namespace {

HWY_EXPORT(HalfVideoLanes);
HWY_EXPORT(HalfVideoRow);

}  // namespace

// What is added makes the middle of each range exact, whatever the factors were rounded to.
HalfVideoMatrix half_video_matrix(const YuvToRgb& yuv, int less) {
  constexpr double kOne = 65536;
  const auto factor = [](double gain, int times) {
    return static_cast<int16_t>(std::lround(gain * kOne / times));
  };
  HalfVideoMatrix m;
  m.y = factor(double{yuv.y_gain}, 4);
  m.v_to_red = factor(double{yuv.v_to_red}, 8);
  m.u_to_green = factor(double{yuv.u_to_green}, 8);
  m.v_to_green = factor(double{yuv.v_to_green}, 8);
  m.u_to_blue = factor(double{yuv.u_to_blue}, 8);
  const double middle = ((127.5 - double{yuv.y_zero}) * double{yuv.y_gain} - less) * kOne;
  const auto rest = [&](int of_chroma) {
    return static_cast<int32_t>(
        std::lround(middle - 4 * 127.5 * m.y - 8 * 128.0 * of_chroma + kOne / 2));
  };
  m.red = rest(m.v_to_red);
  m.green = rest(m.u_to_green + m.v_to_green);
  m.blue = rest(m.u_to_blue);
  return m;
}

int half_video_lanes() {
  return HWY_DYNAMIC_DISPATCH(HalfVideoLanes)();
}

void half_video_row(const HalfVideoJob& job) {
  HWY_DYNAMIC_DISPATCH(HalfVideoRow)(job);
}

}  // namespace weir::ops
#endif  // HWY_ONCE
