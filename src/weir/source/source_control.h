// Sources that come and go while a pipeline runs.
//
//   SourceControl control;
//   RunOptions options{.control = &control};
//   // another thread, while run_pipeline(*pipe, options) runs:
//   WEIR_TRY(control.add("yard", {.video = {"yard.mp4"}}));
//   WEIR_TRY(control.remove("gate"));            // of the file, or added before
//
// What was read from a source that is removed is still worked on and written; its stream then ends
// as if the source had, and files of its own are closed and complete. Its name is free at once:
// what is added under it is another stream, "gate_2", in results and in the names of files. The run
// ends when all sources have ended. Every member may be called from any thread; add() opens the
// source on the calling one, with decoder threads of the run's budget. It must outlive the run, and
// is of one run at a time.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "weir/base/mutex.h"
#include "weir/base/thread_budget.h"
#include "weir/source/source.h"

namespace weir {

class SourceControl {
 public:
  // kUnavailable while nothing runs; kInvalidArgument if a source of the name is running. Otherwise
  // what open_source() says.
  Status add(const std::string& name, const SourceSpec& spec);
  // kNotFound if there is none, or it has ended.
  Status remove(const std::string& name);
  // Of those that have not ended, sorted.
  std::vector<std::string> names() const;

  // --- Of the run ------------------------------------------------------------------------------
  // Takes over a source that was added. May be called by any thread, one at a time.
  using Start =
      std::function<Status(const std::string& name, const SourceSpec&, std::unique_ptr<Source>)>;
  // A source of the run itself, so that it can be removed, too.
  std::unique_ptr<Source> watch(const std::string& name, std::unique_ptr<Source> source);
  // Decoders of what is added have their threads from the budget.
  void attach(Start start, const ThreadBudget& budget);
  // How many were added so far.
  uint64_t added() const;
  // False, and it stays attached, if others were added than the `seen` first. Afterwards `start` is
  // never called again.
  bool detach(uint64_t seen);
  void detach();

 private:
  enum class State : uint8_t { kRunning, kToEnd, kEnded };
  using Flag = std::shared_ptr<std::atomic<State>>;
  class Watched;
  std::unique_ptr<Source> watch_locked(const std::string& name, std::unique_ptr<Source> source)
      WEIR_REQUIRES(mutex_);
  bool runs(const std::string& name) const WEIR_REQUIRES(mutex_);
  void detach_locked() WEIR_REQUIRES(mutex_);

  mutable Mutex mutex_;
  Start start_ WEIR_GUARDED_BY(mutex_);
  // A copy, of the same threads: who opens a source may be slower than the run.
  std::optional<ThreadBudget> budget_ WEIR_GUARDED_BY(mutex_);
  uint64_t added_ WEIR_GUARDED_BY(mutex_) = 0;
  std::map<std::string, Flag> sources_ WEIR_GUARDED_BY(mutex_);
};

}  // namespace weir
