#include "weir/assemble/chain.h"

#include <algorithm>
#include <utility>

#include "weir/base/nearest_name.h"

namespace weir {
namespace {

Result<int32_t> earlier_step(const std::vector<ChainStep>& steps, std::size_t step) {
  const std::string& wanted = steps[step].on;
  if (wanted.empty()) return Finding::kNone;
  std::vector<std::string> earlier;
  for (std::size_t i = 0; i < step; ++i) {
    if (steps[i].name == wanted) return static_cast<int32_t>(i);
    earlier.push_back(steps[i].name);
  }
  return Error(ErrorCode::kInvalidArgument, "no earlier step '" + wanted + "'", steps[step].name,
               hint_for_name(wanted, earlier));
}

}  // namespace

Result<std::unique_ptr<Chain>> Chain::make(std::vector<ChainStep> steps) {
  std::unique_ptr<Chain> chain(new Chain);
  std::vector<StepEntry> table;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    WEIR_ASSIGN(const int32_t on, earlier_step(steps, i));
    chain->on_.push_back(on);
    WEIR_ASSIGN(auto lane, steps[i].model->make_lane());
    chain->lanes_.push_back(std::move(lane));
    table.push_back({steps[i].name, steps[i].model->labels()});
  }
  chain->steps_ = std::move(steps);
  chain->table_ = std::make_shared<const StepTable>(std::move(table));
  chain->times_.resize(chain->steps_.size());
  return chain;
}

void Chain::solve(std::span<Task> tasks) {
  for (Task& task : tasks) task.steps = table_;
  for (std::size_t step = 0; step < steps_.size(); ++step) {
    gather(tasks, step);
    results_.resize(items_.size());
    lanes_[step]->run(items_, results_);
    times_[step] = {items_.size(), lanes_[step]->times()};
    distribute(tasks, step);
  }
}

void Chain::gather(std::span<Task> tasks, std::size_t step) {
  items_.clear();
  owners_.clear();
  for (std::size_t t = 0; t < tasks.size(); ++t) {
    const Task& task = tasks[t];
    if (task.error) continue;
    ItemSource source;
    if (task.image() != nullptr) source.picture = &task.image()->view();
    if (task.tensor() != nullptr) source.tensor = &task.tensor()->view();
    if (on_[step] == Finding::kNone) {
      items_.push_back(source);
      owners_.push_back({t, Finding::kNone});
      continue;
    }
    for (const Finding& finding : task.findings) {
      if (finding.step != on_[step]) continue;
      source.on = &finding;
      items_.push_back(source);
      owners_.push_back({t, finding.id});
    }
  }
}

void Chain::distribute(std::span<Task> tasks, std::size_t step) {
  for (std::size_t i = 0; i < results_.size(); ++i) {
    Task& task = tasks[owners_[i].task];
    if (task.error) continue;
    if (!results_[i].status.has_value()) {
      Error why = std::move(results_[i].status).error();
      if (why.where.empty()) why.where = steps_[step].name;
      task.fail(std::move(why));
      continue;
    }
    for (Finding& finding : results_[i].findings) {
      finding.step = static_cast<int32_t>(step);
      finding.parent = owners_[i].parent;
      task.add(std::move(finding));
    }
  }
}

}  // namespace weir
