// What logging and tracing cost where they are off, and where they are on. Baselines: nothing at
// all for what is off, the two clock reads that it needs for a span.
#include <cstdint>
#include <memory>

#include "bench/support/paired.h"
#include "weir/base/log.h"
#include "weir/base/trace.h"

int main(int argc, char** argv) {
  const weir::Log log = weir::log("bench");
  weir::Trace* off = nullptr;
  auto on = std::make_unique<weir::Trace>();
  int64_t i = 0;
  const auto nothing = [&] { benchmark::DoNotOptimize(++i); };
  const auto two_clock_reads = [&] {
    benchmark::DoNotOptimize(weir::SteadyClock::instance().now_ns());
    benchmark::DoNotOptimize(weir::SteadyClock::instance().now_ns());
  };
  weir::bench::register_paired("log/level_off", nothing,
                               [&] {
                                 benchmark::DoNotOptimize(++i);
                                 log.debug("frame ", i, " of ", 7.5);
                               },
                               {.max_seconds = 2});
  weir::bench::register_paired("trace/span_off", nothing,
                               [&] {
                                 benchmark::DoNotOptimize(++i);
                                 benchmark::DoNotOptimize(off);
                                 const weir::TraceSpan span(off, "infer", "faces", i);
                               },
                               {.max_seconds = 2});
  weir::bench::register_paired("trace/span_on", two_clock_reads,
                               [&] { const weir::TraceSpan span(on.get(), "infer", "faces", ++i); },
                               {.rounds = 101, .calls = 1000, .max_seconds = 2});
  return weir::bench::run(argc, argv);
}
