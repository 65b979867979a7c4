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
  auto state = std::make_shared<std::atomic<State>>(State::kRunning);
  sources_[name] = state;
  return std::make_unique<Watched>(std::move(source), std::move(state));
}

std::unique_ptr<Source> SourceControl::watch(const std::string& name,
                                             std::unique_ptr<Source> source) {
  const MutexLock lock(mutex_);
  return watch_locked(name, std::move(source));
}

// The lock is held while the run takes it over, so that the run cannot end in between.
Status SourceControl::add(const std::string& name, const SourceSpec& spec) {
  auto source = open_source(spec, {.name = name});
  if (!source) return std::move(source).error().at(name);
  const MutexLock lock(mutex_);
  if (!start_) {
    return Error(ErrorCode::kUnavailable, "nothing runs that a source could be added to", name,
                 "add it while run_pipeline() runs, with `control` in its options");
  }
  if (sources_.contains(name)) {
    return Error(ErrorCode::kInvalidArgument, "there is a source of this name, or was", name,
                 "give it another name: results tell streams by it");
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

void SourceControl::attach(Start start) {
  const MutexLock lock(mutex_);
  start_ = std::move(start);
}

uint64_t SourceControl::added() const {
  const MutexLock lock(mutex_);
  return added_;
}

bool SourceControl::detach(uint64_t seen) {
  const MutexLock lock(mutex_);
  if (added_ != seen) return false;
  start_ = nullptr;
  sources_.clear();
  return true;
}

void SourceControl::detach() {
  const MutexLock lock(mutex_);
  start_ = nullptr;
  sources_.clear();
}

}  // namespace weir
