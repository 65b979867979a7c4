// How near the flow comes to what the work itself allows: devices, cores, order, chained steps.
#include <sys/prctl.h>

#include <algorithm>
#include <random>

#include "bench/flow/baselines.h"
#include "bench/flow/cases.h"
#include "bench/flow/fixtures.h"
#include "bench/support/paired.h"

namespace weir::bench {
namespace {

// A timed wait with the least slack that the kernel gives.
void doze(int64_t ns) {
  thread_local const bool exact = ::prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL) == 0;
  (void)exact;
  std::this_thread::sleep_for(std::chrono::nanoseconds(ns));
}

std::shared_ptr<flow::StageBody> dozing(int64_t ns) {
  return std::make_shared<Call>([ns](flow::Slot&) { doze(ns); });
}

double p99_ns(std::vector<int64_t> delays) {
  if (delays.empty()) return 0;
  const auto rank = delays.begin() + static_cast<std::ptrdiff_t>(delays.size() * 99 / 100);
  std::nth_element(delays.begin(), rank, delays.end());
  return static_cast<double>(*rank);
}

}  // namespace

namespace {

const std::vector<int> kLanes = {1, 4, 2};  // and as many ms

ChainRun run_device_flow(int tasks, uint32_t credits) {
  flow::GraphSpec spec;
  std::vector<std::shared_ptr<flow::StageBody>> bodies;
  for (int count : kLanes) {
    bodies.push_back(std::make_shared<OnDevice>(count, count * 1'000'000));
  }
  spec.stages = in_a_row(bodies);
  for (std::size_t i = 0; i < kLanes.size(); ++i) {
    flow::ExecutorSpec executor;
    executor.name = "device " + std::to_string(i);
    executor.kind = flow::ExecutorKind::kDevice;
    executor.workers = 1;  // submits, never blocks
    executor.lanes = static_cast<uint32_t>(kLanes[i]);
    spec.stages[i].executor = executor.name;
    spec.executors.push_back(std::move(executor));
  }
  const auto pipe = start(std::move(spec));
  Forget sink(static_cast<std::size_t>(tasks));
  ChainRun run;
  run.seconds = run_pulled(*pipe, tasks, credits, &sink);
  run.delays_ns = sink.delays_ns;
  return run;
}

}  // namespace

void device_stages(Report& report) {
  constexpr int kTasks = 2'000;  // filling the row takes the time of 7
  constexpr uint32_t kNeed = 7;  // 1 + 4 + 2 ms at one task a millisecond
  constexpr uint32_t kCredits = kNeed + 1;
  std::vector<double> rate, bound, p99, over_bare, bare_over_bound;
  for (int round = 0; round < 3; ++round) {
    const ChainRun bare = run_bare_chain(kLanes, kTasks, kCredits);
    const ChainRun ours = run_device_flow(kTasks, kCredits);
    rate.push_back(kTasks / ours.seconds);
    bound.push_back(kCredits / rate.back() * 1e9);
    p99.push_back(p99_ns(ours.delays_ns));
    over_bare.push_back(p99.back() / p99_ns(bare.delays_ns));
    bare_over_bound.push_back(p99_ns(bare.delays_ns) / (kCredits * bare.seconds / kTasks * 1e9));
  }
  report.add({.what = "device stages 1, 4, 2 ms on 1, 4, 2 lanes, N = 8",
              .unit = "tasks/s",
              .ours = median(rate),
              .baseline = 1000,
              .baseline_is = "min of lanes / time",
              .measure = median(rate) / 1000,
              .reach = 0.99,
              .sense = Sense::kAtLeast});
  char note[64];
  std::snprintf(note, sizeof note, "the bare chain: %.2f x its own", median(bare_over_bound));
  report.add({.what = "device stages, p99 of the delay",
              .unit = "ms",
              .ours = median(p99) / 1e6,
              .baseline = median(bound) / 1e6,
              .baseline_is = "N / throughput",
              .measure = median(p99) / median(bound),
              .reach = 1.1,
              .gated = false,
              .note = note});
  report.add({.what = "device stages, p99 of the delay, to a bare chain",
              .unit = "ms",
              .ours = median(p99) / 1e6,
              .baseline = median(p99) / median(over_bare) / 1e6,
              .baseline_is = "the same devices without a flow",
              .measure = median(over_bare),
              .reach = 1.1});
}

void cpu_stages(Report& report) {
  constexpr int kTasks = 80;
  constexpr uint32_t kCredits = 4;
  const int cores = 2;
  const int64_t rounds = rounds_for(1000);
  const auto body = std::make_shared<Call>([rounds](flow::Slot&) { burn(rounds); });
  struct Side {
    int workers;
    std::vector<double> ratio, rate, p99;
  };
  std::vector<double> plain;
  Side sides[] = {{cores, {}, {}, {}}, {3 * cores, {}, {}, {}}};
  for (int round = 0; round < 7; ++round) {
    plain.push_back(plain_threads_s(cores, kTasks, [rounds](int) {
      for (int s = 0; s < 3; ++s) burn(rounds);
    }));
    for (Side& side : sides) {
      const auto pipe = start(side.workers, {body, body, body});
      Forget sink(kTasks);
      const auto credits = std::max(kCredits, static_cast<uint32_t>(side.workers * 3 / 2));
      const double seconds = run_pulled(*pipe, kTasks, credits, &sink);
      side.ratio.push_back(plain.back() / seconds);
      side.rate.push_back(kTasks / seconds);
      side.p99.push_back(p99_ns(sink.delays_ns) / (credits / side.rate.back() * 1e9));
    }
  }
  for (const Side& side : sides) {
    const std::string with = std::to_string(side.workers) + " workers";
    report.add({.what = "CPU-bound, 3 stages of 1 ms, " + with,
                .unit = "tasks/s",
                .ours = median(side.rate),
                .baseline = kTasks / median(plain),
                .baseline_is = "2 plain threads",
                .measure = median(side.ratio),
                .reach = side.workers == cores ? 0.97 : 0.92,
                .sense = Sense::kAtLeast});
  }
  report.add({.what = "CPU-bound, 2 workers, p99 of the delay",
              .unit = "x N/thr",
              .ours = median(sides[0].p99),
              .measure = median(sides[0].p99),
              .reach = 1.1});
}

void order(Report& report) {
  constexpr int kTasks = 120;
  constexpr int kWorkers = 4;
  std::mt19937_64 random(3);
  std::uniform_int_distribution<int64_t> spread(5'000'000, 15'000'000);
  std::vector<int64_t> times(kTasks);
  for (int64_t& time : times) time = spread(random);
  std::vector<double> ratio, ordered, unordered;
  for (int round = 0; round < 5; ++round) {
    unordered.push_back(plain_threads_s(
        kWorkers, kTasks, [&](int task) { doze(times[static_cast<std::size_t>(task)]); }));
    const auto body = std::make_shared<Call>(
        [&](flow::Slot& slot) { doze(times[static_cast<std::size_t>(slot.seq())]); });
    const auto pipe = start(kWorkers, {body});
    Forget sink;
    ordered.push_back(run_pulled(*pipe, kTasks, 6, &sink));
    ratio.push_back(unordered.back() / ordered.back());
  }
  report.add({.what = "order and 4 parallel inferences of 5 to 15 ms, N = 6",
              .unit = "tasks/s",
              .ours = kTasks / median(ordered),
              .baseline = kTasks / median(unordered),
              .baseline_is = "4 plain threads, no order",
              .measure = median(ratio),
              .reach = 0.985,
              .sense = Sense::kAtLeast});
}

void single_frame(Report& report) {
  const auto pipe = start(2, {dozing(1'000'000), dozing(1'000'000), dozing(1'000'000)});
  const flow::StreamId stream = must(pipe->open_stream({.credits = 4}));
  const auto work = [] {
    for (int s = 0; s < 3; ++s) doze(1'000'000);
  };
  HandOver other(work);
  std::vector<double> over, wakes;
  const auto timed = [](auto run) {
    const int64_t begin = now_ns();
    run();
    return static_cast<double>(now_ns() - begin);
  };
  for (int round = 0; round < 150; ++round) {
    const double alone = timed(work);
    wakes.push_back(timed([&] { other.run(); }) - alone);
    const auto post_and_wait = [&] { (void)must(pipe->wait(must(pipe->post(stream, {})))); };
    over.push_back(timed(post_and_wait) - alone);
  }
  report.add({.what = "a single frame of 3 x 1 ms, over its work",
              .unit = "us",
              .ours = median(over) / 1000,
              .baseline = median(wakes) / 1000,
              .baseline_is = "two wakes: work handed to a thread",
              .measure = median(over) / median(wakes),
              .reach = 1,
              .gated = false});
}

void chained(Report& report) {
  constexpr int kTasks = 150;
  const auto on_own = [](std::vector<std::shared_ptr<flow::StageBody>> bodies) {
    flow::GraphSpec spec;
    spec.stages = in_a_row(bodies);
    for (std::size_t s = 0; s < bodies.size(); ++s) {
      flow::ExecutorSpec executor;
      executor.name = "own " + std::to_string(s);
      spec.stages[s].executor = executor.name;
      spec.executors.push_back(std::move(executor));
    }
    return spec;
  };
  std::vector<double> both, slower, ratio;
  for (int round = 0; round < 5; ++round) {
    Forget sink;
    const auto alone = start(on_own({dozing(3'000'000)}));
    slower.push_back(run_pulled(*alone, kTasks, 4, &sink));
    const auto chain = start(on_own({dozing(2'000'000), dozing(3'000'000)}));
    both.push_back(run_pulled(*chain, kTasks, 4, &sink));
    ratio.push_back(slower.back() / both.back());
  }
  report.add({.what = "two steps chained, 2 and 3 ms",
              .unit = "tasks/s",
              .ours = kTasks / median(both),
              .baseline = kTasks / median(slower),
              .baseline_is = "the slower one alone",
              .measure = median(ratio),
              .reach = 0.97,
              .sense = Sense::kAtLeast});
}

}  // namespace weir::bench
