#include "weir/sink/categories.h"

namespace weir {

int Categories::add(std::string_view name, std::string_view step) {
  const auto known = by_name_.find(name);
  if (known != by_name_.end()) return known->second;
  const int place = static_cast<int>(all_.size());
  all_.push_back({std::string(name), std::string(step)});
  by_name_.emplace(name, place);
  return place;
}

void Categories::take(const Task& task) {
  if (task.steps == nullptr || task.steps == taken_) return;
  taken_ = task.steps;
  for (std::size_t i = 0; i < taken_->size(); ++i) {
    const auto step = static_cast<int32_t>(i);
    const LabelSet* labels = taken_->labels(step);
    if (labels == nullptr) continue;
    for (const auto& [id, name] : labels->entries()) {
      if (!name.empty()) add(name, taken_->name(step));
    }
  }
}

int Categories::of(const Task& task, const Finding& finding) {
  take(task);
  if (!finding.best) return kNone;
  const std::string_view label = task.label_name(finding, *finding.best);
  const std::string_view step = task.step_name(finding);
  if (!label.empty()) return add(label, step);
  if (finding.best->label_id < 0) return kNone;
  return add("class " + std::to_string(finding.best->label_id), step);
}

}  // namespace weir
