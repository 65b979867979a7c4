// Shows a run while it goes: on a terminal a block of lines that is rewritten in its place, else a
// plain line now and then. On stderr; silent with --quiet.
//
//   LiveView view(context, *pipe);
//   options.progress = [&](const RunProgress& now) { view.update(now); };
//   options.on_task = [&](const Task& task) { view.see(task); };
//   …
//   view.clear();
//
// update() and clear() from one thread, see() from one at a time, also while update() runs.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "apps/cli/command.h"
#include "apps/cli/pipeline/detection_count.h"
#include "apps/cli/pipeline/live_table.h"
#include "weir/assemble/pipeline.h"
#include "weir/base/clock.h"
#include "weir/base/mutex.h"

namespace weir::cli {

class LiveView {
 public:
  LiveView(const Context& context, Pipeline& pipeline,
           const Clock& clock = SteadyClock::instance());
  ~LiveView() { clear(); }
  LiveView(const LiveView&) = delete;
  LiveView& operator=(const LiveView&) = delete;

  void see(const Task& task) WEIR_EXCLUDES(mutex_);
  void update(const RunProgress& progress) WEIR_EXCLUDES(mutex_);
  // Removes what is on the terminal, for what comes at the end.
  void clear();
  // Of the whole run, by stream.
  std::map<std::string, uint64_t> detections() const WEIR_EXCLUDES(mutex_);

 private:
  void look() WEIR_EXCLUDES(mutex_);
  void show(const std::vector<std::string>& lines);

  const Context& context_;
  Pipeline& pipeline_;
  const Clock& clock_;
  flow::MeterCursor cursor_;
  LiveWindow window_;
  int64_t next_look_ns_ = 0;
  int64_t next_line_ns_ = 0;
  std::size_t shown_ = 0;                 // lines on the terminal
  std::map<std::string, uint64_t> seen_;  // detections at the last look
  mutable Mutex mutex_;
  DetectionCount detections_ WEIR_GUARDED_BY(mutex_);
};

}  // namespace weir::cli
