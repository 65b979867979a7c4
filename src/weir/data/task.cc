#include "weir/data/task.h"

#include <algorithm>
#include <utility>

namespace weir {

int32_t Task::add(Finding finding) {
  // Ids only grow, so the last one is the highest unless somebody set ids by hand.
  int32_t last = Finding::kNone;
  if (!findings.empty())
    last = std::max(findings.back().id, static_cast<int32_t>(findings.size()) - 1);
  finding.id = last + 1;
  findings.push_back(std::move(finding));
  return last + 1;
}

std::string_view Task::step_name(const Finding& finding) const {
  return steps ? steps->name(finding.step) : std::string_view();
}

std::string_view Task::label_name(const Finding& finding, const ClassScore& score) const {
  return steps ? steps->label(finding.step, score.label_id) : std::string_view();
}

void Task::fail(Error why) {
  outcome = Outcome::kFailed;
  error = std::move(why);
}

}  // namespace weir
