#include "weir/ops/row_store.h"

#include <algorithm>
#include <cstring>

// As the rows that come here.
#define HWY_WANT_AVX3_DL
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "weir/ops/row_store.cc"
#include <hwy/foreach_target.h>
// The two above come first.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace weir::ops {
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

// Of floats that one instruction rounds and packs.
using Floats = hn::CappedTag<float, 16>;
constexpr int kLanes = static_cast<int>(hn::MaxLanes(Floats()));

void FillRow(float value, std::size_t count, float* out) {
  const auto values = hn::Set(Floats(), value);
  std::size_t i = 0;
  for (; i + 4 * kLanes <= count; i += 4 * kLanes) {
    HWY_UNROLL(4)
    for (int k = 0; k < 4; ++k) hn::StoreU(values, Floats(), out + i + k * kLanes);
  }
  for (; i + kLanes <= count; i += kLanes) hn::StoreU(values, Floats(), out + i);
  for (; i < count; ++i) out[i] = value;
}

template <class T>
HWY_INLINE void store_groups(const float* row, std::size_t count, T* out) {
  const hn::Rebind<T, Floats> d;
  std::size_t i = 0;
  for (; i + kLanes <= count; i += kLanes) {
    hn::StoreU(hn::DemoteTo(d, hn::NearestInt(hn::LoadU(Floats(), row + i))), d, out + i);
  }
  if (i == count) return;
  HWY_ALIGN float rest[kLanes] = {};
  HWY_ALIGN T made[kLanes];
  std::memcpy(rest, row + i, (count - i) * sizeof(float));
  hn::StoreU(hn::DemoteTo(d, hn::NearestInt(hn::Load(Floats(), rest))), d, made);
  std::memcpy(out + i, made, (count - i) * sizeof(T));
}

void StoreRow(const float* row, std::size_t count, ElementType type, void* out) {
  switch (type) {
    case ElementType::kFloat32:
      std::memcpy(out, row, count * sizeof(float));
      return;
    case ElementType::kUInt8:
      return store_groups(row, count, static_cast<uint8_t*>(out));
    case ElementType::kInt8:
      return store_groups(row, count, static_cast<int8_t*>(out));
  }
}

template <class T>
HWY_INLINE void interleave(const T* a, const T* b, const T* c, std::size_t count, T* out) {
  std::size_t i = 0;
#if HWY_TARGET != HWY_SCALAR
  const hn::CappedTag<T, 32 / sizeof(T)> d;
  const std::size_t lanes = hn::Lanes(d);
  for (; i + lanes <= count; i += lanes) {
    hn::StoreInterleaved3(hn::LoadU(d, a + i), hn::LoadU(d, b + i), hn::LoadU(d, c + i), d,
                          out + 3 * i);
  }
#endif
  for (; i < count; ++i) {
    out[3 * i] = a[i];
    out[3 * i + 1] = b[i];
    out[3 * i + 2] = c[i];
  }
}

// By pieces that stay in the first cache.
template <class T>
HWY_INLINE void store_pieces(const float* const rows[3], std::size_t count, T* out) {
  constexpr std::size_t kPiece = 256;
  HWY_ALIGN T made[3][kPiece];
  for (std::size_t from = 0; from < count; from += kPiece) {
    const std::size_t piece = std::min(kPiece, count - from);
    for (int c = 0; c < 3; ++c) store_groups(rows[c] + from, piece, made[c]);
    interleave(made[0], made[1], made[2], piece, out + 3 * from);
  }
}

void StoreInterleaved(const float* const rows[3], std::size_t count, ElementType type, void* out) {
  switch (type) {
    case ElementType::kFloat32:
      return interleave(rows[0], rows[1], rows[2], count, static_cast<float*>(out));
    case ElementType::kUInt8:
      return store_pieces(rows, count, static_cast<uint8_t*>(out));
    case ElementType::kInt8:
      return store_pieces(rows, count, static_cast<int8_t*>(out));
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

HWY_EXPORT(FillRow);
HWY_EXPORT(StoreRow);
HWY_EXPORT(StoreInterleaved);

}  // namespace

void fill_row(float value, std::size_t count, float* out) {
  HWY_DYNAMIC_DISPATCH(FillRow)(value, count, out);
}

void store_row(const float* row, std::size_t count, ElementType type, void* out) {
  HWY_DYNAMIC_DISPATCH(StoreRow)(row, count, type, out);
}

void store_interleaved(const float* const rows[3], std::size_t count, ElementType type, void* out) {
  HWY_DYNAMIC_DISPATCH(StoreInterleaved)(rows, count, type, out);
}

}  // namespace weir::ops
#endif  // HWY_ONCE
