#include "weir/data/finding.h"

namespace weir {

const StepEntry* StepTable::entry(int32_t step) const {
  const auto index = static_cast<std::size_t>(step);
  return step >= 0 && index < steps_.size() ? &steps_[index] : nullptr;
}

std::string_view StepTable::name(int32_t step) const {
  const StepEntry* const found = entry(step);
  return found != nullptr ? std::string_view(found->name) : std::string_view();
}

std::string_view StepTable::label(int32_t step, int32_t label_id) const {
  const StepEntry* const found = entry(step);
  return found != nullptr && found->labels ? found->labels->name(label_id) : std::string_view();
}

const LabelSet* StepTable::labels(int32_t step) const {
  const StepEntry* const found = entry(step);
  return found != nullptr ? found->labels.get() : nullptr;
}

int32_t StepTable::find(std::string_view name) const {
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    if (steps_[i].name == name) return static_cast<int32_t>(i);
  }
  return Finding::kNone;
}

}  // namespace weir
