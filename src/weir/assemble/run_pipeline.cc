#include "weir/assemble/run_pipeline.h"

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "weir/assemble/check_inputs.h"
#include "weir/assemble/run_sinks.h"
#include "weir/assemble/run_sources.h"
#include "weir/base/mutex.h"

namespace weir {
namespace {

class Run {
 public:
  Run(Pipeline& pipeline, const RunOptions& options)
      : pipeline_(pipeline),
        options_(options),
        sources_(pipeline, options.control,
                 {.result =
                      [this](Task task, flow::StreamId stream, const RunSource& of) {
                        take(std::make_shared<const Task>(std::move(task)), stream, of);
                      },
                  .end = [this](const RunSource& of) { sinks_->finish_stream(of.stream); }}) {}

  Result<RunReport> run() {
    WEIR_TRY(open());
    const int64_t start_ns = pipeline_.flow().now_ns();
    flow::MeterCursor cursor;
    static_cast<void>(pipeline_.flow().stats(cursor));  // the run begins here
    {
      const MutexLock lock(mutex_);
      by_step_.resize(pipeline_.steps()->size());
    }
    WEIR_TRY(sources_.start());
    wait(start_ns);
    RunReport report;
    report.stats = pipeline_.flow().stats(cursor);
    report.verdict = flow::judge(report.stats);
    report.stopped = stopped_;
    report.failed_sources = sources_.failed();
    report.gone_sources = sources_.gone();
    finish(report);
    report.seconds = seconds_since(start_ns);
    return report;
  }

 private:
  double seconds_since(int64_t start_ns) {
    return static_cast<double>(pipeline_.flow().now_ns() - start_ns) * 1e-9;
  }

  Status open() {
    WEIR_TRY(sources_.open());
    WEIR_TRY(check_inputs_are_kept(pipeline_.spec()));
    flow::Pipeline& flow = pipeline_.flow();
    const RunSinks::Calls calls = {
        .stop = [this] { stop(); },
        .hold = [&flow](flow::StreamId stream) { flow.hold_results(stream); },
        .release = [&flow](flow::StreamId stream) { flow.release_results(stream); }};
    WEIR_ASSIGN(sinks_, RunSinks::open(pipeline_.spec(), calls));
    return {};
  }

  void take(const std::shared_ptr<const Task>& done, flow::StreamId stream, const RunSource& of) {
    sinks_->write(done, stream, of.name, RunSinks::when_full(of.spec));
    count(*done);
    // Not under the mutex of the run, which ends when who sees a result asks for it.
    const MutexLock one_at_a_time(seeing_);
    if (options_.on_task) options_.on_task(*done);
  }

  void count(const Task& task) {
    const MutexLock lock(mutex_);
    ++ended_;
    for (const Finding& finding : task.findings) {
      ++findings_;
      if (finding.reused_from != Finding::kNone) ++reused_;
      const auto step = static_cast<std::size_t>(finding.step);
      if (finding.step >= 0 && step < by_step_.size()) ++by_step_[step];
    }
    if (task.error && !first_failure_) first_failure_ = task.error;
  }

  void stop() {
    if (stopped_.exchange(true)) return;
    pipeline_.flow().stop();
    sources_.stop();
    const MutexLock lock(mutex_);
    changed_.notify_all();
  }

  // Once the run is to end.
  void hurry() {
    if (options_.stop.stop_requested()) stop();
    if (stopped_) sinks_->give_up_stuck(options_.sink_patience);
  }

  void wait(int64_t start_ns) {
    std::stop_source drained;
    std::jthread drainer([&] {
      sources_.wait();
      drained.request_stop();
      const MutexLock lock(mutex_);
      changed_.notify_all();
    });
    const std::stop_callback on_stop(options_.stop, [&] {
      const MutexLock lock(mutex_);
      changed_.notify_all();
    });
    while (!drained.stop_requested()) {
      hurry();
      RunProgress progress;
      {
        const MutexLock lock(mutex_);
        const auto until =
            std::chrono::steady_clock::now() + std::chrono::milliseconds(options_.progress_ms);
        if (!drained.stop_requested() && (stopped_ || !options_.stop.stop_requested())) {
          changed_.wait_until(mutex_, until);
        }
        progress.ended = ended_;
      }
      progress.expected = sources_.expected();
      progress.seconds = seconds_since(start_ns);
      if (options_.progress) options_.progress(progress);
    }
  }

  void finish(RunReport& report) {
    report.sinks = sinks_->finish([this] { hurry(); });
    const MutexLock lock(mutex_);
    report.findings = findings_;
    report.reused = reused_;
    report.first_failure = first_failure_;
    for (std::size_t i = 0; i < by_step_.size(); ++i) {
      report.by_step.emplace_back(pipeline_.steps()->name(static_cast<int32_t>(i)), by_step_[i]);
    }
  }

  Pipeline& pipeline_;
  const RunOptions& options_;
  std::atomic<bool> stopped_ = false;
  Mutex seeing_;
  Mutex mutex_;
  CondVar changed_;
  uint64_t ended_ WEIR_GUARDED_BY(mutex_) = 0;
  uint64_t findings_ WEIR_GUARDED_BY(mutex_) = 0;
  uint64_t reused_ WEIR_GUARDED_BY(mutex_) = 0;
  std::vector<uint64_t> by_step_ WEIR_GUARDED_BY(mutex_);
  std::optional<Error> first_failure_ WEIR_GUARDED_BY(mutex_);
  RunSources sources_;
  std::unique_ptr<RunSinks> sinks_;  // goes first: its threads may stop the run
};

}  // namespace

Result<RunReport> run_pipeline(Pipeline& pipeline, const RunOptions& options) {
  return Run(pipeline, options).run();
}

}  // namespace weir
