// What takes next to no time shares its rounds through the core.
#include <gtest/gtest.h>

#include <chrono>

#include "tests/flow/support/bodies.h"
#include "weir/flow/core.h"

namespace weir::flow {
namespace {

constexpr int64_t kQuickNs = 100;
constexpr int64_t kSlowNs = 5'000;

StageSpec empty_stage() {
  StageSpec stage;
  stage.name = "quick";
  stage.body = body();
  return stage;
}

class QuickStage : public ::testing::Test {
 protected:
  QuickStage()
      : core_(*Graph::compile(
                  {.executors = {{.name = "cpu", .workers = 1}}, .stages = {empty_stage()}}),
              {.quick_units = 4}),
        stream_(*core_.open_stream({.credits = 64}, {}, 0)) {}

  void submit(int tasks) {
    for (int i = 0; i < tasks; ++i) {
      Submission submission;
      ASSERT_EQ(core_.submit(stream_, submission, now_), Admit::kAdmitted);
    }
  }
  // Runs one unit after the other; what is taken then.
  Work run_alone(int units, int64_t each_ns) {
    Work work = core_.take(0, now_);
    for (int i = 0; i < units; ++i) {
      EXPECT_EQ(work.job.count, 1U);
      now_ += each_ns;
      work = core_.complete(0, work.job, StageResult::done(), now_);
    }
    return work;
  }

  int64_t now_ = 0;
  Core core_;
  StreamId stream_;
};

TEST_F(QuickStage, IsGivenSeveralUnitsAtOnce) {
  submit(20);
  EXPECT_EQ(run_alone(QuickRun::kEnough, kQuickNs).job.count, 4U);
}

TEST_F(QuickStage, IsNeverGivenMoreThanOneWhileItIsSlow) {
  submit(40);
  EXPECT_EQ(run_alone(2 * QuickRun::kEnough, kSlowNs).job.count, 1U);
}

TEST_F(QuickStage, BecomesAnOrdinaryOneAfterOneSlowRun) {
  submit(40);
  const Work work = run_alone(QuickRun::kEnough, kQuickNs);
  std::vector<StageResult> each(4);
  now_ += kSlowNs;
  core_.end_batch(work.job, {}, each, now_);
  EXPECT_EQ(core_.take(0, now_).job.count, 1U);
}

TEST_F(QuickStage, TakesBackWhatWasNotRun) {
  submit(QuickRun::kEnough + 4);
  const Work work = run_alone(QuickRun::kEnough, kQuickNs);
  ASSERT_EQ(work.job.count, 4U);
  EXPECT_EQ(core_.waiting(0), 0U);
  std::vector<StageResult> each(1);
  core_.end_batch(work.job, {}, each, now_);
  EXPECT_EQ(core_.waiting(0), 3U);
  EXPECT_EQ(core_.totals().done(), QuickRun::kEnough + 1U);
  EXPECT_EQ(core_.take(0, now_).job.count, 3U);
  EXPECT_EQ(core_.check_invariants(true), "");
}

TEST(QuickSource, IsAskedForNoMoreThanTheCreditsAllow) {
  Core core(
      *Graph::compile({.executors = {{.name = "cpu", .workers = 1}}, .stages = {empty_stage()}}),
      {.quick_units = 4});
  const StreamId stream = *core.open_stream({.credits = 3, .pulled = true}, {}, 0);
  Work work = core.take(0, 0);
  Submission submission;
  Finished finished;
  for (int i = 0; i < QuickRun::kEnough; ++i) {
    ASSERT_EQ(work.kind, Work::Kind::kPull);
    EXPECT_EQ(work.inputs, 1U);
    core.end_pull(stream, Pulled::kInput, submission, 0);
    work = core.take(0, 0);
    work = core.complete(0, work.job, StageResult::done(), 0);
    ASSERT_TRUE(core.take_result(finished, 0));
  }
  EXPECT_EQ(work.inputs, 3U);
  std::vector<Submission> inputs(2);
  core.end_pull(stream, inputs, Pulled::kNothingNow, 0);
  EXPECT_EQ(core.in_flight(stream), 2U);
  EXPECT_EQ(core.check_invariants(true), "");
}

// Sometimes it is quick, sometimes not: nothing is lost, doubled, or out of its order.
TEST(QuickStageInAPipeline, KeepsTheOrderWhenItIsSlowNowAndThen) {
  StageSpec stage = empty_stage();
  stage.body = body([](Slot& slot) {
    if (slot.seq() % 50 != 49) return StageResult::done();
    const auto until = std::chrono::steady_clock::now() + std::chrono::microseconds(30);
    while (std::chrono::steady_clock::now() < until) {
    }
    return StageResult::fail(Error(ErrorCode::kInternal, "the slow one"));
  });
  auto pipe = *Pipeline::start(
      *Graph::compile({.executors = {{.name = "cpu", .workers = 2}}, .stages = {stage}}));
  const StreamId stream = *pipe->open_stream({.credits = 256});
  std::vector<Ticket> tickets;
  for (int i = 0; i < 2'000; ++i) tickets.push_back(*pipe->post(stream, Payload()));
  for (uint64_t i = 0; i < tickets.size(); ++i) {
    auto finished = pipe->wait(tickets[i]);
    ASSERT_TRUE(finished.has_value());
    EXPECT_EQ(finished->seq, i);
    EXPECT_EQ(finished->outcome, i % 50 == 49 ? Outcome::kFailed : Outcome::kDone);
  }
}

}  // namespace
}  // namespace weir::flow
