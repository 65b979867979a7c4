#include "weir/step/keep.h"

#include <algorithm>

#include "weir/base/nearest_name.h"

namespace weir {
namespace {

float score_of(const Finding& finding) {
  return finding.best ? finding.best->score : 0;
}

}  // namespace

bool is_inside(const std::vector<std::array<double, 2>>& polygon, double x, double y) {
  bool inside = false;
  for (std::size_t i = 0, j = polygon.size() - 1; i < polygon.size(); j = i++) {
    const auto& [ax, ay] = polygon[i];
    const auto& [bx, by] = polygon[j];
    if ((ay > y) != (by > y) && x < (bx - ax) * (y - ay) / (by - ay) + ax) inside = !inside;
  }
  return inside;
}

Result<KeepFilter> KeepFilter::make(const KeepSpec& spec, const Labels& labels,
                                    const std::string& where) {
  KeepFilter filter;
  filter.spec_ = spec;
  filter.lets_all_through_ = spec.labels.empty() && !spec.min_score && spec.min_side <= 0 &&
                             spec.max_count == 0 && spec.zone.empty();
  for (const auto& [step, set] : labels) filter.allowed_.push_back({step, {}});
  for (const std::string& label : spec.labels) {
    bool known = false;
    std::vector<std::string> names;
    for (std::size_t i = 0; i < labels.size(); ++i) {
      const LabelSet* set = labels[i].second.get();
      if (set == nullptr) continue;
      for (const auto& [id, name] : set->entries()) {
        names.push_back(name);
        if (name != label) continue;
        filter.allowed_[i].label_ids.push_back(id);
        known = true;
      }
    }
    if (known) continue;
    if (names.empty()) {
      return Error(ErrorCode::kInvalidArgument,
                   "there are no labels to choose '" + label + "' from", where,
                   "give the model that finds them its 'labels'");
    }
    return Error(ErrorCode::kInvalidArgument, "no label is called '" + label + "'", where,
                 hint_for_name(label, names));
  }
  return filter;
}

bool KeepFilter::has_label(FindingRef ref, const Finding& finding) const {
  if (!finding.best) return false;
  for (const Allowed& allowed : allowed_) {
    if (allowed.step != ref.step) continue;
    return std::find(allowed.label_ids.begin(), allowed.label_ids.end(), finding.best->label_id) !=
           allowed.label_ids.end();
  }
  return false;
}

bool KeepFilter::stands_inside(const Finding& finding, const Image* picture) const {
  if (!finding.box || picture == nullptr) return false;
  const double x = (static_cast<double>(finding.box->x1) + static_cast<double>(finding.box->x2)) /
                   (2.0 * picture->width());
  const double y = static_cast<double>(finding.box->y2) / picture->height();
  return is_inside(spec_.zone, x, y);
}

void KeepFilter::keep_surest(const TaskWork& work, std::vector<FindingRef>& findings) const {
  const auto count = static_cast<std::size_t>(spec_.max_count);
  if (spec_.max_count == 0 || findings.size() <= count) return;
  std::vector<std::size_t> order(findings.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return score_of(*work.finding(findings[a])) > score_of(*work.finding(findings[b]));
  });
  order.resize(count);
  std::sort(order.begin(), order.end());
  std::vector<FindingRef> kept;
  for (const std::size_t i : order) kept.push_back(findings[i]);
  findings = std::move(kept);
}

void KeepFilter::apply(const TaskWork& work, std::vector<FindingRef>& findings) const {
  if (lets_all_through_) return;
  std::erase_if(findings, [&](FindingRef ref) {
    const Finding& finding = *work.finding(ref);
    if (!spec_.labels.empty() && !has_label(ref, finding)) return true;
    // Not `<`, so that a score or a side that is NaN does not get through.
    if (spec_.min_score && !(score_of(finding) >= static_cast<float>(*spec_.min_score)))
      return true;
    if (spec_.min_side > 0) {
      if (!finding.box) return true;
      const float side = std::min(finding.box->width(), finding.box->height());
      if (!(static_cast<double>(side) >= spec_.min_side)) return true;
    }
    return !spec_.zone.empty() && !stands_inside(finding, work.task.image());
  });
  keep_surest(work, findings);
}

}  // namespace weir
