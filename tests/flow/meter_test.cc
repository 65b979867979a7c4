#include "weir/flow/meter.h"

#include <gtest/gtest.h>

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <mutex>
#include <thread>

#include "weir/flow/graph.h"
#include "weir/flow/thread_driver.h"
#include "weir/flow/thread_usage.h"

namespace weir::flow {
namespace {

constexpr int64_t kMs = 1'000'000;

class NoBody final : public StageBody {
 public:
  StageResult run(Slot&, StopToken) override { return {}; }
};

// Two executors; prepare → infer, track (serial per stream) beside infer.
MeterLayout two_executors() {
  MeterLayout layout;
  layout.executors = {{"cpu", 2}, {"gpu", 1, true}};
  layout.stages = {{"prepare of faces", 0, 0, {1}},
                   {"infer of faces", 1, 0, {}},
                   {"track", 0, MeterLayout::kPerStream, {}}};
  layout.cores = 2;
  return layout;
}
constexpr int kPrepare = 0;
constexpr int kInfer = 1;
constexpr int kTrack = 2;

TEST(Meter, DepthAndBusyAreWeightedByTime) {
  Meter meter(two_executors());
  meter.stage_waits(kPrepare, 0, 2);
  meter.stage_begins(kPrepare, 25 * kMs);  // two waited for 25 ms, one more for another 25
  meter.stage_begins(kPrepare, 50 * kMs);
  meter.stage_ends(kPrepare, 75 * kMs);
  meter.stage_ends(kPrepare, 75 * kMs);
  MeterCursor cursor;
  const FlowStats stats = window(meter.read(100 * kMs), cursor);
  const StageStats& prepare = stats.stages[kPrepare];
  EXPECT_DOUBLE_EQ(prepare.depth_mean, 0.75);
  EXPECT_DOUBLE_EQ(prepare.full_share, 0.5);
  EXPECT_DOUBLE_EQ(prepare.empty_share, 0.5);
  EXPECT_DOUBLE_EQ(prepare.busy_mean, 0.75);
  EXPECT_EQ(prepare.begun, 2U);
  EXPECT_EQ(prepare.ended, 2U);
  EXPECT_DOUBLE_EQ(stats.executors[0].busy_mean, 0.75);
  EXPECT_DOUBLE_EQ(stats.executors[0].full_share, 0.5);
  EXPECT_DOUBLE_EQ(stats.executors[1].busy_mean, 0);
}

TEST(Meter, BodiesThatAreTimedTogetherShareTheirTimeButNotTheirWaits) {
  Meter meter(two_executors());
  meter.record_many(0, kPrepare, 60, 4, [](int i) { return 2 * i; });
  MeterCursor cursor;
  const StageStats prepare = window(meter.read(kMs), cursor).stages[kPrepare];
  EXPECT_EQ(prepare.service.count, 4U);
  EXPECT_DOUBLE_EQ(prepare.service.mean_ns, 15);
  EXPECT_EQ(prepare.service.max_ns, 15);
  EXPECT_EQ(prepare.wait.count, 4U);
  EXPECT_DOUBLE_EQ(prepare.wait.mean_ns, 3);
  EXPECT_EQ(prepare.wait.max_ns, 6);
  EXPECT_DOUBLE_EQ(prepare.batch_mean, 1);
}

TEST(Meter, KnowsHowLongAWorkerIsInsideASource) {
  Meter meter(two_executors());
  meter.open_stream(0, "file", Feed::kPulled, 4, 0);
  meter.pull_begins(0, 10 * kMs);
  meter.pull_ends(0, 40 * kMs);
  meter.pull_begins(0, 90 * kMs);
  MeterCursor cursor;
  const FlowStats stats = window(meter.read(100 * kMs), cursor);
  EXPECT_DOUBLE_EQ(stats.streams[0].pull_mean, 0.4);
}

TEST(Meter, TheQuotaIsThatOfTheWindow) {
  Meter meter(two_executors());
  MeterCursor cursor;
  EXPECT_DOUBLE_EQ(window(meter.read(10 * kMs), cursor).quota_share, -1);
  meter.set_quota_use(100, 90);
  EXPECT_DOUBLE_EQ(window(meter.read(20 * kMs), cursor).quota_share, 0.9);
  meter.set_quota_use(110, 91);
  EXPECT_DOUBLE_EQ(window(meter.read(30 * kMs), cursor).quota_share, 0.1);
  EXPECT_DOUBLE_EQ(window(meter.read(40 * kMs), cursor).quota_share, -1);
}

// A machine made of files: a container with a quota.
TEST(Meter, ReadsHowOftenTheQuotaOfTheContainerWasUsedUp) {
  namespace fs = std::filesystem;
  const fs::path root = fs::temp_directory_path() / ("weir_quota_" + std::to_string(::getpid()));
  const auto write = [&](const char* path, const std::string& text) {
    fs::create_directories((root / path).parent_path());
    std::ofstream(root / path) << text;
  };
  write("proc/self/cgroup", "0::/box\n");
  write("sys/fs/cgroup/box/cpu.stat", "usage_usec 9\nnr_periods 50\nnr_throttled 50\n");
  GraphSpec spec;
  spec.stages = {{.name = "a", .body = std::make_shared<NoBody>()}};
  ThreadDriver driver(*Graph::compile(spec), {.system_root = root.string()});
  write("sys/fs/cgroup/box/cpu.stat", "usage_usec 9\nnr_periods 150\nnr_throttled 112\n");
  driver.measure_usage();
  MeterCursor cursor;
  EXPECT_DOUBLE_EQ(window(driver.meter()->read(driver.now()), cursor).quota_share, 0.62);
  fs::remove_all(root);
}

TEST(Meter, EachReaderHasItsOwnWindow) {
  Meter meter(two_executors());
  MeterCursor often;
  MeterCursor seldom;
  meter.record(0, kPrepare, 10, 1000);
  EXPECT_EQ(window(meter.read(10 * kMs), often).stages[kPrepare].service.count, 1U);
  meter.stage_waits(kPrepare, 10 * kMs);
  meter.record(1, kPrepare, 10, 3000);
  const FlowStats second = window(meter.read(20 * kMs), often);
  EXPECT_EQ(second.from_ns, 10 * kMs);
  EXPECT_EQ(second.stages[kPrepare].service.count, 1U);
  EXPECT_DOUBLE_EQ(second.stages[kPrepare].service.mean_ns, 3000);
  EXPECT_DOUBLE_EQ(second.stages[kPrepare].full_share, 1);
  const FlowStats whole = window(meter.read(20 * kMs), seldom);
  EXPECT_EQ(whole.from_ns, 0);
  EXPECT_EQ(whole.stages[kPrepare].service.count, 2U);
  EXPECT_DOUBLE_EQ(whole.stages[kPrepare].service.mean_ns, 2000);
  EXPECT_DOUBLE_EQ(whole.stages[kPrepare].full_share, 0.5);
}

TEST(Meter, BatchSizeIsItemsToABody) {
  Meter meter(two_executors());
  meter.record(2, kInfer, 5, 1000, 8);
  meter.record(Meter::kOffWorker, kInfer, 5, 1000, 4);
  MeterCursor cursor;
  const FlowStats stats = window(meter.read(1), cursor);
  EXPECT_EQ(stats.stages[kInfer].service.count, 2U);
  EXPECT_DOUBLE_EQ(stats.stages[kInfer].batch_mean, 6);
}

TEST(Meter, WhoGivesUpWaitingLeavesTheQueueWithoutHavingBegun) {
  Meter meter(two_executors());
  meter.stage_waits(kPrepare, 0);
  meter.stage_gives_up(kPrepare, 10 * kMs);
  MeterCursor cursor;
  const FlowStats stats = window(meter.read(20 * kMs), cursor);
  EXPECT_DOUBLE_EQ(stats.stages[kPrepare].full_share, 0.5);
  EXPECT_EQ(stats.stages[kPrepare].begun, 0U);
}

TEST(Meter, CountsOfAStreamAddUpAndStayWhenItCloses) {
  Meter meter(two_executors());
  meter.open_stream(0, "gate", Feed::kLive, 2, 0);
  meter.open_stream(1, "yard", Feed::kPulled, 1, 0);
  const Outcome ends[] = {Outcome::kDone, Outcome::kSkipped, Outcome::kDroppedStop,
                          Outcome::kDroppedDeadline, Outcome::kFailed};
  for (Outcome outcome : ends) {
    meter.offered(0);
    meter.admitted(0, 0);
    meter.ended(0, outcome, -2 * kMs, 0, 5 * kMs);
    meter.taken(0, 5 * kMs);
    meter.credit_back(0, 5 * kMs);
  }
  meter.offered(0);
  meter.dropped_at_source(0);
  MeterCursor cursor;
  const FlowStats stats = window(meter.read(10 * kMs), cursor);
  ASSERT_EQ(stats.streams.size(), 2U);
  const StreamStats& gate = stats.streams[0];
  EXPECT_EQ(gate.window, gate.total);
  EXPECT_EQ(gate.total.offered, gate.total.admitted + gate.total.dropped_at_source);
  EXPECT_EQ(gate.total.admitted, gate.total.ended());
  EXPECT_EQ(gate.total.dropped(), 2U);
  EXPECT_EQ(gate.delay_from_birth.count, 1U);  // of done ones
  EXPECT_NEAR(static_cast<double>(gate.delay_from_birth.p50_ns), 7e6, 7e6 * 0.032);
  EXPECT_NEAR(static_cast<double>(gate.delay_from_admission.p50_ns), 5e6, 5e6 * 0.032);
  meter.close_stream(0);
  const FlowStats later = window(meter.read(20 * kMs), cursor);
  EXPECT_EQ(later.streams.size(), 1U);
  EXPECT_EQ(later.total, gate.total);
  meter.open_stream(0, "gate again", Feed::kLive, 2, 20 * kMs);
  EXPECT_EQ(window(meter.read(30 * kMs), cursor).streams[0].total.offered, 0U);
}

TEST(Meter, CreditsAndOutputHaveShares) {
  Meter meter(two_executors());
  meter.open_stream(0, "gate", Feed::kPulled, 2, 0);
  meter.admitted(0, 0);
  meter.admitted(0, 25 * kMs);
  meter.ended(0, Outcome::kDone, 0, 0, 50 * kMs);
  meter.taken(0, 75 * kMs);
  meter.credit_back(0, 75 * kMs);
  MeterCursor cursor;
  const StreamStats gate = window(meter.read(100 * kMs), cursor).streams[0];
  EXPECT_DOUBLE_EQ(gate.all_credits_share, 0.5);
  EXPECT_DOUBLE_EQ(gate.in_flight_mean, 1.5);
  EXPECT_DOUBLE_EQ(gate.no_credits_share, 0);
  EXPECT_DOUBLE_EQ(gate.output_full_share, 0.25);
}

TEST(Meter, AStreamThatCameLateHasOnlyItsOwnTime) {
  Meter meter(two_executors());
  MeterCursor cursor;
  meter.open_stream(0, "late", Feed::kPulled, 1, 90 * kMs);
  meter.admitted(0, 95 * kMs);
  EXPECT_DOUBLE_EQ(window(meter.read(100 * kMs), cursor).streams[0].all_credits_share, 0.5);
}

TEST(Meter, ASerialStageThatIsBusyAndWaitedForIsPressed) {
  Meter meter(two_executors());
  meter.open_stream(0, "gate", Feed::kPulled, 4, 0);
  int64_t now = 0;
  meter.stage_waits(kTrack, now, 3);
  for (int i = 0; i < 60; ++i, now += kMs) {
    meter.stage_begins(kTrack, now);
    meter.stage_ends(kTrack, now + kMs);
    meter.stage_waits(kTrack, now + kMs);
  }
  EXPECT_TRUE(meter.pressed(kTrack));
  EXPECT_EQ(meter.first_pressed(), kTrack);
  EXPECT_FALSE(meter.pressed(kPrepare));
  meter.open_stream(1, "yard", Feed::kPulled, 4, now);  // now two may run at once, and one does
  for (int i = 0; i < 120; ++i, now += kMs) {
    meter.stage_begins(kTrack, now);
    meter.stage_ends(kTrack, now + kMs);
    meter.stage_waits(kTrack, now + kMs);
  }
  EXPECT_FALSE(meter.pressed(kTrack));
  EXPECT_EQ(meter.first_pressed(), -1);
}

TEST(Meter, ItsLayoutFollowsTheGraphIntoItemsAndBack) {
  struct Nothing : StageBody {
    StageResult run(Slot&, StopToken) override { return StageResult::done(); }
  };
  const auto body = std::make_shared<Nothing>();
  GraphSpec spec;
  spec.executors = {{.name = "cpu", .workers = 2},
                    {.name = "gpu", .kind = ExecutorKind::kDevice, .workers = 3, .lanes = 2}};
  spec.stages = {{.name = "find", .fans_out = true, .body = body},
                 {.name = "look",
                  .after = {"find"},
                  .limit = 4,
                  .items_of = "find",
                  .executor = "gpu",
                  .body = body},
                 {.name = "tell", .after = {"look"}, .joins = "find", .body = body},
                 {.name = "track", .after = {"tell"}, .kind = StageKind::kSerial, .body = body},
                 {.name = "write", .after = {"tell"}, .kind = StageKind::kExclusive, .body = body}};
  auto graph = Graph::compile(spec);
  ASSERT_TRUE(graph) << graph.error().to_string();
  const MeterLayout layout = layout_of(**graph, 8);
  EXPECT_EQ(layout.cores, 8);
  EXPECT_EQ(layout.executors[1].workers, 2);  // lanes: the third only keeps them fed
  EXPECT_TRUE(layout.executors[1].device);
  EXPECT_EQ(layout.stages[0].next, std::vector<int>{1});
  EXPECT_EQ(layout.stages[1].next, std::vector<int>{2});
  EXPECT_EQ(layout.stages[2].next, (std::vector<int>{3, 4}));
  EXPECT_EQ(layout.stages[1].at_once, 4);
  EXPECT_EQ(layout.stages[2].at_once, 0);
  EXPECT_EQ(layout.stages[3].at_once, MeterLayout::kPerStream);
  EXPECT_EQ(layout.stages[4].at_once, 1);
}

TEST(Meter, AnOlderNowCountsAsTheLastOne) {
  Meter meter(two_executors());
  meter.stage_waits(kPrepare, 10);
  meter.stage_begins(kPrepare, 8);  // no time in the queue, not minus two
  meter.stage_ends(kPrepare, 6);
  MeterCursor cursor;
  const StageStats prepare = window(meter.read(20), cursor).stages[kPrepare];
  EXPECT_DOUBLE_EQ(prepare.full_share, 0);
  EXPECT_DOUBLE_EQ(prepare.busy_mean, 0);
}

TEST(Meter, CpuIsSampledAtMostOnceInTenMilliseconds) {
  Meter meter(two_executors());
  EXPECT_TRUE(meter.wants_cpu(0, kPrepare, 5));
  EXPECT_FALSE(meter.wants_cpu(0, kPrepare, 9 * kMs));
  EXPECT_TRUE(meter.wants_cpu(1, kPrepare, 9 * kMs));
  EXPECT_TRUE(meter.wants_cpu(0, kPrepare, 11 * kMs));
  meter.record_cpu(0, kPrepare, 1000, 100);
  meter.record_cpu(1, kPrepare, 1000, 500);
  meter.set_usage(0, 40 * kMs, 10 * kMs);
  MeterCursor cursor;
  const FlowStats stats = window(meter.read(100 * kMs), cursor);
  EXPECT_DOUBLE_EQ(stats.stages[kPrepare].cpu_share, 0.3);
  EXPECT_DOUBLE_EQ(stats.stages[kInfer].cpu_share, -1);
  EXPECT_DOUBLE_EQ(stats.executors[0].cpu_mean, 0.4);
  EXPECT_DOUBLE_EQ(stats.executors[0].ready_mean, 0.1);
  EXPECT_DOUBLE_EQ(stats.executors[1].cpu_mean, -1);
}

TEST(Meter, IsReadWhileWorkersWrite) {
  Meter meter(two_executors());
  std::mutex mutex;
  const auto work = [&](int worker) {
    for (int i = 0; i < 20'000; ++i) {
      {
        std::lock_guard lock(mutex);
        meter.stage_waits(kPrepare, i);
        meter.stage_begins(kPrepare, i);
        meter.stage_ends(kPrepare, i);
      }
      meter.record(worker, kPrepare, 1, i);
    }
  };
  std::thread first(work, 0);
  std::thread second(work, 1);
  MeterCursor cursor;
  uint64_t seen = 0;
  const auto read = [&] {
    std::unique_lock lock(mutex);
    MeterReading reading = meter.read(20'000);
    lock.unlock();
    seen += window(std::move(reading), cursor).stages[kPrepare].service.count;
  };
  for (int i = 0; i < 20; ++i) read();
  first.join();
  second.join();
  read();
  EXPECT_EQ(seen, 40'000U);
}

TEST(ThreadUsage, CountsTheTimeThatAThreadWasOnACore) {
  const auto before = usage_of(thread_number());
  if (!before) GTEST_SKIP() << "this kernel keeps no schedstat";
  const int64_t begin = own_cpu_ns();
  while (own_cpu_ns() - begin < 20 * kMs) {
  }
  const auto after = usage_of(thread_number());
  ASSERT_TRUE(after);
  EXPECT_GE(after->cpu_ns - before->cpu_ns, 10 * kMs);
  EXPECT_FALSE(usage_of(-1));
}

}  // namespace
}  // namespace weir::flow
