#include "weir/assemble/run_sinks.h"

#include <pthread.h>

#include <algorithm>
#include <deque>
#include <thread>
#include <utility>

#include "weir/base/mutex.h"
#include "weir/sink/sink.h"

namespace weir {

// One sink with its queue and its thread.
class RunSinks::One {
 public:
  One(std::unique_ptr<Sink> sink, std::string name, std::function<void()> on_failure)
      : sink_(std::move(sink)), on_failure_(std::move(on_failure)) {
    report_.name = std::move(name);
    thread_ = std::jthread([this] { work(); });
  }
  ~One() { end(); }

  // Results of these sources; none: of all. Before the first put().
  void take_only(std::vector<std::string> sources) { sources_ = std::move(sources); }
  bool wants(const Task& task) const {
    return sources_.empty() ||
           std::find(sources_.begin(), sources_.end(), task.stream) != sources_.end();
  }

  void put(std::shared_ptr<const Task> task, Full full) {
    const MutexLock lock(mutex_);
    if (full == Full::kDrop && queue_.size() >= kQueue) {
      ++report_.dropped;
      return;
    }
    while (queue_.size() >= kQueue) taken_.wait(mutex_);
    queue_.push_back(std::move(task));
    put_.notify_one();
  }

  SinkReport finish(const std::vector<std::string>& streams) {
    end();
    const MutexLock lock(mutex_);
    for (const std::string& stream : streams) note(sink_->finish_stream(stream));
    note(sink_->finish());
    return report_;
  }

 private:
  void end() {
    {
      const MutexLock lock(mutex_);
      ended_ = true;
      put_.notify_one();
    }
    if (thread_.joinable()) thread_.join();
  }

  // Null: nothing comes any more.
  std::shared_ptr<const Task> next() {
    const MutexLock lock(mutex_);
    while (queue_.empty() && !ended_) put_.wait(mutex_);
    if (queue_.empty()) return nullptr;
    std::shared_ptr<const Task> task = std::move(queue_.front());
    queue_.pop_front();
    taken_.notify_one();
    return task;
  }

  void work() {
    pthread_setname_np(pthread_self(), "weir-sink");
    while (const std::shared_ptr<const Task> task = next()) {
      const Status written = sink_->write(*task);
      const bool failed = !written.has_value();
      {
        const MutexLock lock(mutex_);
        if (failed) {
          note(written);
        } else {
          ++report_.written;
        }
      }
      if (failed && on_failure_) on_failure_();
    }
  }

  void note(const Status& status) WEIR_REQUIRES(mutex_) {
    if (status.has_value()) return;
    ++report_.failed;
    if (!report_.first_error) report_.first_error = status.error();
  }

  const std::unique_ptr<Sink> sink_;  // of the thread, while it runs
  const std::function<void()> on_failure_;
  std::vector<std::string> sources_;
  Mutex mutex_;
  CondVar put_;
  CondVar taken_;
  std::deque<std::shared_ptr<const Task>> queue_ WEIR_GUARDED_BY(mutex_);
  bool ended_ WEIR_GUARDED_BY(mutex_) = false;
  SinkReport report_ WEIR_GUARDED_BY(mutex_);
  std::jthread thread_;
};

RunSinks::RunSinks() = default;
RunSinks::~RunSinks() = default;

Result<std::unique_ptr<RunSinks>> RunSinks::open(const PipelineSpec& spec,
                                                 std::function<void()> on_stop) {
  std::unique_ptr<RunSinks> sinks(new RunSinks());
  for (std::size_t i = 0; i < spec.sinks.size(); ++i) {
    const SinkSpec& of = spec.sinks[i];
    auto sink = open_sink(of);
    if (!sink) return spec.placed(std::move(sink).error(), {"sinks", std::to_string(i)});
    WEIR_ASSIGN(const SinkFormat format, of.format());
    const bool stops = of.on_error == SinkSpec::OnError::kStop;
    sinks->all_.push_back(std::make_unique<One>(std::move(sink).value(),
                                                std::string(name(format)) + " " + of.path(format),
                                                stops ? on_stop : std::function<void()>()));
    sinks->all_.back()->take_only(of.sources);
  }
  return sinks;
}

void RunSinks::write(std::shared_ptr<const Task> task, Full full) {
  for (const auto& one : all_) {
    if (one->wants(*task)) one->put(task, full);
  }
}

std::vector<SinkReport> RunSinks::finish(const std::vector<std::string>& streams) {
  std::vector<SinkReport> reports;
  for (const auto& one : all_) reports.push_back(one->finish(streams));
  return reports;
}

}  // namespace weir
