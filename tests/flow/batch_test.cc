// Promise 5: batches form across streams; closed by size, by the age of the oldest, or because the
// device is idle; fair between streams.
#include <gtest/gtest.h>

#include <thread>

#include "tests/flow/support/bodies.h"
#include "weir/flow/core.h"

namespace weir::flow {
namespace {

// Looks at batches in the core itself, where time and order are the test's.
class Batches {
 public:
  explicit Batches(BatchSpec batch, uint32_t lanes = 1, Mode mode = Mode::kThroughput) {
    GraphSpec spec;
    spec.executors = {
        {.name = "device", .kind = ExecutorKind::kDevice, .workers = 1, .lanes = lanes}};
    StageSpec infer = stage("infer", {}, body());
    infer.batch = std::move(batch);
    spec.stages = {infer};
    core = std::make_unique<Core>(*Graph::compile(std::move(spec)), CoreOptions{.mode = mode});
    for (StreamId& id : streams) {
      id = *core->open_stream({.credits = 16, .order = Order::kNone}, {}, now);
    }
  }
  void post(int stream) {
    Submission submission;
    EXPECT_EQ(core->submit(streams[stream], submission, now), Admit::kAdmitted);
  }
  // What the worker is given now: the streams of a batch, as digits; "" for nothing.
  std::string take() {
    work = core->take(0, now);
    std::string found;
    if (work.kind != Work::Kind::kJob) return found;
    for (Node* node = work.job.head; node != nullptr; node = node->next) {
      found += std::to_string(node->unit->task->stream->id.index);
    }
    jobs.push_back(work.job);
    return found;
  }
  void finish(std::size_t job) {
    core->complete_pending(jobs[job].head, StageResult::done(), now);
    core->effects().clear();
  }

  int64_t now = 1000;
  StreamId streams[3];
  std::unique_ptr<Core> core;
  Work work;
  std::vector<Job> jobs;
};

TEST(Promise5Batches, AnIdleDeviceTakesWhatIsThereAtOnce) {
  Batches b({.max = 4, .max_age_ns = 500});
  b.post(0);
  EXPECT_EQ(b.take(), "0");
}

TEST(Promise5Batches, ABusyDeviceWaitsForAFullBatchOverAllStreams) {
  Batches b({.max = 4, .max_age_ns = 500});
  b.post(0);
  EXPECT_EQ(b.take(), "0");
  for (const int stream : {0, 1, 2}) b.post(stream);
  EXPECT_EQ(b.take(), "");
  b.post(1);
  EXPECT_EQ(b.take(), "0121");
}

TEST(Promise5Batches, TheAgeOfTheOldestClosesABatch) {
  Batches b({.max = 4, .max_age_ns = 500});
  b.post(0);
  EXPECT_EQ(b.take(), "0");
  b.post(1);
  b.now += 300;
  b.post(2);
  EXPECT_EQ(b.take(), "");
  EXPECT_EQ(b.work.wake_at_ns, 1500);
  b.now += 200;
  EXPECT_EQ(b.take(), "12");
}

TEST(Promise5Batches, StreamsTakeTurnsWhenMoreWaitThanFit) {
  Batches b({.max = 4, .max_age_ns = 500});
  b.post(0);
  EXPECT_EQ(b.take(), "0");
  for (int i = 0; i < 6; ++i) b.post(0);
  b.post(1);
  b.post(2);
  EXPECT_EQ(b.take(), "0120");
}

TEST(Promise5Batches, PreferTheSizesThatTheModelLikes) {
  Batches b({.max = 8, .preferred = {2, 4, 8}, .max_age_ns = 500});
  b.post(0);
  EXPECT_EQ(b.take(), "0");
  for (int i = 0; i < 7; ++i) b.post(i % 3);
  b.finish(0);
  EXPECT_EQ(b.take().size(), 4U);
  b.finish(1);
  EXPECT_EQ(b.take().size(), 2U);
  b.finish(2);
  EXPECT_EQ(b.take().size(), 1U);  // fewer than any preferred size, but the device is idle
}

TEST(Promise5Batches, InLatencyModeNothingWaits) {
  Batches b({.max = 4, .max_age_ns = 500}, 1, Mode::kLatency);
  b.post(0);
  EXPECT_EQ(b.take(), "0");
  b.post(1);
  EXPECT_EQ(b.take(), "1");  // the one ahead of the busy lane
}

TEST(Promise5Batches, ASingleStreamNeverWaits) {
  Batches b({.max = 4, .max_age_ns = 500});
  for (const int stream : {1, 2}) {
    ASSERT_TRUE(b.core->close_stream(b.streams[stream], b.now).has_value());
  }
  b.post(0);
  EXPECT_EQ(b.take(), "0");
  b.post(0);
  EXPECT_EQ(b.take(), "0");
}

// Through the whole pipeline: what differs is not mixed, and one bad unit fails alone.
class Batched final : public StageBody {
 public:
  StageResult run(Slot& slot, StopToken) override {
    return *slot.payload<int>() < 0 ? StageResult::fail(Error(ErrorCode::kCorrupt, "bad"))
                                    : StageResult::done();
  }
  StageResult run_batch(std::span<Slot> slots, std::span<StageResult> results,
                        StopToken stop) override {
    bool bad = false;
    for (const Slot& slot : slots) {
      if ((*slot.payload<int>() & 1) != (*slots[0].payload<int>() & 1)) mixed = true;
      bad |= *slot.payload<int>() < 0;
    }
    if (slots.size() > 1) larger = true;
    if (bad && slots.size() > 1) {
      return StageResult::fail(Error(ErrorCode::kCorrupt, "one of the batch is bad"));
    }
    return StageBody::run_batch(slots, results, stop);
  }
  std::atomic<bool> mixed{false};
  std::atomic<bool> larger{false};
};

TEST(Promise5Batches, BucketsAreNotMixedAndABadUnitFailsAlone) {
  const auto batched = std::make_shared<Batched>();
  Barrier barrier;
  StageSpec prepare = stage("prepare", {}, body([](Slot& slot) {
                              StageResult result;
                              result.bucket = *slot.payload<int>() % 2 == 0 ? 1 : 2;
                              return result;
                            }));
  StageSpec infer = stage("infer", {"prepare"}, batched);
  infer.role = Role::kInfer;
  infer.batch = {.max = 4, .max_age_ns = 1'000'000'000};
  infer.executor = "device";
  StageSpec block = stage("block", {}, body([&] { barrier.pass(); }));
  block.executor = "device";
  block.priority = 1;
  block.step = 0;
  GraphSpec spec;
  spec.executors = {{.name = "cpu", .workers = 1},
                    {.name = "device", .kind = ExecutorKind::kDevice, .workers = 1}};
  spec.stages = {prepare, infer, block};
  auto pipe = start(std::move(spec));
  const StreamId first = open(*pipe, {.credits = 32});
  const StreamId second = open(*pipe, {.credits = 32});
  // One task keeps the device busy until all others wait in the batcher.
  const PostOptions without_block{.steps = StepSet::of(1)};
  ASSERT_TRUE(pipe->post(first, number(100)).has_value());
  barrier.await_arrivals(1);
  for (int i = 0; i < 16; ++i) {
    const int value = i == 5 ? -1 : i;
    ASSERT_TRUE(pipe->post(i % 2 == 0 ? first : second, number(value), without_block).has_value());
  }
  while (pipe->get_qsize().prepared < 17) std::this_thread::yield();
  barrier.open();
  pipe->drain();
  EXPECT_FALSE(batched->mixed);
  EXPECT_TRUE(batched->larger);
  EXPECT_EQ(pipe->totals().failed(), 1U);
  EXPECT_EQ(pipe->totals().done(), 16U);
}

}  // namespace
}  // namespace weir::flow
