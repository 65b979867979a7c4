// What a stage costs, how often somebody is woken, how long there and back takes, what is
// allocated.
#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "bench/flow/baselines.h"
#include "bench/flow/cases.h"
#include "bench/flow/core_share.h"
#include "bench/flow/fixtures.h"
#include "bench/support/paired.h"
#include "tests/support/counted_heap.h"

namespace weir::bench {
namespace {

constexpr int kStages = 3;
constexpr uint32_t kCredits = 16;

std::vector<std::shared_ptr<flow::StageBody>> empty_stages(std::size_t count = kStages) {
  return std::vector<std::shared_ptr<flow::StageBody>>(count, std::make_shared<Empty>());
}

constexpr int kHopTasks = 1000;  // a round is shorter than a slice of the system's scheduler
constexpr int kHopRounds = 201;

double weir_task_ns(flow::Pipeline& pipe) {
  Forget sink;
  Numbers numbers(kHopTasks);
  const flow::StreamId stream = must(
      pipe.open_stream({.credits = kCredits, .pulled = true, .source = &numbers, .sink = &sink}));
  pipe.drain(stream);
  (void)pipe.close_stream(stream);
  return static_cast<double>(numbers.pulling_ns()) / kHopTasks;
}

// Of many short rounds: an interruption by something else only ever adds.
double lowest_tenth(std::vector<double> values) {
  const auto place = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 10);
  std::nth_element(values.begin(), place, values.end());
  return *place;
}

struct Hops {
  double ours = 0;
  double tbb = 0;
  double share = 0;  // straight_over_chain()
};

Hops hops_in_turns(int workers) {
  const auto pipe = start(workers, empty_stages());
  std::vector<double> ours, theirs, shares;
  for (int round = 0; round < kHopRounds; ++round) {
    ours.push_back(weir_task_ns(*pipe) / kStages);
    theirs.push_back(tbb_hop_ns(workers, kCredits, kHopTasks));
    shares.push_back(straight_over_chain());
  }
  return {lowest_tenth(ours), lowest_tenth(theirs), median(shares)};
}

// Of the cores that there are, the one that is shared least with a neighbour.
Hops hops_on_the_best_core(std::string& note) {
  Hops best;
  for (const int core : allowed_cores()) {
    const OnCore pinned(core);
    const Hops here = hops_in_turns(1);
    char text[80];
    std::snprintf(text, sizeof text, "core %d: %.0f ns, straight code %.2f; ", core, here.ours,
                  here.share);
    note += text;
    if (best.ours == 0 || here.share < best.share) best = here;
  }
  return best;
}

}  // namespace

void hop(Report& report) {
  for (int workers : {2, 1}) {  // oneTBB counts the cores once, before one is chosen
    std::string note;
    const Hops hops = workers == 1 ? hops_on_the_best_core(note) : hops_in_turns(workers);
    const std::string with = std::to_string(workers) + (workers == 1 ? " worker" : " workers");
    report.add({.what = "hop of an empty stage, " + with + ", time",
                .unit = "ns",
                .ours = hops.ours,
                .measure = hops.ours,
                .reach = workers == 1 ? 80.0 : 120.0,
                .gated = false,
                .note = note});
    report.add({.what = "hop of an empty stage, " + with + ", ratio",
                .unit = "ns",
                .ours = hops.ours,
                .baseline = hops.tbb,
                .baseline_is = "oneTBB parallel_pipeline",
                .measure = hops.ours / hops.tbb,
                .reach = 3});
  }
}

// With and without meters, with three stages and with nine: what six more stages cost more.
void meters_on_and_off(Report& report) {
  const std::unique_ptr<flow::Pipeline> pipes[] = {
      start(1, empty_stages(3)), start(1, empty_stages(3), {.meters = false}),
      start(1, empty_stages(9)), start(1, empty_stages(9), {.meters = false})};
  std::vector<double> times[4];
  for (int round = 0; round < kHopRounds; ++round) {
    for (int p = 0; p < 4; ++p) times[p].push_back(weir_task_ns(*pipes[p]));
  }
  double task[4];
  for (int p = 0; p < 4; ++p) task[p] = lowest_tenth(times[p]);
  const double with = (task[2] - task[0]) / 6;
  const double without = (task[3] - task[1]) / 6;
  report.add({.what = "meters on, one stage more, 1 worker",
              .unit = "ns",
              .ours = with,
              .baseline = without,
              .baseline_is = "meters off, no clock read",
              .measure = with - without,
              .reach = 50,
              .gated = false});
}

void wakes(Report& report) {
  constexpr int kTasks = 20'000;
  Forget sink;
  const auto outside = start(2, empty_stages());
  const flow::StreamId stream = must(outside->open_stream({.credits = kCredits, .sink = &sink}));
  for (int i = 0; i < kTasks; ++i) (void)outside->post(stream, flow::Payload());
  outside->drain();
  const double from_outside = static_cast<double>(outside->wakes()) / kTasks;
  report.add({.what = "wakes per task, posted from outside, 16 credits",
              .unit = "",
              .ours = from_outside,
              .measure = from_outside,
              .reach = 0.25});
  const auto pulled = start(2, empty_stages());
  (void)run_pulled(*pulled, 10 * kTasks, kCredits, &sink);
  const double saturated = static_cast<double>(pulled->wakes()) / (10 * kTasks);
  report.add({.what = "wakes per task, saturated, pulled",
              .unit = "",
              .ours = saturated,
              .measure = saturated,
              .reach = 0.01});
}

namespace {

double round_trip_p50_ns(flow::Pipeline& pipe, flow::StreamId stream, int rounds, bool here) {
  std::vector<double> times;
  for (int i = 0; i < rounds; ++i) {
    const int64_t begin = now_ns();
    const flow::Ticket ticket = must(pipe.post(stream, flow::Payload(), {.may_run_here = here}));
    (void)must(pipe.wait(ticket));
    times.push_back(static_cast<double>(now_ns() - begin));
  }
  return median(times);
}

}  // namespace

void round_trip(Report& report) {
  const auto pipe = start(1, {std::make_shared<Empty>()});
  const flow::StreamId stream = must(pipe->open_stream({.credits = 4}));
  std::vector<double> here, there, bare;
  for (int round = 0; round < 9; ++round) {
    here.push_back(round_trip_p50_ns(*pipe, stream, 200, true));
    there.push_back(round_trip_p50_ns(*pipe, stream, 200, false));
    bare.push_back(ping_pong_p50_ns(200));
  }
  report.add({.what = "post, wait, run by the caller, p50",
              .unit = "us",
              .ours = median(here) / 1000,
              .measure = median(here) / 1000,
              .reach = 5,
              .gated = false});
  report.add({.what = "post, wait, run by a worker, p50",
              .unit = "us",
              .ours = median(there) / 1000,
              .baseline = median(bare) / 1000,
              .baseline_is = "condition-variable ping-pong",
              .measure = median(there) / median(bare),
              .reach = 1.3});
}

void allocations(Report& report) {
  constexpr int kTasks = 50'000;
  const auto pipe = start(2, empty_stages());
  Forget sink;
  Numbers numbers(2 * kTasks);
  const flow::StreamId stream = must(
      pipe->open_stream({.credits = kCredits, .pulled = true, .source = &numbers, .sink = &sink}));
  while (sink.count.load() < kTasks / 2) std::this_thread::yield();
  const uint64_t before = test::heap_use().calls;
  const int counted_from = sink.count.load();
  while (sink.count.load() < 2 * kTasks - kTasks / 2) std::this_thread::yield();
  const int counted = sink.count.load() - counted_from;
  const uint64_t calls = test::heap_use().calls - before;
  pipe->drain(stream);
  const double per_task = static_cast<double>(calls) / counted;
  report.add({.what = "allocations per task, steady state",
              .unit = "",
              .ours = per_task,
              .measure = per_task,
              .reach = 0});
}

}  // namespace weir::bench
