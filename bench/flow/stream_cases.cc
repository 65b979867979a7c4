// Live sources under overload, and many streams at once.
#include <sys/resource.h>

#include <algorithm>

#include "bench/flow/cases.h"
#include "bench/flow/fixtures.h"
#include "bench/support/paired.h"
#include "tests/support/counted_heap.h"

namespace weir::bench {
namespace {

double cpu_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

// Calls `step(i, when it was due)` every `every_ns`, `count` times, by the clock and not by the sum
// of the waits.
template <class Step>
void paced(int count, int64_t every_ns, Step step) {
  const int64_t begin = now_ns();
  for (int i = 0; i < count; ++i) {
    const int64_t due_ns = begin + i * every_ns;
    const int64_t wait = due_ns - now_ns();
    if (wait > 0) std::this_thread::sleep_for(std::chrono::nanoseconds(wait));
    step(i, due_ns);
  }
}

}  // namespace

void live(Report& report) {
  constexpr int kOffers = 6000;
  constexpr uint32_t kCredits = 2;
  const auto pipe = start(1, {std::make_shared<Call>([](flow::Slot&) {
                            std::this_thread::sleep_for(std::chrono::milliseconds(2));
                          })});
  Forget sink(kOffers);
  const flow::StreamId stream = must(pipe->open_stream(
      {.credits = kCredits, .mailbox = flow::MailboxPolicy::kLatest, .sink = &sink}));
  flow::MeterCursor cursor;
  paced(kOffers, 200'000, [&](int, int64_t) { (void)pipe->offer(stream, flow::Payload()); });
  pipe->drain(stream);
  const flow::FlowStats stats = pipe->stats(cursor);
  const flow::TaskCounts counts = must(pipe->counts(stream));
  const double bound_ns = (kCredits + 1) * static_cast<double>(stats.stages[0].service.max_ns);
  const double oldest =
      static_cast<double>(*std::max_element(sink.delays_ns.begin(), sink.delays_ns.end()));
  report.add({.what = "live source at 10 x the capacity, oldest result",
              .unit = "ms",
              .ours = oldest / 1e6,
              .baseline = bound_ns / 1e6,
              .baseline_is = "(credits + 1) x longest service",
              .measure = oldest / bound_ns,
              .reach = 1});
  const auto lost = static_cast<double>(counts.offered) -
                    static_cast<double>(counts.admitted + counts.dropped_at_source);
  const double missing = static_cast<double>(counts.admitted) - sink.count.load();
  const double wrong =
      std::abs(lost) + std::abs(missing) + std::abs(static_cast<double>(counts.offered) - kOffers);
  report.add({.what = "live source, tasks that the counts do not explain",
              .unit = "",
              .ours = wrong,
              .measure = wrong,
              .reach = 0,
              .note = std::to_string(counts.dropped_at_source) + " of " +
                      std::to_string(counts.offered) + " dropped"});
}

namespace {

struct ScaleResult {
  double p95_ns;
  double cpu_us;
};

ScaleResult at_fixed_rate(std::size_t streams, int tasks, int64_t every_ns, int64_t rounds) {
  const auto body = std::make_shared<Call>([rounds](flow::Slot&) { burn(rounds); });
  const auto pipe = start(2, {body, body});
  std::vector<std::unique_ptr<Forget>> sinks;
  std::vector<flow::StreamId> ids;
  for (std::size_t s = 0; s < streams; ++s) {
    sinks.push_back(std::make_unique<Forget>(static_cast<std::size_t>(tasks)));
    ids.push_back(must(pipe->open_stream({.credits = 4, .sink = sinks.back().get()})));
  }
  const double before = cpu_seconds();
  // Born when it was due, so that waiting for a credit counts too: one stream has fewer of them.
  paced(tasks, every_ns, [&](int i, int64_t due_ns) {
    (void)pipe->post(ids[static_cast<std::size_t>(i) % streams], flow::Payload(),
                     flow::PostOptions{.birth_ns = due_ns});
  });
  pipe->drain();
  const double cpu = cpu_seconds() - before;
  std::vector<int64_t> delays;
  for (const auto& sink : sinks) {
    delays.insert(delays.end(), sink->delays_ns.begin(), sink->delays_ns.end());
  }
  const auto rank = delays.begin() + static_cast<std::ptrdiff_t>(delays.size() * 95 / 100);
  std::nth_element(delays.begin(), rank, delays.end());
  return {static_cast<double>(*rank), cpu / tasks * 1e6};
}

}  // namespace

void scale(Report& report) {
  const std::size_t kStreams[] = {1, 8, 64, 512};
  const int64_t rounds = rounds_for(50);
  std::vector<double> p95[4], cpu[4];
  for (int round = 0; round < 5; ++round) {
    for (std::size_t s = 0; s < 4; ++s) {
      const ScaleResult result = at_fixed_rate(kStreams[s], 600, 500'000, rounds);
      p95[s].push_back(result.p95_ns);
      cpu[s].push_back(result.cpu_us);
    }
  }
  const auto add = [&](const std::string& what, const std::string& unit, double divide,
                       std::vector<double>* values) {
    for (std::size_t s = 1; s < 4; ++s) {
      std::vector<double> ratios;
      for (std::size_t i = 0; i < values[s].size(); ++i) {
        ratios.push_back(values[s][i] / values[0][i]);
      }
      report.add({.what = what + ", " + std::to_string(kStreams[s]) + " streams",
                  .unit = unit,
                  .ours = median(values[s]) / divide,
                  .baseline = median(values[0]) / divide,
                  .baseline_is = "one stream, the same rate",
                  .measure = median(ratios),
                  .reach = 1.15});
    }
  };
  add("p95 of the delay", "us", 1000, p95);
  add("CPU of a task", "us", 1, cpu);

  const auto pipe = start(2, {std::make_shared<Empty>(), std::make_shared<Empty>()});
  const uint64_t before = test::heap_use().bytes;
  constexpr int kIdle = 256;
  for (int i = 0; i < kIdle; ++i) (void)must(pipe->open_stream({.credits = 16}));
  const double each = static_cast<double>(test::heap_use().bytes - before) / kIdle;
  report.add({.what = "memory of an idle stream with 16 credits",
              .unit = "KiB",
              .ours = each / 1024,
              .measure = each / 1024,
              .reach = 64});
}

}  // namespace weir::bench
