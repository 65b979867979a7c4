#include "weir/source/source_control.h"

#include <utility>

namespace weir {

// Ends when it is told to, at the next input.
class SourceControl::Watched final : public Source {
 public:
  Watched(std::unique_ptr<Source> source, Flag state)
      : source_(std::move(source)), state_(std::move(state)) {}

  std::optional<SourceInput> next() override {
    if (source_ == nullptr || state_->load() != State::kRunning) return end();
    std::optional<SourceInput> input = source_->next();
    // It may have been removed while it read.
    if (!input || state_->load() != State::kRunning) return end();
    return input;
  }

  int64_t expected() const override { return source_ == nullptr ? 0 : source_->expected(); }

 private:
  // The file is closed now, not when the run has ended.
  std::nullopt_t end() {
    source_.reset();
    state_->store(State::kEnded);
    return std::nullopt;
  }

  std::unique_ptr<Source> source_;
  const Flag state_;
};

std::unique_ptr<Source> SourceControl::watch_locked(const std::string& name,
                                                    std::unique_ptr<Source> source) {
  // Sources may come and go for weeks, each under a name of its own.
  std::erase_if(sources_, [](const auto& of) { return of.second->load() == State::kEnded; });
  auto state = std::make_shared<std::atomic<State>>(State::kRunning);
  sources_[name] = state;
  return std::make_unique<Watched>(std::move(source), std::move(state));
}

std::unique_ptr<Source> SourceControl::watch(const std::string& name,
                                             std::unique_ptr<Source> source) {
  const MutexLock lock(mutex_);
  return watch_locked(name, std::move(source));
}

bool SourceControl::runs(const std::string& name) const {
  const auto found = sources_.find(name);
  return found != sources_.end() && found->second->load() == State::kRunning;
}

// The lock is held while the run takes it over, so that the run cannot end in between.
Status SourceControl::add(const std::string& name, const SourceSpec& spec) {
  const Error idle(ErrorCode::kUnavailable, "nothing runs that a source could be added to", name,
                   "add it while run_pipeline() runs, with `control` in its options");
  std::optional<ThreadBudget> budget;
  {
    const MutexLock lock(mutex_);
    budget = budget_;
  }
  if (!budget) return idle;
  auto source = open_source(spec, {.name = name, .budget = &*budget});
  if (!source) return std::move(source).error().at(name);
  const MutexLock lock(mutex_);
  if (!start_) return idle;  // the run has ended meanwhile
  if (runs(name)) {
    return Error(ErrorCode::kInvalidArgument, "a source of this name is running", name,
                 "remove it first, or give this one another name");
  }
  ++added_;
  Status started = start_(name, spec, watch_locked(name, std::move(source).value()));
  if (!started) sources_.erase(name);
  return started;
}

Status SourceControl::remove(const std::string& name) {
  const MutexLock lock(mutex_);
  const auto found = sources_.find(name);
  State running = State::kRunning;
  if (found == sources_.end() || !found->second->compare_exchange_strong(running, State::kToEnd)) {
    return Error(ErrorCode::kNotFound, "no source of this name is running", name);
  }
  return {};
}

std::vector<std::string> SourceControl::names() const {
  const MutexLock lock(mutex_);
  std::vector<std::string> names;
  for (const auto& [name, state] : sources_) {
    if (state->load() == State::kRunning) names.push_back(name);
  }
  return names;
}

void SourceControl::attach(Start start, const ThreadBudget& budget) {
  const MutexLock lock(mutex_);
  start_ = std::move(start);
  budget_ = budget;
}

uint64_t SourceControl::added() const {
  const MutexLock lock(mutex_);
  return added_;
}

bool SourceControl::detach(uint64_t seen) {
  const MutexLock lock(mutex_);
  if (added_ != seen) return false;
  detach_locked();
  return true;
}

void SourceControl::detach() {
  const MutexLock lock(mutex_);
  detach_locked();
}

void SourceControl::detach_locked() {
  start_ = nullptr;
  budget_.reset();
  sources_.clear();
}

}  // namespace weir
