// The filter `keep:` of a step, ready to be used.
//
//   WEIR_ASSIGN(auto keep, KeepFilter::make(spec, {{objects, labels}}, "steps.people.keep"));
//   keep.apply(work, candidates);
//
// Immutable; any thread.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "weir/base/result.h"
#include "weir/data/label_set.h"
#include "weir/step/spec.h"
#include "weir/step/work.h"

namespace weir {

class KeepFilter {
 public:
  // Steps whose findings it will see, with their labels (null: none).
  using Labels = std::vector<std::pair<int32_t, std::shared_ptr<const LabelSet>>>;

  // An Error for a label that none of them has.
  static Result<KeepFilter> make(const KeepSpec& spec, const Labels& labels,
                                 const std::string& where);
  // Takes away what does not count; the order stays.
  void apply(const TaskWork& work, std::vector<FindingRef>& findings) const;
  bool lets_all_through() const { return lets_all_through_; }

 private:
  struct Allowed {
    int32_t step;
    std::vector<int32_t> label_ids;
  };

  bool has_label(FindingRef ref, const Finding& finding) const;
  bool stands_inside(const Finding& finding, const Image* picture) const;
  void keep_surest(const TaskWork& work, std::vector<FindingRef>& findings) const;

  KeepSpec spec_;
  std::vector<Allowed> allowed_;
  bool lets_all_through_ = true;
};

// Whether a point is inside a polygon, by the even-odd rule.
bool is_inside(const std::vector<std::array<double, 2>>& polygon, double x, double y);

}  // namespace weir
