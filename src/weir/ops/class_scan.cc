#include "weir/ops/class_scan.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <limits>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "weir/ops/class_scan.cc"
#include <hwy/foreach_target.h>
// The two above come first.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace weir {
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

// Proposals that are looked at together: what is known of them stays in the first cache, and so few
// rows are read at a time that the machine reads ahead in each.
constexpr std::size_t kBlock = 512;
constexpr std::size_t kGroup = 8;
constexpr float kLowest = -std::numeric_limits<float>::infinity();

using Tag = hn::CappedTag<float, 64>;  // of which kBlock is a multiple
using IntTag = hn::RebindToSigned<Tag>;

// The greater one; `b` where `a` is NaN.
HWY_INLINE HWY_ATTR hn::Vec<Tag> greater(hn::Vec<Tag> a, hn::Vec<Tag> b) {
#if HWY_ARCH_X86 && HWY_TARGET <= HWY_SSSE3
  return hn::Max(a, b);  // the instruction does just that
#else
  return hn::IfThenElse(hn::Gt(a, b), a, b);
#endif
}

// Proposal by proposal, as it would be written down.
void scan_plainly(const ClassScores& scores, std::size_t from, std::size_t to, float threshold,
                  std::vector<ClassHit>& hits) {
  for (std::size_t i = from; i < to; ++i) {
    const float* const values = scores.data + i * scores.step;
    ClassHit hit{static_cast<uint32_t>(i), -1, kLowest};
    for (std::size_t c = 0; c < scores.classes; ++c) {
      const float value = values[c * scores.class_step];
      if (value > hit.score) hit = {hit.index, static_cast<int32_t>(c), value};
    }
    if (hit.label >= 0 && hit.score >= threshold) hits.push_back(hit);
  }
}

// Scores that lie class by class. Of each proposal of a block, the highest score so far and in
// which group of classes it was first reached; which class of the group it is only matters for the
// hits.
class ClassByClass {
 public:
  ClassByClass(const ClassScores& scores, float threshold, std::vector<ClassHit>& hits)
      : scores_(scores), threshold_(threshold), hits_(hits) {}

  HWY_ATTR void run() {
    const std::size_t lanes = hn::Lanes(Tag());
    const std::size_t whole = scores_.count / lanes * lanes;
    for (std::size_t begin = 0; begin < whole; begin += kBlock) {
      const std::size_t size = std::min(kBlock, whole - begin);
      std::fill_n(best_, size, kLowest);
      std::fill_n(group_, size, 0);
      std::size_t c = 0;
      for (; c + kGroup <= scores_.classes; c += kGroup) add_group<kGroup>(begin, size, c, kGroup);
      if (c < scores_.classes) add_group<0>(begin, size, c, scores_.classes - c);
      collect(begin, size);
    }
    scan_plainly(scores_, whole, scores_.count, threshold_, hits_);
  }

 private:
  // kRows is `rows` where that is known while compiling, else 0.
  template <std::size_t kRows>
  HWY_ATTR void add_group(std::size_t begin, std::size_t size, std::size_t first_class,
                          std::size_t rows) {
    const Tag d;
    const IntTag di;
    const float* const data = scores_.data + first_class * scores_.class_step + begin;
    const std::size_t step = scores_.class_step;
    const auto group = hn::Set(di, static_cast<int32_t>(first_class));
    for (std::size_t i = 0; i < size; i += hn::Lanes(d)) {
      const auto before = hn::Load(d, best_ + i);
      auto best = before;
      for (std::size_t r = 0; r < (kRows > 0 ? kRows : rows); ++r)
        best = greater(hn::LoadU(d, data + r * step + i), best);
      const auto is_new = hn::RebindMask(di, hn::Gt(best, before));
      hn::Store(best, d, best_ + i);
      hn::Store(hn::IfThenElse(is_new, group, hn::Load(di, group_ + i)), di, group_ + i);
    }
  }

  // Hits are strewn, so that a branch for each would mostly be foretold wrongly.
  HWY_ATTR void collect(std::size_t begin, std::size_t size) {
    const Tag d;
    const IntTag di;
    const auto threshold = hn::Set(d, threshold_);
    const auto lowest = hn::Set(d, kLowest);
    std::size_t count = 0;
    for (std::size_t i = 0; i < size; i += hn::Lanes(d)) {
      const auto best = hn::Load(d, best_ + i);
      const auto is_hit = hn::And(hn::Ge(best, threshold), hn::Gt(best, lowest));
      const auto places = hn::Iota(di, static_cast<int32_t>(i));
      hn::StoreU(hn::Compress(places, hn::RebindMask(di, is_hit)), di, hits_at_ + count);
      count += hn::CountTrue(d, is_hit);
    }
    for (std::size_t n = 0; n < count; ++n) {
      const auto at = static_cast<std::size_t>(hits_at_[n]);
      hits_.push_back({static_cast<uint32_t>(begin + at), label_of(begin, at), best_[at]});
    }
  }

  int32_t label_of(std::size_t begin, std::size_t at) const {
    const auto first = static_cast<std::size_t>(group_[at]);
    const std::size_t rows = std::min(kGroup, scores_.classes - first);
    const float* const data = scores_.data + first * scores_.class_step + begin + at;
    uint32_t equal = 0;
    for (std::size_t r = 0; r < rows; ++r)
      equal |= uint32_t{data[r * scores_.class_step] == best_[at]} << r;
    return static_cast<int32_t>(first) + std::countr_zero(equal);
  }

  const ClassScores& scores_;
  float threshold_;
  std::vector<ClassHit>& hits_;
  HWY_ALIGN float best_[kBlock];
  HWY_ALIGN int32_t group_[kBlock];
  int32_t hits_at_[kBlock + 64];  // a whole vector is stored behind the last
};

// Scores that lie proposal by proposal: only one with a score that reaches the threshold is looked
// at closely.
HWY_ATTR void scan_rows(const ClassScores& scores, float threshold, std::vector<ClassHit>& hits) {
  const Tag d;
  const std::size_t lanes = hn::Lanes(d);
  const auto limit = hn::Set(d, threshold);
  for (std::size_t i = 0; i < scores.count; ++i) {
    const float* const row = scores.data + i * scores.step;
    std::size_t c = 0;
    auto best = hn::Set(d, kLowest);
    for (; c + lanes <= scores.classes; c += lanes) best = greater(hn::LoadU(d, row + c), best);
    bool reached = !hn::AllFalse(d, hn::Ge(best, limit));
    for (; c < scores.classes && !reached; ++c) reached = row[c] >= threshold;
    if (reached) scan_plainly(scores, i, i + 1, threshold, hits);
  }
}

HWY_ATTR void scan(const ClassScores& scores, float threshold, std::vector<ClassHit>& hits) {
  if (scores.step == 1) {
    ClassByClass(scores, threshold, hits).run();
  } else {
    scan_rows(scores, threshold, hits);
  }
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace weir
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace weir {

HWY_EXPORT(scan);

void scan_classes(const ClassScores& scores, float threshold, std::vector<ClassHit>& hits) {
  assert(scores.step == 1 || scores.class_step == 1);
  assert(scores.count <= std::numeric_limits<uint32_t>::max());
  hits.clear();
  HWY_DYNAMIC_DISPATCH(scan)(scores, threshold, hits);
}

}  // namespace weir
#endif
