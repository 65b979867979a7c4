// Measures two ways of doing the same, call by call in turns, so that whatever else the machine
// does falls on both alike. What counts is the ratio and the median of the differences; absolute
// times are for reading only.
//
//   int main(int argc, char** argv) {
//     weir::bench::register_paired("queue/push_pop", [] { mutex_queue(); }, [] { our_queue(); });
//     return weir::bench::run(argc, argv);
//   }
//
// Each becomes one Google Benchmark whose time is the median of ours, with the counters
// `baseline_us`, `ours_us`, `over_us` (median of the paired differences) and `ratio`
// (ours / baseline). Single-threaded; the two functions must leave the same state behind.
#pragma once

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace weir::bench {

struct PairedOptions {
  int rounds = 301;         // pairs that count
  int warm_up = 20;         // pairs that do not
  int calls = 0;            // calls per measurement; 0: so many that one takes 20 µs
  double max_seconds = 10;  // stops early, with the rounds that it has (at least 5)
};

struct PairedResult {
  double baseline_us = 0;
  double ours_us = 0;
  double over_us = 0;
  int rounds = 0;
  double ratio() const { return baseline_us > 0 ? ours_us / baseline_us : 0; }
};

inline double median(std::vector<double> values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

template <class F>
double microseconds_per_call(F& function, int calls) {
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < calls; ++i) function();
  const std::chrono::duration<double, std::micro> time = std::chrono::steady_clock::now() - start;
  return time.count() / calls;
}

// How many calls of `function` it takes to see more than the grain of the clock.
template <class F>
int calls_for_clock(F& function) {
  const double once =
      std::min(microseconds_per_call(function, 1), microseconds_per_call(function, 1));
  return std::clamp(static_cast<int>(20.0 / std::max(once, 0.001)), 1, 20000);
}

template <class Baseline, class Ours>
PairedResult measure_paired(Baseline&& baseline, Ours&& ours, const PairedOptions& options = {}) {
  const int calls = options.calls > 0 ? options.calls : calls_for_clock(baseline);
  std::vector<double> theirs, mine, over;
  const auto start = std::chrono::steady_clock::now();
  for (int round = -options.warm_up; round < options.rounds; ++round) {
    const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - start;
    if (spent.count() > options.max_seconds && theirs.size() >= 5) break;
    double a = 0, b = 0;
    if (round % 2 == 0) {  // who goes first changes, so that neither always finds a warm cache
      a = microseconds_per_call(baseline, calls);
      b = microseconds_per_call(ours, calls);
    } else {
      b = microseconds_per_call(ours, calls);
      a = microseconds_per_call(baseline, calls);
    }
    if (round < 0) continue;
    theirs.push_back(a);
    mine.push_back(b);
    over.push_back(b - a);
  }
  return {median(theirs), median(mine), median(over), static_cast<int>(theirs.size())};
}

inline void register_paired(const std::string& name, std::function<void()> baseline,
                            std::function<void()> ours, PairedOptions options = {}) {
  benchmark::RegisterBenchmark(
      name.c_str(),
      [baseline = std::move(baseline), ours = std::move(ours), options](benchmark::State& state) {
        PairedResult result;
        for (auto _ : state) {
          result = measure_paired(baseline, ours, options);
          state.SetIterationTime(result.ours_us * 1e-6);
        }
        state.counters["baseline_us"] = result.baseline_us;
        state.counters["ours_us"] = result.ours_us;
        state.counters["over_us"] = result.over_us;
        state.counters["ratio"] = result.ratio();
      })
      ->Iterations(1)
      ->UseManualTime()
      ->Unit(benchmark::kMicrosecond);
}

inline int run(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}

}  // namespace weir::bench
