// The sources of a run: those of the pipeline's file, and those that are added while it runs.
//
//   RunSources sources(pipeline, control, {.result = …, .end = …});
//   WEIR_TRY(sources.open());       // nothing runs yet
//   WEIR_TRY(sources.start());
//   sources.wait();                 // until all have ended, and all results are told
//
// Workers read those that go as fast as the work; each that has a pace of its own has a thread.
// Every member but stop() is called by the run's threads, one at a time; stop() by any.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "weir/assemble/pipeline.h"
#include "weir/assemble/run_report.h"
#include "weir/assemble/stream_names.h"
#include "weir/base/mutex.h"
#include "weir/source/source_control.h"

namespace weir {

// One that runs, as whoever takes its results sees it.
struct RunSource {
  std::string name;
  // Results tell streams by their names, so that of a source whose name was in this run before has
  // a number behind it: "gate_2".
  std::string stream;
  SourceSpec spec;
};

class RunSources {
 public:
  // Whom it calls; both are wanted.
  struct Calls {
    // A result; one call at a time for each stream.
    std::function<void(Task task, flow::StreamId stream, const RunSource& of)> result;
    // The source has ended, or was removed, and all its results were told. Does not wait. Not for
    // those that are stopped with the run.
    std::function<void(const RunSource& of)> end;
  };

  // `control` may be null. Both are borrowed.
  RunSources(Pipeline& pipeline, SourceControl* control, Calls calls);
  // After wait(), or a start() or open() that failed.
  ~RunSources();

  // What only opening can tell, a file that is not there or no video, is the failure of that source
  // alone. An Error if there are no sources, or nothing is left of them.
  Status open();
  // After an Error nothing runs any more.
  Status start();
  void wait();
  // No more input; what is under way runs to its end.
  void stop();

  // All that is left of those that were added and are over, since they come and go for weeks. By
  // name; after wait().
  std::vector<GoneSources> gone() const;
  // Those that could not be opened. After open().
  const std::vector<SourceFailure>& failed() const { return failed_; }
  // Tasks of all; 0: not known.
  uint64_t expected() const;

 private:
  class Counted;
  // Of those who call for it: its stream in the flow, its feeder, and this until it is over.
  struct Opened {
    Opened(const std::string& name, const SourceSpec& spec, std::unique_ptr<Source> from, bool goes)
        : of{name, {}, spec}, source(std::move(from)), added(goes) {}
    RunSource of;
    std::unique_ptr<Source> source;
    const bool added;     // while it ran: its stream goes when it is over
    flow::StreamId id{};  // once it is known
    // Of what workers fetch: the inputs that have no result yet, one for those that may come, and
    // one until the stream is known.
    std::atomic<int64_t> left = 2;
    std::atomic<bool> fed = false;  // its feeder has ended
  };
  // The thread of a source with a pace of its own.
  struct Feeder {
    std::shared_ptr<const Opened> of;
    std::jthread thread;
  };

  std::optional<Error> open(const std::string& name, const SourceSpec& source, int sharing);
  Status start(const std::shared_ptr<Opened>& opened);
  void one_less(Opened& opened);
  void over(Opened& opened);
  void feed(Opened& opened, StepSet steps);
  bool wait_until(int64_t due_ns);
  void join_feeders();
  void note(const Source& source);

  Pipeline& pipeline_;
  SourceControl* const control_;
  const Calls calls_;
  std::vector<std::shared_ptr<Opened>> waiting_;  // opened, and not started yet
  std::vector<SourceFailure> failed_;
  mutable Mutex mutex_;
  CondVar changed_;
  bool stopped_ WEIR_GUARDED_BY(mutex_) = false;
  uint64_t expected_ WEIR_GUARDED_BY(mutex_) = 0;
  bool all_known_ WEIR_GUARDED_BY(mutex_) = true;
  // Those that were added, while they run; those of the file to the end of the run.
  std::vector<std::shared_ptr<Opened>> running_ WEIR_GUARDED_BY(mutex_);
  StreamNames names_ WEIR_GUARDED_BY(mutex_);
  std::map<std::string, GoneSources> gone_ WEIR_GUARDED_BY(mutex_);
  std::vector<Feeder> feeders_ WEIR_GUARDED_BY(mutex_);
};

}  // namespace weir
