// How long something took.
//
//   Stopwatch watch;                          // of the real clock
//   work();
//   log.info("took ", watch.elapsed_ms(), " ms");
//
//   int64_t decode_ns = 0;
//   { const ScopedTimer timer(decode_ns); decode(); }     // adds to decode_ns
//
//   const auto [picture, took_ns] = timed([&] { return decode(); });
//   const Timing timing = timed_repeat({.warmup = 5, .repeat = 100}, [&] { session.run(); });
//
// One thread uses each; the clock outlives them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "weir/base/clock.h"
#include "weir/base/log.h"

namespace weir {

class Stopwatch {
 public:
  explicit Stopwatch(const Clock& clock = SteadyClock::instance())
      : clock_(&clock), start_ns_(clock.now_ns()) {}
  int64_t elapsed_ns() const { return clock_->now_ns() - start_ns_; }
  double elapsed_ms() const { return static_cast<double>(elapsed_ns()) / 1e6; }
  // Starts again and gives what had passed: the parts of a loop without a gap between them.
  int64_t lap_ns() {
    const int64_t now_ns = clock_->now_ns();
    return now_ns - std::exchange(start_ns_, now_ns);
  }

 private:
  const Clock* clock_;
  int64_t start_ns_;
};

// Times the scope that it lives in: adds the time to a sum, or logs it at debug level.
class ScopedTimer {
 public:
  explicit ScopedTimer(int64_t& sum_ns, const Clock& clock = SteadyClock::instance())
      : watch_(clock), sum_ns_(&sum_ns) {}
  // `what` outlives the timer. Logs "what took 1.25 ms".
  ScopedTimer(Log log, std::string_view what, const Clock& clock = SteadyClock::instance())
      : watch_(clock), log_(log), what_(what) {}
  ~ScopedTimer();
  ScopedTimer(const ScopedTimer&) = delete;
  ScopedTimer& operator=(const ScopedTimer&) = delete;

 private:
  const Stopwatch watch_;
  int64_t* sum_ns_ = nullptr;
  const std::optional<Log> log_;
  const std::string_view what_;
};

template <class T>
struct Timed {
  T value;
  int64_t took_ns;
};

// Calls `work` once; gives its value with the time, or only the time if it has none.
template <class F>
auto timed(F&& work, const Clock& clock = SteadyClock::instance()) {
  const Stopwatch watch(clock);
  if constexpr (std::is_void_v<std::invoke_result_t<F>>) {
    std::forward<F>(work)();
    return watch.elapsed_ns();
  } else {
    auto value = std::forward<F>(work)();
    const int64_t took_ns = watch.elapsed_ns();
    return Timed<decltype(value)>{std::move(value), took_ns};
  }
}

// What many runs of the same thing took. All zero if there were none.
struct Timing {
  std::size_t count = 0;
  int64_t min_ns = 0;
  int64_t median_ns = 0;
  int64_t p90_ns = 0;
  int64_t p99_ns = 0;
  int64_t max_ns = 0;
  double mean_ns = 0;

  // Percentiles are of the nearest rank: each is a time that was really measured.
  static Timing of(std::vector<int64_t> times_ns);
  // "min 1.200 median 1.250 p90 1.400 p99 2.100 ms (100 runs)"
  std::string to_string() const;
};

struct Repeat {
  std::size_t warmup = 1;  // runs that are not counted
  std::size_t repeat = 10;
};

template <class F>
Timing timed_repeat(const Repeat& how, F&& work, const Clock& clock = SteadyClock::instance()) {
  for (std::size_t i = 0; i < how.warmup; ++i) (void)work();
  std::vector<int64_t> times_ns;
  times_ns.reserve(how.repeat);
  for (std::size_t i = 0; i < how.repeat; ++i) {
    const Stopwatch watch(clock);
    (void)work();
    times_ns.push_back(watch.elapsed_ns());
  }
  return Timing::of(std::move(times_ns));
}

}  // namespace weir
