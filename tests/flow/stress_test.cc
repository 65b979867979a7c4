// Real threads: many small tasks through six stages with a fan-out, eight streams, random failures.
// WEIR_STRESS_TASKS=1000000 runs as many under a sanitizer too.
#include <gtest/gtest.h>

#include <cstdlib>
#include <thread>
#include <vector>

#include "tests/flow/support/bodies.h"
#include "tests/flow/support/random_flow.h"

namespace weir::flow {
namespace {

#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
constexpr int kUsualTasks = 40'000;
#else
constexpr int kUsualTasks = 1'000'000;
#endif
constexpr int kStreams = 8;

// A multiple of the streams.
int tasks_of_this_run() {
  const char* const wanted = std::getenv("WEIR_STRESS_TASKS");
  const int tasks = wanted == nullptr ? kUsualTasks : std::atoi(wanted);
  return tasks / kStreams * kStreams;
}

// Checks the order, and counts.
class OrderedSink final : public ResultSink {
 public:
  void on_result(Finished result) override {
    in_order &= result.seq == next++;
    ++by_outcome[static_cast<int>(result.outcome)];
    errors_match &= (result.outcome == Outcome::kFailed) == (result.error != nullptr);
  }
  uint64_t next = 0;
  uint64_t by_outcome[kOutcomeCount] = {};
  bool in_order = true;
  bool errors_match = true;
};

uint64_t mixed(const Slot& slot, uint64_t salt) {
  return Dice(slot.task() * 131 + slot.item() * 17 + salt).next();
}

StageResult sometimes_fail(const Slot& slot, uint64_t salt) {
  const uint64_t dice = mixed(slot, salt) % 1000;
  if (dice < 3) return StageResult::fail(Error(ErrorCode::kInternal, "planned"));
  if (dice < 6) return StageResult::skipped();
  return StageResult::done();
}

class LastSeq final : public StreamState {
 public:
  uint64_t next = 0;
};

// Sees its stream's tasks one at a time, in rising order.
class Tracker final : public StageBody {
 public:
  std::unique_ptr<StreamState> open_stream() override { return std::make_unique<LastSeq>(); }
  StageResult run(Slot& slot, StopToken) override {
    auto& last = static_cast<LastSeq&>(*slot.stream_state());
    if (slot.seq() < last.next) out_of_order.fetch_add(1);
    last.next = slot.seq() + 1;
    return sometimes_fail(slot, 4);
  }
  std::atomic<int> out_of_order{0};
};

TEST(FlowStress, AMillionTasksWithFailuresComeOutOnceAndInOrder) {
  const int tasks = tasks_of_this_run();
  ASSERT_GT(tasks, 0);
  const auto tracker = std::make_shared<Tracker>();
  std::atomic<uint64_t> items{0};
  GraphSpec spec;
  spec.executors = {{.name = "cpu", .workers = 2}, {.name = "infer", .workers = 2}};
  spec.stages = {
      stage("prepare", {}, body([](Slot& s) { return sometimes_fail(s, 1); })),
      stage("infer", {"prepare"}, body([](Slot& s) { return sometimes_fail(s, 2); })),
      stage("split", {"infer"}, body([](Slot& s) {
              return StageResult::fan_out(static_cast<uint32_t>(mixed(s, 3) % 4));
            })),
      stage("item", {}, body([&](Slot& s) {
              items.fetch_add(1, std::memory_order_relaxed);
              return sometimes_fail(s, 5);
            })),
      stage("join", {}, body()),
      stage("track", {"join"}, tracker),
  };
  spec.stages[1].executor = "infer";
  spec.stages[2].fans_out = true;
  spec.stages[3].items_of = "split";
  spec.stages[4].joins = "split";
  spec.stages[5].kind = StageKind::kSerial;
  auto pipe = start(std::move(spec));
  std::vector<OrderedSink> sinks(kStreams);
  std::vector<StreamId> streams;
  for (OrderedSink& sink : sinks) streams.push_back(open(*pipe, {.credits = 16, .sink = &sink}));
  std::vector<std::thread> posters;
  for (int half = 0; half < 2; ++half) {
    posters.emplace_back([&, half] {
      for (int i = 0; i < tasks / 2; ++i) {
        const auto which = static_cast<std::size_t>(half * 4 + i % 4);
        EXPECT_TRUE(pipe->post(streams[which], Payload()).has_value());
      }
    });
  }
  for (std::thread& poster : posters) poster.join();
  pipe->drain();
  const TaskCounts totals = pipe->totals();
  EXPECT_EQ(totals.offered, static_cast<uint64_t>(tasks));
  EXPECT_EQ(totals.admitted, static_cast<uint64_t>(tasks));
  EXPECT_EQ(totals.ended(), static_cast<uint64_t>(tasks));
  EXPECT_GT(totals.failed(), 0U);
  EXPECT_GT(totals.skipped(), 0U);
  EXPECT_GT(items.load(), 0U);
  EXPECT_EQ(tracker->out_of_order.load(), 0);
  for (const OrderedSink& sink : sinks) {
    EXPECT_TRUE(sink.in_order);
    EXPECT_TRUE(sink.errors_match);
    EXPECT_EQ(sink.next, static_cast<uint64_t>(tasks / kStreams));
  }
}

}  // namespace
}  // namespace weir::flow
