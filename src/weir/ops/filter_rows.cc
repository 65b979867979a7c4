#include "weir/ops/filter_rows.h"

#include <algorithm>

// As the other rows, so that groups are as long.
#define HWY_WANT_AVX3_DL
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "weir/ops/filter_rows.cc"
#include <hwy/foreach_target.h>
// The two above come first.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace weir::ops {
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

#include "weir/ops/row_kinds-inl.h"

// So many rows are read side by side.
constexpr int kRowsAtOnce = 8;

// Adds to what is there, or begins.
template <bool kAdds>
void blend_some_rows(const uint8_t* const* rows, const float* weights, int count, std::size_t bytes,
                     float* out) {
  const hn::Rebind<uint8_t, Floats> narrow;
  const hn::Rebind<int32_t, Floats> ints;
  constexpr std::size_t kStep = 2 * kLanes;
  std::size_t i = 0;
  for (; i + kStep <= bytes; i += kStep) {
    auto a = kAdds ? hn::LoadU(Floats(), out + i) : hn::Zero(Floats());
    auto b = kAdds ? hn::LoadU(Floats(), out + i + kLanes) : hn::Zero(Floats());
    for (int k = 0; k < count; ++k) {
      const auto weight = hn::Set(Floats(), weights[k]);
      const auto low = hn::PromoteTo(ints, hn::LoadU(narrow, rows[k] + i));
      const auto high = hn::PromoteTo(ints, hn::LoadU(narrow, rows[k] + i + kLanes));
      a = hn::MulAdd(hn::ConvertTo(Floats(), low), weight, a);
      b = hn::MulAdd(hn::ConvertTo(Floats(), high), weight, b);
    }
    hn::StoreU(a, Floats(), out + i);
    hn::StoreU(b, Floats(), out + i + kLanes);
  }
  for (; i < bytes; ++i) {
    float sum = kAdds ? out[i] : 0;
    for (int k = 0; k < count; ++k) sum += weights[k] * static_cast<float>(rows[k][i]);
    out[i] = sum;
  }
}

void BlendRows(const uint8_t* const* rows, const float* weights, int count, std::size_t bytes,
               float* out) {
  blend_some_rows<false>(rows, weights, HWY_MIN(count, kRowsAtOnce), bytes, out);
  for (int k = kRowsAtOnce; k < count; k += kRowsAtOnce) {
    blend_some_rows<true>(rows + k, weights + k, HWY_MIN(count - k, kRowsAtOnce), bytes, out);
  }
  std::fill_n(out + bytes, kFilterSlack, 0.0F);
}

void SplitPairs(const float* pairs, std::size_t count, float* first, float* second) {
  std::size_t i = 0;
#if HWY_TARGET != HWY_SCALAR
  for (; i + kLanes <= count; i += kLanes) {
    FloatVec a;
    FloatVec b;
    hn::LoadInterleaved2(Floats(), pairs + 2 * i, a, b);
    hn::StoreU(a, Floats(), first + i);
    hn::StoreU(b, Floats(), second + i);
  }
#endif
  for (; i < count; ++i) {
    first[i] = pairs[2 * i];
    second[i] = pairs[2 * i + 1];
  }
  std::fill_n(first + count, kFilterSlack, 0.0F);
  std::fill_n(second + count, kFilterSlack, 0.0F);
}

#if HWY_TARGET == HWY_SCALAR

void BlendPixels(const float* row, const FilterTaps& taps, float* const out[3]) {
  for (int i = 0; i < taps.columns().count; ++i) {
    for (int c = 0; c < 3; ++c) {
      out[c][i] = 0;
      for (int k = 0; k < taps.taps(); ++k) {
        out[c][i] += taps.weights(i)[k] * row[3 * (taps.first(i) + k) + c];
      }
    }
  }
}

void BlendPlane(const float* row, const FilterTaps& taps, float* out) {
  for (int i = 0; i < taps.columns().count; ++i) {
    out[i] = 0;
    for (int k = 0; k < taps.taps(); ++k) out[i] += taps.weights(i)[k] * row[taps.first(i) + k];
  }
}

#else

using Quad = hn::FixedTag<float, 4>;
using QuadVec = hn::Vec<Quad>;

// Rows of four become columns.
HWY_INLINE void turn(QuadVec* v) {
  const auto ab_low = hn::InterleaveLower(Quad(), v[0], v[1]);
  const auto ab_high = hn::InterleaveUpper(Quad(), v[0], v[1]);
  const auto cd_low = hn::InterleaveLower(Quad(), v[2], v[3]);
  const auto cd_high = hn::InterleaveUpper(Quad(), v[2], v[3]);
  v[0] = hn::ConcatLowerLower(Quad(), cd_low, ab_low);
  v[1] = hn::ConcatUpperUpper(Quad(), cd_low, ab_low);
  v[2] = hn::ConcatLowerLower(Quad(), cd_high, ab_high);
  v[3] = hn::ConcatUpperUpper(Quad(), cd_high, ab_high);
}

// Four outputs side by side, so that their sums do not wait for each other. The last ones are made
// together with some before them.
template <class Make>
HWY_INLINE void by_fours(int count, const Make& make) {
  for (int i = 0; i < count; i += 4) make(HWY_MAX(HWY_MIN(i, count - 4), 0));
}

// A row with fewer than four outputs has room for four: see level_row.
HWY_INLINE int at_most(int output, int last) {
  return HWY_MIN(output, last);
}

void BlendPixels(const float* row, const FilterTaps& taps, float* const out[3]) {
  const int last = taps.columns().count - 1;
  const int count = taps.taps();
  by_fours(last + 1, [&](int i) {
    QuadVec sum[4];
    const float* pixel[4];
    const float* weights[4];
    HWY_UNROLL(4)
    for (int j = 0; j < 4; ++j) {
      const int output = at_most(i + j, last);
      sum[j] = hn::Zero(Quad());
      pixel[j] = row + 3 * taps.first(output);
      weights[j] = taps.weights(output);
    }
    for (int k = 0; k < count; ++k) {
      HWY_UNROLL(4)
      for (int j = 0; j < 4; ++j) {
        sum[j] =
            hn::MulAdd(hn::LoadU(Quad(), pixel[j] + 3 * k), hn::Set(Quad(), weights[j][k]), sum[j]);
      }
    }
    turn(sum);
    HWY_UNROLL(3)
    for (int c = 0; c < 3; ++c) hn::StoreU(sum[c], Quad(), out[c] + i);
  });
}

void BlendPlane(const float* row, const FilterTaps& taps, float* out) {
  const int last = taps.columns().count - 1;
  const int count = taps.taps();
  by_fours(last + 1, [&](int i) {
    QuadVec sum[4];
    const float* samples[4];
    const float* weights[4];
    HWY_UNROLL(4)
    for (int j = 0; j < 4; ++j) {
      const int output = at_most(i + j, last);
      sum[j] = hn::Zero(Quad());
      samples[j] = row + taps.first(output);
      weights[j] = taps.weights(output);
    }
    for (int k = 0; k < count; k += FilterTaps::kQuad) {
      HWY_UNROLL(4)
      for (int j = 0; j < 4; ++j) {
        sum[j] = hn::MulAdd(hn::LoadU(Quad(), samples[j] + k), hn::LoadU(Quad(), weights[j] + k),
                            sum[j]);
      }
    }
    turn(sum);
    hn::StoreU(hn::Add(hn::Add(sum[0], sum[1]), hn::Add(sum[2], sum[3])), Quad(), out + i);
  });
}

#endif  // HWY_TARGET == HWY_SCALAR

// Levels as they lie in rows.
template <int kChannels, bool kLimits>
class LevelWalk {
 public:
  explicit LevelWalk(const float* const* rows) : rows_(rows) {}
  HWY_INLINE void next(int output, FloatVec* levels) const {
    HWY_UNROLL(3)
    for (int c = 0; c < kChannels; ++c) {
      levels[c] = hn::LoadU(Floats(), rows_[c] + output);
      if (kLimits) levels[c] = limit(levels[c]);
    }
  }

 private:
  const float* const* const rows_;
};

void LevelRow(const RowJob& job, const float* const levels[3]) {
  switch (job.source) {
    case RowSource::kPacked:
      return job.brightness ? packed_row<true>(job, LevelWalk<3, true>(levels))
                            : packed_row<false>(job, LevelWalk<3, true>(levels));
    case RowSource::kPlane:
      return job.video ? plane_row(job, LevelWalk<1, false>(levels))
                       : plane_row(job, LevelWalk<1, true>(levels));
    case RowSource::kNv12:
    case RowSource::kI420:
      return video_row(job, LevelWalk<1, false>(levels), LevelWalk<2, false>(levels + 1));
  }
}

}  // namespace
// NOLINTNEXTLINE(google-readability-namespace-comments)
}  // namespace HWY_NAMESPACE
}  // namespace weir::ops
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace weir::ops {
namespace {

HWY_EXPORT(BlendRows);
HWY_EXPORT(SplitPairs);
HWY_EXPORT(BlendPixels);
HWY_EXPORT(BlendPlane);
HWY_EXPORT(LevelRow);

}  // namespace

void blend_rows(const uint8_t* const* rows, const float* weights, int count, std::size_t bytes,
                float* out) {
  HWY_DYNAMIC_DISPATCH(BlendRows)(rows, weights, count, bytes, out);
}

void split_pairs(const float* pairs, std::size_t count, float* first, float* second) {
  HWY_DYNAMIC_DISPATCH(SplitPairs)(pairs, count, first, second);
}

void blend_pixels(const float* row, const FilterTaps& taps, float* const out[3]) {
  HWY_DYNAMIC_DISPATCH(BlendPixels)(row, taps, out);
}

void blend_plane(const float* row, const FilterTaps& taps, float* out) {
  HWY_DYNAMIC_DISPATCH(BlendPlane)(row, taps, out);
}

void level_row(const RowJob& job, const float* const levels[3]) {
  HWY_DYNAMIC_DISPATCH(LevelRow)(job, levels);
}

}  // namespace weir::ops
#endif  // HWY_ONCE
