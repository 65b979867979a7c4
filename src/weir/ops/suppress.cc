#include "weir/ops/suppress.h"

#include <algorithm>
#include <limits>

#include "weir/ops/falling_order.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "weir/ops/suppress.cc"
#include <hwy/foreach_target.h>
// The two above come first.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace weir {
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;
using Tag = hn::CappedTag<float, KeptBlock::kSize>;
using Floats = hn::Vec<Tag>;

struct Candidate {
  Floats x1, y1, x2, y2, area;
};

// Whether one of the boxes from `at` on overlaps the candidate by more than `limit`, which is not
// below 0. As iou() of box.h to the last bit, but divides only where the answer may be yes: if
// both / either, rounded, is above the limit, then both is no less than limit * either, rounded.
// A NaN, from the difference of two infinite areas, compares false in both.
HWY_INLINE HWY_ATTR bool any_overlaps(const KeptBlock& block, std::size_t at,
                                      const Candidate& candidate, Floats limit) {
  const Tag d;
  const auto zero = hn::Zero(d);
  const auto width = hn::Max(hn::Sub(hn::Min(hn::Load(d, &block.x2[at]), candidate.x2),
                                     hn::Max(hn::Load(d, &block.x1[at]), candidate.x1)),
                             zero);
  const auto height = hn::Sub(hn::Min(hn::Load(d, &block.y2[at]), candidate.y2),
                              hn::Max(hn::Load(d, &block.y1[at]), candidate.y1));
  const auto both = hn::Mul(width, height);
  const auto either = hn::Sub(hn::Add(hn::Load(d, &block.area[at]), candidate.area), both);
  if (HWY_LIKELY(hn::AllFalse(d, hn::Ge(both, hn::Mul(limit, either))))) return false;
  const auto proper =
      hn::And(hn::And(hn::Gt(width, zero), hn::Gt(height, zero)), hn::Gt(either, zero));
  return !hn::AllFalse(d, hn::And(proper, hn::Gt(hn::Div(both, either), limit)));
}

HWY_INLINE void clear(KeptBlock& block) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  block.x1.fill(kInfinity);
  block.y1.fill(kInfinity);
  block.x2.fill(-kInfinity);
  block.y2.fill(-kInfinity);
  block.area.fill(kInfinity);
}

class Suppression {
 public:
  explicit Suppression(const SuppressTask& task) : task_(task) {}

  HWY_ATTR std::size_t run() {
    std::size_t count = 0;
    for (const uint64_t key : task_.keys) {
      const uint32_t index = FallingOrder::index_of(key);
      const Box& box = task_.boxes[index];
      KeptList& list = task_.lists[group_of(index)];
      if (is_gone(box, list)) continue;
      keep(box, list);
      task_.kept[count++] = index;
      if (count == task_.max_count) break;
    }
    return count;
  }

 private:
  HWY_INLINE uint32_t group_of(uint32_t index) const {
    if (task_.group == nullptr) return 0;
    return static_cast<uint32_t>(task_.group[index]) - static_cast<uint32_t>(task_.first_group);
  }

  HWY_INLINE HWY_ATTR bool is_gone(const Box& box, const KeptList& list) const {
    const Tag d;
    const auto lanes = static_cast<uint32_t>(hn::Lanes(d));
    const Candidate candidate{hn::Set(d, box.x1), hn::Set(d, box.y1), hn::Set(d, box.x2),
                              hn::Set(d, box.y2), hn::Set(d, box.area())};
    const auto limit = hn::Set(d, task_.iou);
    if (task_.iou < 0) return list.count > 0;  // then even boxes apart overlap too much
    uint32_t block = list.first;
    for (uint32_t left = list.count; left > 0; block = task_.next[block]) {
      const uint32_t here = std::min(left, KeptBlock::kSize);
      for (uint32_t at = 0; at < here; at += lanes) {
        if (any_overlaps(task_.blocks[block], at, candidate, limit)) return true;
      }
      left -= here;
    }
    return false;
  }

  HWY_INLINE void keep(const Box& box, KeptList& list) {
    const uint32_t at = list.count % KeptBlock::kSize;
    if (at == 0) {
      clear(task_.blocks[block_count_]);
      (list.count == 0 ? list.first : task_.next[list.last]) = block_count_;
      list.last = block_count_++;
    }
    KeptBlock& block = task_.blocks[list.last];
    block.x1[at] = box.x1;
    block.y1[at] = box.y1;
    block.x2[at] = box.x2;
    block.y2[at] = box.y2;
    block.area[at] = box.area();
    ++list.count;
  }

  const SuppressTask& task_;
  uint32_t block_count_ = 0;
};

// The difference to itself of what is not finite is NaN.
HWY_ATTR bool all_are_finite(std::span<const float> values) {
  const hn::ScalableTag<float> d;
  const std::size_t lanes = hn::Lanes(d);
  auto sum = hn::Zero(d);
  std::size_t i = 0;
  for (; i + lanes <= values.size(); i += lanes) {
    const auto some = hn::LoadU(d, &values[i]);
    sum = hn::Add(sum, hn::Sub(some, some));
  }
  float rest = 0;
  for (; i < values.size(); ++i) rest += values[i] - values[i];
  return rest == 0 && hn::AllTrue(d, hn::Eq(sum, hn::Zero(d)));
}

HWY_ATTR std::size_t suppress_all(const SuppressTask& task) {
  return Suppression(task).run();
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace weir
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace weir {

HWY_EXPORT(all_are_finite);
HWY_EXPORT(suppress_all);

bool all_finite(std::span<const float> values) {
  return HWY_DYNAMIC_DISPATCH(all_are_finite)(values);
}

std::size_t suppress(const SuppressTask& task) {
  return HWY_DYNAMIC_DISPATCH(suppress_all)(task);
}

}  // namespace weir
#endif
