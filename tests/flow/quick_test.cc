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

TEST_F(QuickStage, IsTimedEachByItself) {
  submit(20);
  EXPECT_EQ(run_alone(QuickRun::kEnough, 3 * kQuickNs).job.units_per_look, 1U);
}

TEST_F(QuickStage, IsTimedInGroupsWhereThatWouldCostMoreThanItsWork) {
  submit(20);
  const Work work = run_alone(QuickRun::kEnough, kQuickNs);
  EXPECT_GT(work.job.units_per_look, 1U);
  EXPECT_LT(work.job.units_per_look, 8U);
}

TEST_F(QuickStage, BecomesAnOrdinaryOneAfterTwoSlowRuns) {
  submit(40);
  Work work = run_alone(QuickRun::kEnough, kQuickNs);
  std::vector<StageResult> each(4);
  now_ += 4 * kSlowNs;
  core_.end_batch(work.job, {}, each, now_);
  work = core_.take(0, now_);
  EXPECT_EQ(work.job.count, 4U);  // the system may have been at fault
  now_ += 4 * kSlowNs;
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

// Two workers: one does quick work, the other sleeps.
class ShortWork : public ::testing::Test {
 protected:
  ShortWork()
      : core_(*Graph::compile(
                  {.executors = {{.name = "cpu", .workers = 2}}, .stages = {empty_stage()}}),
              {.quick_units = 4}),
        stream_(*core_.open_stream({.credits = 64}, {}, 0)) {}

  void submit(int tasks) {
    for (int i = 0; i < tasks; ++i) {
      Submission submission;
      ASSERT_EQ(core_.submit(stream_, submission, now_), Admit::kAdmitted);
    }
  }
  // Until the stage is quick; the first worker has a round of it, the other sleeps with a timer.
  Work get_going() {
    submit(QuickRun::kEnough + 1);
    Work work = core_.take(0, now_);
    for (int i = 0; i < QuickRun::kEnough; ++i) {
      now_ += kQuickNs;
      work = core_.complete(0, work.job, StageResult::done(), now_);
    }
    const Work none = core_.take(1, now_);
    EXPECT_EQ(none.kind, Work::Kind::kNone);
    EXPECT_EQ(none.wake_at_ns, now_ + Core::kLingerNs);
    core_.effects().clear();
    return work;
  }

  int64_t now_ = 0;
  Core core_;
  StreamId stream_;
};

TEST_F(ShortWork, WakesNobodyWhileAQuickRoundIsUnderWay) {
  get_going();
  submit(4);
  EXPECT_TRUE(core_.effects().wake.empty());
  EXPECT_TRUE(core_.has_work(0));
  EXPECT_EQ(core_.check_invariants(true), "");
}

TEST_F(ShortWork, WakesSomebodyWhenItAddsUp) {
  get_going();
  submit(60);
  EXPECT_EQ(core_.effects().wake, std::vector<WorkerId>{1});
}

TEST_F(ShortWork, WakesSomebodyWhenTheRoundIsNotQuickAfterAll) {
  get_going();
  now_ += 25'000;
  submit(1);
  EXPECT_EQ(core_.effects().wake, std::vector<WorkerId>{1});
}

TEST_F(ShortWork, WakesSomebodyWhenNoSleeperHasATimer) {
  get_going();
  now_ += Core::kLingerNs;
  EXPECT_EQ(core_.take(1, now_).kind, Work::Kind::kNone);  // woke by itself, and sleeps again
  core_.leave(1, now_);                                    // as a guest does: without a timer
  submit(1);
  EXPECT_EQ(core_.effects().wake, std::vector<WorkerId>{1});
}

TEST_F(ShortWork, IsFoundByTheSleeperItself) {
  get_going();
  submit(4);
  now_ += Core::kLingerNs;
  EXPECT_EQ(core_.take(1, now_).job.count, 4U);
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

// A quick stage blocks all of a sudden, until one that waits behind it has run.
TEST(QuickStageInAPipeline, DoesNotLockOutOthersWhenItBlocks) {
  Barrier barrier;
  constexpr uint64_t kBlocks = 500;
  StageSpec stage = empty_stage();
  stage.body = body([&](Slot& slot) {
    if (slot.seq() == kBlocks) barrier.pass();
    if (slot.seq() >= kBlocks + 16) barrier.open();
    return StageResult::done();
  });
  auto pipe = *Pipeline::start(
      *Graph::compile({.executors = {{.name = "cpu", .workers = 2}}, .stages = {stage}}));
  const StreamId stream = *pipe->open_stream({.credits = 64});
  for (int i = 0; i < 1'000; ++i) ASSERT_TRUE(pipe->post(stream, Payload()).has_value());
  pipe->drain();
  EXPECT_EQ(pipe->totals().done(), 1'000U);
}

}  // namespace
}  // namespace weir::flow
