// Ten minutes at full rate with flat memory: WEIR_SOAK_SECONDS=20 tries it short.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <numeric>
#include <vector>

#include "weir/flow/pipeline.h"

namespace weir::flow {
namespace {

#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
constexpr bool kMemoryIsOurs = false;  // a sanitizer keeps books of its own, which grow
#else
constexpr bool kMemoryIsOurs = true;
#endif

double resident_kib() {
  std::ifstream statm("/proc/self/statm");
  int64_t whole = 0;
  int64_t resident = 0;
  statm >> whole >> resident;
  return static_cast<double>(resident * ::sysconf(_SC_PAGESIZE)) / 1024;
}

// KiB a second, by least squares over one sample a second.
double slope(const std::vector<double>& samples) {
  const auto n = static_cast<double>(samples.size());
  const double mean_x = (n - 1) / 2;
  const double mean_y = std::accumulate(samples.begin(), samples.end(), 0.0) / n;
  double above = 0;
  double below = 0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const double x = static_cast<double>(i) - mean_x;
    above += x * (samples[i] - mean_y);
    below += x * x;
  }
  return below > 0 ? above / below : 0;
}

struct Split final : StageBody {
  StageResult run(Slot& slot, StopToken) override {
    if (slot.seq() % 97 == 0) return StageResult::fail(Error(ErrorCode::kInternal, "planned"));
    return StageResult::fan_out(static_cast<uint32_t>(slot.seq() % 4));
  }
};
struct Pass final : StageBody {
  StageResult run(Slot&, StopToken) override { return StageResult::done(); }
};

struct Endless final : Source {
  Pulled pull(Payload& payload, int64_t&) override {
    if (closed.load(std::memory_order_relaxed)) return Pulled::kEnd;
    payload = Payload::own(std::make_unique<std::vector<int>>(64));
    return Pulled::kInput;
  }
  std::atomic<bool> closed{false};
};
struct Drop final : ResultSink {
  void on_result(Finished) override {}
};

TEST(FlowSoak, MemoryStaysFlatAtFullRate) {
  const char* given = std::getenv("WEIR_SOAK_SECONDS");
  const int seconds = given != nullptr ? std::max(4, std::atoi(given)) : 600;
  GraphSpec spec;
  spec.executors = {{.name = "cpu", .workers = 2}};
  spec.stages = {{.name = "split", .fans_out = true, .body = std::make_shared<Split>()},
                 {.name = "item", .items_of = "split", .body = std::make_shared<Pass>()},
                 {.name = "join", .joins = "split", .body = std::make_shared<Pass>()},
                 {.name = "track", .kind = StageKind::kSerial, .body = std::make_shared<Pass>()}};
  spec.stages[3].after = {"join"};
  auto pipe = Pipeline::start(Graph::compile(spec).value()).value();
  Drop sink;
  std::vector<std::unique_ptr<Endless>> sources;
  std::vector<StreamId> streams;
  const auto open = [&] {
    sources.push_back(std::make_unique<Endless>());
    streams.push_back(
        pipe->open_stream(
                {.credits = 16, .pulled = true, .source = sources.back().get(), .sink = &sink})
            .value());
  };
  for (int s = 0; s < 4; ++s) open();

  std::vector<double> resident;
  MeterCursor cursor;
  for (int second = 0; second < seconds; ++second) {
    EXPECT_FALSE(pipe->wait(pipe->now_ns() + 1'000'000'000));  // nothing comes: a second passes
    (void)pipe->stats(cursor);
    sources.front()->closed = true;  // streams come and go
    pipe->drain(streams.front());
    EXPECT_TRUE(pipe->close_stream(streams.front()));
    streams.erase(streams.begin());
    sources.erase(sources.begin());
    open();
    if (second >= seconds / 5) resident.push_back(resident_kib());
  }
  for (const auto& source : sources) source->closed = true;
  pipe->drain();
  const TaskCounts totals = pipe->totals();
  EXPECT_EQ(totals.admitted, totals.ended());
  const double per_second = slope(resident);
  std::printf("%llu tasks in %d s, %.0f KiB resident, slope %.3f KiB/s\n",
              static_cast<unsigned long long>(totals.ended()), seconds, resident.back(),
              per_second);
  if (!kMemoryIsOurs) return;
  EXPECT_LT(per_second * seconds, 1024) << "grows by more than a MiB in the time of the test";
}

}  // namespace
}  // namespace weir::flow
