// What the meters cost a stage: everything that is recorded for one job, against the two clock
// reads that it needs at least (the stamps are chained: one of them is the next job's).
#include "bench/flow/cases.h"
#include "bench/flow/work.h"
#include "bench/support/paired.h"
#include "weir/flow/meter.h"
#include "weir/flow/verdict.h"

namespace weir::bench {

void meter_cost(Report& report) {
  using namespace weir::flow;
  MeterLayout layout;
  layout.executors = {{"cpu", 2}};
  for (int s = 0; s < 6; ++s) {
    layout.stages.push_back({"stage " + std::to_string(s), 0, 0, {}});
    if (s > 0) layout.stages[static_cast<std::size_t>(s) - 1].next = {s};
  }
  Meter meter(layout, now_ns());
  int stage = 0;
  int64_t begun = now_ns();
  int64_t clock_sum = 0;
  const PairedResult cost = measure_paired([&] { clock_sum += now_ns(); },
                                           [&] {
                                             meter.stage_waits(stage, begun);
                                             meter.stage_begins(stage, begun);
                                             const int64_t now = now_ns();
                                             meter.stage_ends(stage, now);
                                             meter.record(0, stage, 100, now - begun);
                                             begun = now;
                                             stage = stage == 5 ? 0 : stage + 1;
                                           },
                                           {.calls = 1000, .max_seconds = 2});
  report.add({.what = "meters, one stage of one task",
              .unit = "ns",
              .ours = cost.ours_us * 1000,
              .baseline = cost.baseline_us * 1000,
              .baseline_is = "one clock read",
              .measure = cost.ours_us * 1000,
              .reach = 50,
              .gated = false});
  MeterCursor cursor;
  std::vector<double> times;
  for (int i = 0; i < 101; ++i) {
    const int64_t begin = now_ns();
    const FlowStats stats = window(meter.read(now_ns()), cursor);
    const FlowVerdict verdict = judge(stats);
    times.push_back(static_cast<double>(now_ns() - begin) / 1000 + (verdict.words.empty() ? 1 : 0));
  }
  report.add({.what = "a reading of 6 stages x 2 workers and the verdict",
              .unit = "us",
              .ours = median(times),
              .measure = median(times),
              .reach = 500,
              .gated = false,
              .note = clock_sum == 0 ? "?" : ""});
}

}  // namespace weir::bench
