#include "weir/assemble/run_sinks.h"

#include <pthread.h>
#include <signal.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <deque>
#include <stop_token>
#include <thread>
#include <utility>

#include "weir/base/log.h"
#include "weir/base/mutex.h"
#include "weir/sink/sink.h"

namespace weir {

using Steady = std::chrono::steady_clock;

namespace {

// Of this thread: a pipe that nobody reads any more, or a file that is as long as it may be, is an
// error of its sink, not the end of the process.
void block_signals_of_writing() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGPIPE);
  sigaddset(&signals, SIGXFSZ);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

}  // namespace

// So many sinks write what somebody may still read.
using Read = std::atomic<std::size_t>;

// One sink with its queue and its thread.
class RunSinks::One {
 public:
  static Result<std::unique_ptr<One>> start(const SinkSpec& spec, const Calls& calls,
                                            std::shared_ptr<Read> read) {
    WEIR_ASSIGN(const SinkFormat format, spec.format());
    auto one = std::make_unique<One>(spec, std::string(name(format)) + " " + spec.path(format),
                                     calls, std::move(read));
    WEIR_ASSIGN(one->sink_, open_sink(spec, one->give_up_.get_token()));
    one->thread_ = std::thread([own = one.get()] { own->work(); });
    return one;
  }
  One(const SinkSpec& spec, std::string name, Calls calls, std::shared_ptr<Read> read)
      : stops_(spec.on_error == SinkSpec::OnError::kStop),
        calls_(std::move(calls)),
        read_(std::move(read)),
        sources_(spec.sources) {
    report_.name = std::move(name);
  }

  bool wants(const std::string& source) const {
    return sources_.empty() ||
           std::find(sources_.begin(), sources_.end(), source) != sources_.end();
  }

  void put(std::shared_ptr<const Task> task, flow::StreamId stream, Full full) {
    const MutexLock lock(mutex_);
    if (given_up_ || (full == Full::kDrop && queue_.size() >= kQueue)) {
      ++report_.dropped;
      return;
    }
    queue_.push_back({std::move(task), {}});
    put_.notify_one();
    if (full == Full::kDrop || queue_.size() < kQueue) return;
    if (std::find(held_.begin(), held_.end(), stream) != held_.end()) return;
    held_.push_back(stream);
    calls_.hold(stream);
  }

  // Behind what was put before.
  void put_end_of(const std::string& stream) {
    const MutexLock lock(mutex_);
    if (given_up_) return;
    queue_.push_back({nullptr, stream});
    put_.notify_one();
  }

  void give_up_if_stuck(std::chrono::milliseconds patience) {
    const MutexLock lock(mutex_);
    if (left_ || given_up_ || !writing_ || Steady::now() - write_began_ < patience) return;
    given_up_ = true;
    for (const Queued& queued : queue_) report_.dropped += queued.task != nullptr ? 1 : 0;
    queue_.clear();
    let_go();
    give_up_.request_stop();
    Error error(ErrorCode::kDeadline, "it takes nothing more: given up in the middle of a write",
                report_.name, "see to it that the pipe is read, or write to a file");
    // What only the system could end is waited for: who waits as well has to know for what.
    log("run").warn(error.to_string());
    note(std::move(error));
  }

  // With the queue written, or given up; then it does nothing more.
  void end(const std::function<void()>& meanwhile) {
    for (bool left = false; !left;) {
      meanwhile();
      const MutexLock lock(mutex_);
      closed_ = true;
      put_.notify_one();
      if (!left_) ended_.wait_until(mutex_, Steady::now() + kLookAgain);
      left = left_;
    }
    if (thread_.joinable()) thread_.join();
  }

  SinkReport finish(const std::function<void()>& meanwhile) {
    end(meanwhile);
    const MutexLock lock(mutex_);
    return report_;
  }

 private:
  static constexpr std::chrono::milliseconds kLookAgain{50};

  struct Queued {
    std::shared_ptr<const Task> task;
    std::string ended;  // without a task: the stream of which nothing more comes
  };

  void let_go() WEIR_REQUIRES(mutex_) {
    for (const flow::StreamId stream : held_) calls_.release(stream);
    held_.clear();
  }

  // False: nothing comes any more.
  bool next(Queued& queued) {
    const MutexLock lock(mutex_);
    while (queue_.empty() && !closed_) put_.wait(mutex_);
    if (queue_.empty()) return false;
    queued = std::move(queue_.front());
    queue_.pop_front();
    if (queue_.size() < kQueue) let_go();
    writing_ = true;
    write_began_ = Steady::now();
    return true;
  }

  void work() {
    pthread_setname_np(pthread_self(), "weir-sink");
    block_signals_of_writing();
    for (Queued queued; next(queued);) {
      if (!write(queued)) break;  // there may be no run any more
      queued = {};                // its picture goes now, not with the next one
    }
    close();
  }

  // What is the last of the files may hang as well.
  void close() {
    {
      const MutexLock lock(mutex_);
      writing_ = !given_up_;
      write_began_ = Steady::now();
    }
    const Status closed = sink_->finish();
    const MutexLock lock(mutex_);
    if (!given_up_) note(closed);
    writing_ = false;
    left_ = true;
    ended_.notify_all();
  }

  // False: it was given up.
  bool write(const Queued& queued) {
    const bool task = queued.task != nullptr;
    const Status written = task ? sink_->write(*queued.task) : sink_->finish_stream(queued.ended);
    {
      const MutexLock lock(mutex_);
      if (given_up_) return false;
      writing_ = false;
      if (written.has_value()) {
        report_.written += task ? 1 : 0;
        return true;
      }
      note(written);
    }
    const bool unread =
        written.error().code == ErrorCode::kCancelled && !std::exchange(unread_, true);
    if (stops_ || (unread && --*read_ == 0)) calls_.stop();
    return true;
  }

  void note(const Status& status) WEIR_REQUIRES(mutex_) {
    if (status.has_value()) return;
    ++report_.failed;
    if (!report_.first_error) report_.first_error = status.error();
  }

  std::stop_source give_up_;
  std::unique_ptr<Sink> sink_;  // of the thread, while it runs
  const bool stops_;
  const Calls calls_;
  const std::shared_ptr<Read> read_;
  bool unread_ = false;  // of the thread: those who read what it writes have gone
  const std::vector<std::string> sources_;  // whose results it takes; none: of all
  Mutex mutex_;
  CondVar put_;
  CondVar ended_;
  std::deque<Queued> queue_ WEIR_GUARDED_BY(mutex_);
  std::vector<flow::StreamId> held_ WEIR_GUARDED_BY(mutex_);
  bool closed_ WEIR_GUARDED_BY(mutex_) = false;    // nothing comes any more
  bool left_ WEIR_GUARDED_BY(mutex_) = false;      // its thread is at its end
  bool given_up_ WEIR_GUARDED_BY(mutex_) = false;  // in the middle of a write
  bool writing_ WEIR_GUARDED_BY(mutex_) = false;
  Steady::time_point write_began_ WEIR_GUARDED_BY(mutex_);
  SinkReport report_ WEIR_GUARDED_BY(mutex_);
  std::thread thread_;
};

RunSinks::RunSinks() = default;
RunSinks::~RunSinks() {
  for (const auto& one : all_) one->end([] {});
}

Result<std::unique_ptr<RunSinks>> RunSinks::open(const PipelineSpec& spec, const Calls& calls) {
  std::unique_ptr<RunSinks> sinks(new RunSinks());
  const auto read = std::make_shared<Read>(spec.sinks.size());
  for (std::size_t i = 0; i < spec.sinks.size(); ++i) {
    auto one = One::start(spec.sinks[i], calls, read);
    if (!one) return spec.placed(std::move(one).error(), {"sinks", std::to_string(i)});
    sinks->all_.push_back(std::move(one).value());
  }
  return sinks;
}

void RunSinks::write(const std::shared_ptr<const Task>& task, flow::StreamId stream,
                     const std::string& source, Full full) {
  for (const auto& one : all_) {
    if (one->wants(source)) one->put(task, stream, full);
  }
}

void RunSinks::finish_stream(const std::string& stream) {
  for (const auto& one : all_) one->put_end_of(stream);
}

void RunSinks::give_up_stuck(std::chrono::milliseconds patience) {
  for (const auto& one : all_) one->give_up_if_stuck(patience);
}

std::vector<SinkReport> RunSinks::finish(const std::function<void()>& meanwhile) {
  std::vector<SinkReport> reports;
  for (const auto& one : all_) reports.push_back(one->finish(meanwhile));
  return reports;
}

}  // namespace weir
