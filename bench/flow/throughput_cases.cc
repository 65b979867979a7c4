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

void device_stages(Report& report) {
  constexpr int kTasks = 1500;
  constexpr uint32_t kNeed = 7;  // 1 + 4 + 2 ms at one task a millisecond
  constexpr uint32_t kCredits = kNeed + 1;
  flow::GraphSpec spec;
  const int lanes[] = {1, 4, 2};
  std::vector<std::shared_ptr<flow::StageBody>> bodies;
  for (int count : lanes) {
    bodies.push_back(std::make_shared<OnDevice>(count, count * 1'000'000));
  }
  spec.stages = in_a_row(bodies);
  for (int i = 0; i < 3; ++i) {
    flow::ExecutorSpec executor;
    executor.name = "device " + std::to_string(i);
    executor.kind = flow::ExecutorKind::kDevice;
    executor.workers = 1;  // submits, never blocks
    executor.lanes = static_cast<uint32_t>(lanes[i]);
    spec.stages[static_cast<std::size_t>(i)].executor = executor.name;
    spec.executors.push_back(std::move(executor));
  }
  const auto pipe = start(std::move(spec));
  Forget sink(kTasks);
  const double seconds = run_pulled(*pipe, kTasks, kCredits, &sink);
  const double rate = kTasks / seconds;
  report.add({.what = "device stages 1, 4, 2 ms on 1, 4, 2 lanes, N = 8",
              .unit = "tasks/s",
              .ours = rate,
              .baseline = 1000,
              .baseline_is = "min of lanes / time",
              .measure = rate / 1000,
              .reach = 0.99,
              .sense = Sense::kAtLeast});
  const double bound_ns = kCredits / rate * 1e9;
  const double p99 = p99_ns(sink.delays_ns);
  report.add({.what = "device stages, p99 of the delay",
              .unit = "ms",
              .ours = p99 / 1e6,
              .baseline = bound_ns / 1e6,
              .baseline_is = "N / throughput",
              .measure = p99 / bound_ns,
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
  std::vector<double> over, ours, plain, ping;
  for (int round = 0; round < 60; ++round) {
    int64_t begin = now_ns();
    for (int s = 0; s < 3; ++s) doze(1'000'000);
    plain.push_back(static_cast<double>(now_ns() - begin));
    begin = now_ns();
    const flow::Ticket ticket = must(pipe->post(stream, flow::Payload()));
    (void)must(pipe->wait(ticket));
    ours.push_back(static_cast<double>(now_ns() - begin));
    over.push_back(ours.back() - plain.back());
    if (round % 10 == 0) ping.push_back(ping_pong_p50_ns(50));
  }
  report.add({.what = "a single frame of 3 x 1 ms, over its work",
              .unit = "us",
              .ours = median(over) / 1000,
              .baseline = median(ping) / 1000,
              .baseline_is = "two wakes: a ping-pong",
              .measure = median(over) / median(ping),
              .reach = 1,
              .gated = false,
              .note = "timed waits after a wake from idle run late on some machines"});
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
