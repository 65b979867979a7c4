#include "weir/base/stopwatch.h"

#include <gtest/gtest.h>

#include <numeric>
#include <string>
#include <vector>

namespace weir {
namespace {

TEST(Stopwatch, MeasuresItsClock) {
  FakeClock clock(500);
  Stopwatch watch(clock);
  clock.advance_ns(2'000'000);
  EXPECT_EQ(watch.elapsed_ns(), 2'000'000);
  EXPECT_DOUBLE_EQ(watch.elapsed_ms(), 2.0);
  EXPECT_EQ(watch.lap_ns(), 2'000'000);
  clock.advance_ns(7);
  EXPECT_EQ(watch.lap_ns(), 7);
}

TEST(ScopedTimer, AddsItsScopeToASum) {
  FakeClock clock;
  int64_t sum_ns = 100;
  for (int i = 0; i < 3; ++i) {
    const ScopedTimer timer(sum_ns, clock);
    clock.advance_ns(10);
  }
  EXPECT_EQ(sum_ns, 130);
}

TEST(ScopedTimer, LogsItsScopeAtDebugLevel) {
  std::vector<std::string> lines;
  LogConfig config;
  config.level = LogLevel::kDebug;
  config.sink = [&](LogLevel, std::string_view, std::string_view text) {
    lines.emplace_back(text);
  };
  ASSERT_TRUE(configure_log(config));
  FakeClock clock;
  {
    const ScopedTimer timer(log("model"), "warm-up", clock);
    clock.advance_ns(1'250'000);
  }
  ASSERT_TRUE(configure_log({}));
  EXPECT_EQ(lines, std::vector<std::string>{"warm-up took 1.25 ms"});
}

TEST(Timed, GivesTheValueWithTheTime) {
  FakeClock clock;
  const auto [value, took_ns] =
      timed([&] { return clock.advance_ns(42), std::string("seen"); }, clock);
  EXPECT_EQ(value, "seen");
  EXPECT_EQ(took_ns, 42);
  EXPECT_EQ(timed([&] { clock.advance_ns(5); }, clock), 5);
}

TEST(Timed, RepeatsWithoutCountingTheWarmUp) {
  FakeClock clock;
  int runs = 0;
  const Timing timing = timed_repeat(
      {.warmup = 2, .repeat = 4}, [&] { clock.advance_ns(++runs <= 2 ? 1000 : runs); }, clock);
  EXPECT_EQ(runs, 6);
  EXPECT_EQ(timing.count, 4U);
  EXPECT_EQ(timing.min_ns, 3);
  EXPECT_EQ(timing.max_ns, 6);
}

TEST(Timing, TakesTheNearestRank) {
  std::vector<int64_t> times(100);
  std::iota(times.rbegin(), times.rend(), 1);
  const Timing timing = Timing::of(times);
  EXPECT_EQ(timing.min_ns, 1);
  EXPECT_EQ(timing.median_ns, 50);
  EXPECT_EQ(timing.p90_ns, 90);
  EXPECT_EQ(timing.p99_ns, 99);
  EXPECT_EQ(timing.max_ns, 100);
  EXPECT_DOUBLE_EQ(timing.mean_ns, 50.5);
  EXPECT_EQ(Timing::of({30, 10, 20}).median_ns, 20);
  EXPECT_EQ(Timing::of({30, 10, 20}).p90_ns, 30);
  EXPECT_EQ(Timing::of({1'500'000}).to_string(),
            "min 1.500 median 1.500 p90 1.500 p99 1.500 ms (1 run)");
  EXPECT_EQ(Timing::of({}).count, 0U);
}

}  // namespace
}  // namespace weir
