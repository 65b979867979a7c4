// What ran when, as a file for chrome://tracing or ui.perfetto.dev.
//
//   Trace trace;
//   { const TraceSpan span(&trace, "infer", "faces", seq); session.run(); }
//   WEIR_TRY(trace.write("trace.json"));
//
// There is no global trace: whoever is to be traced gets a `Trace*`, which is null when tracing is
// off, and then a span costs one comparison. Any thread may add events; the trace outlives all of
// its spans. It is bounded: when full it keeps what it has and counts what it dropped.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "weir/base/clock.h"
#include "weir/base/mutex.h"
#include "weir/base/result.h"

namespace weir {

class Trace {
 public:
  static constexpr int64_t kNoId = -1;

  explicit Trace(std::size_t max_events = std::size_t{1} << 20,
                 const Clock& clock = SteadyClock::instance());

  // Something that lasted, on the calling thread. `id` is shown with it: a task's number, a batch.
  void span(std::string_view name, std::string_view category, int64_t start_ns, int64_t end_ns,
            int64_t id = kNoId);
  // Something that happened now.
  void instant(std::string_view name, std::string_view category, int64_t id = kNoId);
  // A quantity over time: the depth of a queue.
  void counter(std::string_view name, double value);
  // Something that begins on one thread and may end on another; name, category and id pair the two.
  void begin(std::string_view name, std::string_view category, int64_t id);
  void end(std::string_view name, std::string_view category, int64_t id);
  // An arrow between the spans that are open where it starts and where it ends.
  void flow_start(std::string_view name, std::string_view category, int64_t id);
  void flow_end(std::string_view name, std::string_view category, int64_t id);
  // What to call the calling thread.
  void name_thread(std::string_view name);

  int64_t now_ns() const { return clock_.now_ns(); }
  std::size_t size() const;
  uint64_t dropped() const;
  // Valid JSON at any moment, also while others add events.
  std::string to_json() const;
  Status write(const std::string& path) const;

 private:
  struct Event {
    char phase = 'X';
    uint32_t name = 0;
    uint32_t category = 0;
    int thread = 0;
    int64_t start_ns = 0;
    int64_t duration_ns = 0;
    int64_t id = kNoId;
    double value = 0;
  };
  void add(Event event, std::string_view name, std::string_view category) WEIR_EXCLUDES(mutex_);
  uint32_t intern(std::string_view text) WEIR_REQUIRES(mutex_);
  void append(std::string& out, const Event& event) const WEIR_REQUIRES(mutex_);

  const Clock& clock_;
  const std::size_t max_events_;
  const int64_t start_ns_;
  mutable Mutex mutex_;
  std::vector<Event> events_ WEIR_GUARDED_BY(mutex_);
  std::vector<std::string_view> texts_ WEIR_GUARDED_BY(mutex_);  // into the keys of ids_
  std::map<std::string, uint32_t, std::less<>> ids_ WEIR_GUARDED_BY(mutex_);
  std::map<int, std::string> thread_names_ WEIR_GUARDED_BY(mutex_);
  uint64_t dropped_ WEIR_GUARDED_BY(mutex_) = 0;
};

// Traces the scope that it lives in. `name` and `category` outlive it.
class TraceSpan {
 public:
  TraceSpan(Trace* trace, std::string_view name, std::string_view category = {},
            int64_t id = Trace::kNoId)
      : trace_(trace), name_(name), category_(category), id_(id) {
    if (trace_ != nullptr) start_ns_ = trace_->now_ns();
  }
  ~TraceSpan() {
    if (trace_ != nullptr) trace_->span(name_, category_, start_ns_, trace_->now_ns(), id_);
  }
  TraceSpan(const TraceSpan&) = delete;
  TraceSpan& operator=(const TraceSpan&) = delete;

 private:
  Trace* const trace_;
  const std::string_view name_;
  const std::string_view category_;
  const int64_t id_;
  int64_t start_ns_ = 0;
};

}  // namespace weir
