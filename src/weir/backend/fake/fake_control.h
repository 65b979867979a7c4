// The strings by which a test pulls the fake back end: what fails next, what is held back until
// told, and what happened. Thread-safe; shared by the test and the back end.
//
//   auto control = std::make_shared<FakeControl>(clock);
//   FakeBackend backend(control);
//   control->fail_next(FakeFailure::kNan);
//
// Delays are of the injected clock. With a FakeClock, tick() after every move of it, from another
// thread than the one that runs the model; a delay of 0 never waits.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>

#include "weir/base/clock.h"
#include "weir/base/mutex.h"
#include "weir/base/result.h"

namespace weir {

enum class FakeFailure : uint8_t {
  kNone,
  kError,  // run() returns kInternal
  kThrow,  // the "vendor's library" throws; the adapter catches it: kInternal
  kNan,    // floating-point outputs are NaN
  kHang,   // run() waits for cancel() or stop_hangs(), then returns kCancelled
};
Result<FakeFailure> parse_fake_failure(std::string_view text);

// Work that somebody else executes; a link of the queue, so that queueing does not allocate.
class FakeJob {
 public:
  virtual ~FakeJob() = default;
  virtual void execute() = 0;

 private:
  friend class FakeJobs;
  FakeJob* next_ = nullptr;
};

// First in, first out. Borrows its jobs. Not thread-safe.
class FakeJobs {
 public:
  void push(FakeJob& job);
  FakeJob* pop();  // null when empty
  std::size_t size() const { return size_; }

 private:
  FakeJob* first_ = nullptr;
  FakeJob* last_ = nullptr;
  std::size_t size_ = 0;
};

class FakeControl {
 public:
  explicit FakeControl(const Clock& clock = SteadyClock::instance()) : clock_(clock) {}

  // The next `runs` runs of any session fail so.
  void fail_next(FakeFailure failure, int runs = 1);
  // Ends every run that hangs now.
  void stop_hangs();
  // The clock was moved.
  void tick();

  // While held, start() queues instead of handing over to the worker thread; complete_start() then
  // executes the oldest one, call-back included, on the caller's thread. False: nothing is queued.
  void hold_starts(bool hold);
  std::size_t held_starts() const;
  bool complete_start();

  // The same for copies between host and fake device.
  void hold_copies(bool hold);
  std::size_t held_copies() const;
  bool complete_copy();
  // The next copy ends with kInternal, and copies nothing.
  void fail_next_copy();

  // Blocks of page-locked memory that the device has given and not got back; at most so many.
  int64_t pinned_blocks() const;
  void limit_pinned_blocks(int64_t blocks);

  int64_t runs() const { return runs_.load(); }
  // The most runs that were under way at the same time.
  int concurrent_runs_peak() const { return peak_.load(); }

  // For the back end. True: the job was kept.
  bool keep_start(FakeJob& job);
  bool keep_copy(FakeJob& job);
  bool next_copy_fails();
  // False: the limit is reached.
  bool pin();
  void unpin();
  FakeFailure begin_run();
  void end_run() { --running_; }
  // False: it was cancelled.
  bool pass_time(int64_t nanoseconds, const std::atomic<bool>& cancelled);
  void hang(const std::atomic<bool>& cancelled);

 private:
  const Clock& clock_;
  mutable Mutex mutex_;
  CondVar changed_;
  FakeFailure failure_ WEIR_GUARDED_BY(mutex_) = FakeFailure::kNone;
  int failures_left_ WEIR_GUARDED_BY(mutex_) = 0;
  int64_t hang_epoch_ WEIR_GUARDED_BY(mutex_) = 0;
  bool starts_held_ WEIR_GUARDED_BY(mutex_) = false;
  bool copies_held_ WEIR_GUARDED_BY(mutex_) = false;
  FakeJobs starts_ WEIR_GUARDED_BY(mutex_);
  FakeJobs copies_ WEIR_GUARDED_BY(mutex_);
  bool copy_fails_ WEIR_GUARDED_BY(mutex_) = false;
  int64_t pinned_ WEIR_GUARDED_BY(mutex_) = 0;
  int64_t pinned_limit_ WEIR_GUARDED_BY(mutex_) = std::numeric_limits<int64_t>::max();
  std::atomic<int64_t> runs_ = 0;
  std::atomic<int> running_ = 0;
  std::atomic<int> peak_ = 0;
};

}  // namespace weir
