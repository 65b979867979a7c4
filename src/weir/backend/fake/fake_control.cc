#include "weir/backend/fake/fake_control.h"

#include <array>
#include <chrono>
#include <string>
#include <utility>

namespace weir {

Result<FakeFailure> parse_fake_failure(std::string_view text) {
  constexpr std::array<std::string_view, 5> kNames = {"none", "error", "throw", "nan", "hang"};
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (kNames[i] == text) return static_cast<FakeFailure>(i);
  }
  return Error(ErrorCode::kInvalidArgument, "no such failure: '" + std::string(text) + "'", "",
               "write none, error, throw, nan or hang");
}

void FakeJobs::push(FakeJob& job) {
  job.next_ = nullptr;
  (last_ == nullptr ? first_ : last_->next_) = &job;
  last_ = &job;
  ++size_;
}

FakeJob* FakeJobs::pop() {
  FakeJob* job = first_;
  if (job == nullptr) return nullptr;
  first_ = job->next_;
  if (first_ == nullptr) last_ = nullptr;
  --size_;
  return job;
}

void FakeControl::fail_next(FakeFailure failure, int runs) {
  MutexLock lock(mutex_);
  failure_ = failure;
  failures_left_ = runs;
}

void FakeControl::stop_hangs() {
  MutexLock lock(mutex_);
  ++hang_epoch_;
  changed_.notify_all();
}

// Under the lock, or a run that has looked at the clock and does not wait yet would miss it.
void FakeControl::tick() {
  MutexLock lock(mutex_);
  changed_.notify_all();
}

void FakeControl::hold_starts(bool hold) {
  MutexLock lock(mutex_);
  starts_held_ = hold;
}

std::size_t FakeControl::held_starts() const {
  MutexLock lock(mutex_);
  return starts_.size();
}

bool FakeControl::complete_start() {
  FakeJob* job = nullptr;
  {
    MutexLock lock(mutex_);
    job = starts_.pop();
  }
  if (job != nullptr) job->execute();
  return job != nullptr;
}

void FakeControl::hold_copies(bool hold) {
  MutexLock lock(mutex_);
  copies_held_ = hold;
}

std::size_t FakeControl::held_copies() const {
  MutexLock lock(mutex_);
  return copies_.size();
}

bool FakeControl::complete_copy() {
  FakeJob* job = nullptr;
  {
    MutexLock lock(mutex_);
    job = copies_.pop();
  }
  if (job != nullptr) job->execute();
  return job != nullptr;
}

void FakeControl::fail_next_copy() {
  MutexLock lock(mutex_);
  copy_fails_ = true;
}

bool FakeControl::next_copy_fails() {
  MutexLock lock(mutex_);
  return std::exchange(copy_fails_, false);
}

int64_t FakeControl::pinned_blocks() const {
  MutexLock lock(mutex_);
  return pinned_;
}

void FakeControl::limit_pinned_blocks(int64_t blocks) {
  MutexLock lock(mutex_);
  pinned_limit_ = blocks;
}

bool FakeControl::pin() {
  MutexLock lock(mutex_);
  if (pinned_ >= pinned_limit_) return false;
  ++pinned_;
  return true;
}

void FakeControl::unpin() {
  MutexLock lock(mutex_);
  --pinned_;
}

bool FakeControl::keep_start(FakeJob& job) {
  MutexLock lock(mutex_);
  if (starts_held_) starts_.push(job);
  return starts_held_;
}

bool FakeControl::keep_copy(FakeJob& job) {
  MutexLock lock(mutex_);
  if (copies_held_) copies_.push(job);
  return copies_held_;
}

FakeFailure FakeControl::begin_run() {
  ++runs_;
  const int now = ++running_;
  int peak = peak_.load();
  while (now > peak && !peak_.compare_exchange_weak(peak, now)) {
  }
  MutexLock lock(mutex_);
  if (failures_left_ == 0) return FakeFailure::kNone;
  --failures_left_;
  return failure_;
}

bool FakeControl::pass_time(int64_t nanoseconds, const std::atomic<bool>& cancelled) {
  if (nanoseconds <= 0) return !cancelled;
  const int64_t until = clock_.now_ns() + nanoseconds;
  const bool real = dynamic_cast<const SteadyClock*>(&clock_) != nullptr;
  MutexLock lock(mutex_);
  for (int64_t left = nanoseconds; left > 0 && !cancelled; left = until - clock_.now_ns()) {
    if (real) {
      changed_.wait_until(mutex_,
                          std::chrono::steady_clock::now() + std::chrono::nanoseconds(left));
    } else {
      changed_.wait(mutex_);
    }
  }
  return !cancelled;
}

void FakeControl::hang(const std::atomic<bool>& cancelled) {
  MutexLock lock(mutex_);
  const int64_t epoch = hang_epoch_;
  while (hang_epoch_ == epoch && !cancelled) changed_.wait(mutex_);
}

}  // namespace weir
