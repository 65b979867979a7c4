// The promises of the flow, one suite each. Promise 5, batches, is in batch_test.cc; of 6, the
// thread budget, here is what the flow does by itself, the rest is with the budget and the runtime;
// 9, what the pipe knows of itself, is with the meter.
#include <gtest/gtest.h>
#include <sched.h>

#include <thread>

#include "tests/flow/support/bodies.h"
#include "weir/base/cpu.h"
#include "weir/flow/core.h"

namespace weir::flow {
namespace {

// --- 1. Admission is by credit
// --------------------------------------------------------------------

TEST(Promise1Admission, NeverMoreTasksInFlightThanCredits) {
  std::atomic<int> inside{0};
  std::atomic<int> most{0};
  StageSpec enter = stage("enter", {}, body([&] {
                            const int now = ++inside;
                            int seen = most.load();
                            while (now > seen && !most.compare_exchange_weak(seen, now)) {
                            }
                          }));
  StageSpec leave = stage("leave", {"enter"}, body([&] { --inside; }));
  auto pipe = start({.executors = {{.name = "cpu", .workers = 4}}, .stages = {enter, leave}});
  const StreamId stream = open(*pipe, {.credits = 3});
  for (int i = 0; i < 2000; ++i) ASSERT_TRUE(pipe->post(stream, Payload()).has_value());
  pipe->drain();
  EXPECT_LE(most.load(), 3);
  EXPECT_EQ(pipe->counts(stream)->done(), 2000U);
}

TEST(Promise1Admission, CreditsCanBeRaisedAndLoweredWhileRunning) {
  Barrier barrier;
  auto pipe = start({.executors = {{.name = "cpu", .workers = 8}},
                     .stages = {stage("a", {}, body([&] { barrier.pass(); }))}});
  const StreamId stream = open(*pipe, {.credits = 1, .mailbox_capacity = 20});
  for (int i = 0; i < 12; ++i) ASSERT_TRUE(pipe->post(stream, number(i)).has_value());
  barrier.await_arrivals(1);
  EXPECT_EQ(pipe->counts(stream)->admitted, 1U);
  ASSERT_TRUE(pipe->set_credits(stream, 5).has_value());
  barrier.await_arrivals(5);
  EXPECT_EQ(pipe->counts(stream)->admitted, 5U);
  ASSERT_TRUE(pipe->set_credits(stream, 2).has_value());
  for (int i = 0; i < 3; ++i) {
    barrier.let_one_pass();
    // Their order is not decided, but each leaves a credit that is not there any more.
  }
  while (barrier.arrived() < 5) std::this_thread::yield();
  EXPECT_EQ(pipe->counts(stream)->admitted, 5U);
  barrier.open();
  for (int i = 0; i < 12; ++i) EXPECT_EQ(number_of(*pipe->wait(stream)), i);
  EXPECT_FALSE(pipe->set_credits(stream, 0).has_value());
}

TEST(Promise1Admission, AMailboxCanGrowAndShrinkWhileRunning) {
  struct Case {
    MailboxPolicy policy;
    std::vector<int> survivors;  // of 0 … 5, one credit, a mailbox of 2, then of 4, then of 1
  };
  const Case cases[] = {{MailboxPolicy::kBlock, {0, 1, 2, 3, 4}},
                        {MailboxPolicy::kDropNewest, {0, 1, 2, 3, 4}},
                        {MailboxPolicy::kDropOldest, {0, 5}}};
  for (const Case& one : cases) {
    Barrier barrier;
    auto pipe = start({.executors = {}, .stages = {stage("a", {}, body([&] { barrier.pass(); }))}});
    const StreamId stream =
        open(*pipe, {.credits = 1, .mailbox = one.policy, .mailbox_capacity = 2});
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(pipe->offer(stream, number(i)));
    ASSERT_TRUE(pipe->set_mailbox_capacity(stream, 4).has_value());
    for (int i = 3; i < 6; ++i) pipe->offer(stream, number(i));
    ASSERT_TRUE(pipe->set_mailbox_capacity(stream, 1).has_value());
    barrier.open();
    for (const int survivor : one.survivors) {
      EXPECT_EQ(number_of(*pipe->wait(stream)), survivor) << static_cast<int>(one.policy);
    }
    const TaskCounts counts = *pipe->counts(stream);
    EXPECT_EQ(counts.admitted, one.survivors.size());
    EXPECT_EQ(counts.offered, counts.admitted + counts.dropped_at_source);
  }
}

TEST(Promise1Admission, AMailboxThatGrowsLetsABlockedPosterGoOn) {
  Core core(*Graph::compile({.executors = {}, .stages = {stage("a", {}, body())}}), {});
  const StreamId stream = *core.open_stream({.credits = 1}, {}, 0);
  Submission first;
  ASSERT_EQ(core.submit(stream, first, 0), Admit::kAdmitted);
  Submission second;
  second.will_wait = true;
  ASSERT_EQ(core.submit(stream, second, 0), Admit::kBlocked);
  core.effects().clear();
  ASSERT_TRUE(core.set_mailbox_capacity(stream, 1, 0).has_value());
  EXPECT_EQ(core.effects().posters, std::vector<StreamId>{stream});
  EXPECT_EQ(core.submit(stream, second, 0), Admit::kQueued);
}

TEST(Promise1Admission, AStagesLimitCanBeChangedWhileRunning) {
  Barrier barrier;
  StageSpec limited = stage("limited", {}, body([&] { barrier.pass(); }));
  limited.limit = 1;
  StageSpec serial = stage("serial", {"limited"}, body());
  serial.kind = StageKind::kSerial;
  auto pipe = start({.executors = {{.name = "cpu", .workers = 4}}, .stages = {limited, serial}});
  const StreamId stream = open(*pipe, {.credits = 8});
  for (int i = 0; i < 8; ++i) ASSERT_TRUE(pipe->post(stream, number(i)).has_value());
  const StageId id = pipe->graph().find("limited");
  barrier.await_arrivals(1);
  ASSERT_TRUE(pipe->set_limit(id, 3).has_value());
  barrier.await_arrivals(3);
  EXPECT_EQ(barrier.arrived(), 3);
  barrier.open();
  pipe->drain();
  EXPECT_EQ(pipe->counts(stream)->done(), 8U);
  EXPECT_EQ(pipe->set_limit(pipe->graph().find("serial"), 2).error().code,
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(pipe->set_limit(99, 2).error().code, ErrorCode::kNotFound);
}

// --- 2. A live source never waits and never queues old frames
// --------------------------------------

TEST(Promise2LiveSource, TheNewestFrameWinsAndWhatWasDroppedIsCounted) {
  Barrier barrier;
  std::atomic<int> worked_on{0};
  auto pipe = start({.executors = {}, .stages = {stage("a", {}, body([&] {
                                                         ++worked_on;
                                                         barrier.pass();
                                                       }))}});
  const StreamId stream = open(*pipe, {.credits = 1, .mailbox = MailboxPolicy::kLatest});
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(pipe->offer(stream, number(i)));
  barrier.open();
  EXPECT_EQ(number_of(*pipe->wait(stream)), 0);
  EXPECT_EQ(number_of(*pipe->wait(stream)), 99);
  const TaskCounts counts = *pipe->counts(stream);
  EXPECT_EQ(counts.offered, 100U);
  EXPECT_EQ(counts.admitted, 2U);
  EXPECT_EQ(counts.dropped_at_source, 98U);
  EXPECT_EQ(worked_on, 2);
}

struct MailboxCase {
  MailboxPolicy policy;
  std::vector<int> survivors;  // of 0 … 5, one credit, a mailbox of 2
};

TEST(Promise2LiveSource, EveryPolicyKeepsWhatItSays) {
  const MailboxCase cases[] = {{MailboxPolicy::kBlock, {0, 1, 2}},
                               {MailboxPolicy::kLatest, {0, 5}},
                               {MailboxPolicy::kDropOldest, {0, 4, 5}},
                               {MailboxPolicy::kDropNewest, {0, 1, 2}}};
  for (const MailboxCase& one : cases) {
    Barrier barrier;
    auto pipe = start({.executors = {}, .stages = {stage("a", {}, body([&] { barrier.pass(); }))}});
    const StreamId stream =
        open(*pipe, {.credits = 1, .mailbox = one.policy, .mailbox_capacity = 2});
    for (int i = 0; i < 6; ++i) pipe->offer(stream, number(i));
    barrier.open();
    for (const int survivor : one.survivors) {
      EXPECT_EQ(number_of(*pipe->wait(stream)), survivor) << static_cast<int>(one.policy);
    }
    const TaskCounts counts = *pipe->counts(stream);
    EXPECT_EQ(counts.admitted, one.survivors.size());
    EXPECT_EQ(counts.offered, counts.admitted + counts.dropped_at_source);
    EXPECT_EQ(counts.offered, one.policy == MailboxPolicy::kBlock ? 3U : 6U);
  }
}

TEST(Promise2LiveSource, APostThatWasPushedOutIsToldSo) {
  Barrier barrier;
  auto pipe = start({.executors = {}, .stages = {stage("a", {}, body([&] { barrier.pass(); }))}});
  const StreamId stream = open(*pipe, {.credits = 1, .mailbox = MailboxPolicy::kLatest});
  ASSERT_TRUE(pipe->post(stream, number(0)).has_value());
  const Ticket old = *pipe->post(stream, number(1));
  ASSERT_TRUE(pipe->post(stream, number(2)).has_value());
  const Finished dropped = *pipe->wait(old);
  EXPECT_EQ(dropped.outcome, Outcome::kDroppedOverload);
  EXPECT_FALSE(dropped.admitted);
  EXPECT_EQ(number_of(dropped), 1);
  barrier.open();
}

// --- 3. Order
// ----------------------------------------------------------------------------------------

GraphSpec first_task_is_slow(Barrier& barrier) {
  return {.executors = {{.name = "cpu", .workers = 2}},
          .stages = {stage("a", {}, body([&](Slot& slot) {
                             if (slot.seq() == 0) barrier.pass();
                             return StageResult::done();
                           }))}};
}

TEST(Promise3Order, ResultsLeaveInTheOrderOfAdmissionThoughStagesRunInParallel) {
  Barrier barrier;
  auto pipe = start(first_task_is_slow(barrier));
  const StreamId stream = open(*pipe, {.credits = 4});
  for (int i = 0; i < 4; ++i) ASSERT_TRUE(pipe->post(stream, number(i)).has_value());
  barrier.await_arrivals(1);
  EXPECT_FALSE(pipe->try_wait(stream).has_value());
  barrier.open();
  for (int i = 0; i < 4; ++i) EXPECT_EQ(number_of(*pipe->wait(stream)), i);
}

TEST(Promise3Order, OrderNoneGivesThemAsTheyFinish) {
  Barrier barrier;
  auto pipe = start(first_task_is_slow(barrier));
  const StreamId stream = open(*pipe, {.credits = 4, .order = Order::kNone});
  for (int i = 0; i < 4; ++i) ASSERT_TRUE(pipe->post(stream, number(i)).has_value());
  for (int i = 1; i < 4; ++i) EXPECT_EQ(number_of(*pipe->wait(stream)), i);
  barrier.open();
  EXPECT_EQ(number_of(*pipe->wait(stream)), 0);
}

TEST(Promise3Order, ASlowStreamDoesNotHoldBackAnother) {
  Barrier barrier;
  auto pipe = start({.executors = {}, .stages = {stage("a", {}, body([&](Slot& slot) {
                                                         if (*slot.payload<int>() < 0)
                                                           barrier.pass();
                                                         return StageResult::done();
                                                       }))}});
  const StreamId slow = open(*pipe);
  const StreamId fast = open(*pipe);
  ASSERT_TRUE(pipe->post(slow, number(-1)).has_value());
  barrier.await_arrivals(1);
  ASSERT_TRUE(pipe->post(fast, number(7)).has_value());
  EXPECT_EQ(number_of(*pipe->wait(fast)), 7);
  barrier.open();
}

TEST(Promise3Order, ASerialStageMeansOrderAndSaysSo) {
  StageSpec serial = stage("s", {}, body());
  serial.kind = StageKind::kSerial;
  auto pipe = start({.executors = {}, .stages = {serial}});
  const auto refused = pipe->open_stream({.order = Order::kNone});
  EXPECT_EQ(refused.error().code, ErrorCode::kInvalidArgument);
}

// Each task has items, each item has items, some have none.
TEST(Promise3Order, ASerialStageOnItemsOfItemsKeepsTheOrderOfAllThree) {
  struct Place {
    uint64_t seq;
    uint32_t item, sub_item;
    bool operator==(const Place&) const = default;
  };
  std::vector<Place> seen;  // by one at a time: the stage is serial, the stream is one
  StageSpec split = stage("split", {}, body([](Slot& slot) {
                            return StageResult::fan_out(static_cast<uint32_t>(slot.seq() % 4));
                          }));
  split.fans_out = true;
  StageSpec again = stage(
      "again", {}, body([](Slot& slot) { return StageResult::fan_out((slot.item() + 1) % 3); }));
  again.items_of = "split";
  again.fans_out = true;
  StageSpec track = stage("track", {}, body([&](Slot& slot) {
                            seen.push_back({slot.seq(), slot.item(), slot.sub_item()});
                            return StageResult::done();
                          }));
  track.items_of = "again";
  track.kind = StageKind::kSerial;
  StageSpec inner = stage("inner", {}, body());
  inner.items_of = "split";
  inner.joins = "again";
  StageSpec outer = stage("outer", {}, body());
  outer.joins = "split";
  auto pipe = start({.executors = {{.name = "cpu", .workers = 4}},
                     .stages = {split, again, track, inner, outer}});
  const StreamId stream = open(*pipe, {.credits = 8});
  std::vector<Place> expected;
  for (uint64_t seq = 0; seq < 400; ++seq) {
    ASSERT_TRUE(pipe->post(stream, Payload()).has_value());
    for (uint32_t item = 0; item < seq % 4; ++item) {
      for (uint32_t sub = 0; sub < (item + 1) % 3; ++sub) expected.push_back({seq, item, sub});
    }
  }
  pipe->drain();
  EXPECT_TRUE(seen == expected) << seen.size() << " of " << expected.size();
}

// --- 4. The work nearest the exit runs first
// -------------------------------------------------------

// In one executor, and where preparing, inferring and interpreting have their own.
TEST(Promise4NearestExitFirst, ItemsGoBeforeNewTasksInEveryArrangement) {
  for (const bool three : {false, true}) {
    std::vector<std::string> trace;  // by the one worker that prepares: no lock is needed
    Barrier barrier;
    StageSpec split = stage("split", {}, body([&](Slot& slot) {
                              if (slot.seq() == 0) barrier.pass();
                              trace.push_back("task" + std::to_string(slot.seq()));
                              return StageResult::fan_out(2);
                            }));
    split.fans_out = true;
    StageSpec item = stage("item", {}, body([&](Slot& slot) {
                             trace.push_back("item" + std::to_string(slot.seq()));
                             return StageResult::done();
                           }));
    item.items_of = "split";
    StageSpec infer = stage("infer", {"item"}, body());
    infer.items_of = "split";
    StageSpec join = stage("join", {}, body());
    join.joins = "split";
    GraphSpec spec{.executors = {{.name = "prepare", .workers = 1}}, .stages = {}};
    if (three) {
      spec.executors.push_back({.name = "infer", .workers = 2});
      spec.executors.push_back({.name = "interpret", .workers = 1});
      infer.executor = "infer";
      join.executor = "interpret";
    }
    spec.stages = {split, item, infer, join};
    auto pipe = start(std::move(spec));
    const StreamId stream = open(*pipe, {.credits = 3});
    for (int i = 0; i < 3; ++i) ASSERT_TRUE(pipe->post(stream, Payload()).has_value());
    barrier.open();
    pipe->drain();
    EXPECT_EQ(trace, (std::vector<std::string>{"task0", "item0", "item0", "task1", "item1", "item1",
                                               "task2", "item2", "item2"}));
  }
}

TEST(Promise4NearestExitFirst, ExceptASerialStageThatTheMetersShowToBeTheBottleneck) {
  for (const bool bottleneck : {false, true}) {
    StageSpec serial = stage("serial", {}, body());
    serial.kind = StageKind::kSerial;
    const StageSpec exit = stage("exit", {"serial"}, body());
    auto graph =
        *Graph::compile({.executors = {{.name = "cpu", .workers = 1}}, .stages = {serial, exit}});
    Core core(graph, {});
    const StreamId stream = *core.open_stream({.credits = 4}, {}, 0);
    for (int i = 0; i < 2; ++i) {
      Submission submission;
      ASSERT_EQ(core.submit(stream, submission, 0), Admit::kAdmitted);
    }
    if (bottleneck) core.set_bottleneck(graph->find("serial"));
    const Work first = core.take(0, 0);
    EXPECT_EQ(first.job.stage, graph->find("serial"));
    // Now the first task could leave, and the second could enter the serial stage.
    const Work second = core.complete(0, first.job, StageResult::done(), 0);
    EXPECT_EQ(second.job.stage, graph->find(bottleneck ? "serial" : "exit"));
  }
}

// --- 6. One thread budget
// ----------------------------------------------------------------------------

TEST(Promise6ThreadBudget, AFlowThatNamesNoExecutorHasOneWithAWorkerForEachCoreItMayUse) {
  const auto workers = [] {
    return (*Graph::compile({.executors = {}, .stages = {stage("a", {}, body())}}))->workers();
  };
  EXPECT_EQ(workers(), static_cast<std::size_t>(usable_cores()));
  std::thread([&] {
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(static_cast<unsigned>(sched_getcpu()), &one);
    ASSERT_EQ(sched_setaffinity(0, sizeof one, &one), 0);
    EXPECT_EQ(workers(), 1U);
  }).join();
}

// --- 7. An error belongs to its task
// ----------------------------------------------------------------

TEST(Promise7Errors, TravelInTheirPlaceInTheOrderAndTheStreamGoesOn) {
  auto pipe =
      start({.executors = {}, .stages = {stage("a", {}, body([](Slot& slot) {
                                                 if (slot.seq() % 3 == 1) {
                                                   return StageResult::fail(
                                                       Error(ErrorCode::kCorrupt, "broken frame"));
                                                 }
                                                 if (slot.seq() % 3 == 2)
                                                   return StageResult::skipped();
                                                 return StageResult::done();
                                               }))}});
  const StreamId stream = open(*pipe);
  for (int i = 0; i < 30; ++i) ASSERT_TRUE(pipe->post(stream, number(i)).has_value());
  for (int i = 0; i < 30; ++i) {
    const Finished result = *pipe->wait(stream);
    EXPECT_EQ(number_of(result), i);
    const Outcome expected[] = {Outcome::kDone, Outcome::kFailed, Outcome::kSkipped};
    EXPECT_EQ(result.outcome, expected[i % 3]);
    if (i % 3 == 1) {
      EXPECT_EQ(result.error->message, "broken frame");
    }
  }
}

TEST(Promise7Errors, AnExceptionOutOfABodyIsAnOutcome) {
  auto pipe =
      start({.executors = {}, .stages = {stage("faces", {}, body([](Slot&) -> StageResult {
                                                 throw std::runtime_error("NaN in the output");
                                               }))}});
  const Finished result = *pipe->wait(*pipe->post(open(*pipe), number(0)));
  EXPECT_EQ(result.outcome, Outcome::kFailed);
  EXPECT_EQ(result.error->to_string(), "faces: NaN in the output");
}

TEST(Promise7Errors, CleaningUpRunsForTasksThatFailed) {
  std::atomic<int> cleaned{0};
  std::atomic<int> worked{0};
  StageSpec fails = stage(
      "a", {}, body([](Slot&) { return StageResult::fail(Error(ErrorCode::kInternal, "x")); }));
  StageSpec work = stage("b", {"a"}, body([&] { ++worked; }));
  StageSpec clean = stage("c", {"b"}, body([&] { ++cleaned; }));
  clean.always = true;
  auto pipe = start({.executors = {}, .stages = {fails, work, clean}});
  EXPECT_EQ(pipe->wait(*pipe->post(open(*pipe), number(0)))->outcome, Outcome::kFailed);
  EXPECT_EQ(cleaned, 1);
  EXPECT_EQ(worked, 0);
}

TEST(Promise7Errors, ALateTaskIsDroppedBeforeWorkIsSpentOnIt) {
  FakeClock clock(1000);
  Barrier barrier;
  std::atomic<int> second{0};
  StageSpec b = stage("b", {"a"}, body([&] { ++second; }));
  b.service_ns = 100;
  auto pipe = start({.executors = {}, .stages = {stage("a", {}, body([&] { barrier.pass(); })), b}},
                    PipelineOptions{.clock = &clock});
  const StreamId stream = open(*pipe);
  const Ticket in_time = *pipe->post(stream, number(0), PostOptions{.deadline_ns = 1500});
  const Ticket cannot_make_it = *pipe->post(stream, number(1), PostOptions{.deadline_ns = 1350});
  barrier.await_arrivals(2);
  clock.set_ns(1300);  // b takes 100
  barrier.open();
  EXPECT_EQ(pipe->wait(in_time)->outcome, Outcome::kDone);
  EXPECT_EQ(pipe->wait(cannot_make_it)->outcome, Outcome::kDroppedDeadline);
  EXPECT_EQ(second, 1);
}

TEST(Promise7Errors, ACancelledTaskLeavesInItsPlaceAndItsBodyIsAskedToStop) {
  Barrier barrier;
  std::atomic<bool> asked{false};
  auto pipe = start(
      {.executors = {},
       .stages = {stage("a", {}, std::make_shared<FunctionBody>([&](Slot& slot, StopToken stop) {
                          if (slot.seq() != 1) return StageResult::done();
                          barrier.pass();
                          asked = stop.stop_requested();
                          return StageResult::done();
                        }))}});
  const StreamId stream = open(*pipe);
  std::vector<Ticket> tickets;
  for (int i = 0; i < 3; ++i) tickets.push_back(*pipe->post(stream, number(i)));
  barrier.await_arrivals(1);
  EXPECT_TRUE(pipe->cancel(tickets[1]));
  barrier.open();
  EXPECT_EQ(pipe->wait(stream)->outcome, Outcome::kDone);
  const Finished cancelled = *pipe->wait(stream);
  EXPECT_EQ(cancelled.outcome, Outcome::kDroppedCancelled);
  EXPECT_EQ(number_of(cancelled), 1);
  EXPECT_EQ(number_of(*pipe->wait(stream)), 2);
  EXPECT_TRUE(asked);
  EXPECT_FALSE(pipe->cancel(tickets[1]));
}

// --- 8. Stop is orderly and bounded
// ------------------------------------------------------------------

TEST(Promise8Stop, TheFirstLetsWhatWasAdmittedRunAndDropsWhatWaits) {
  Barrier barrier;
  auto pipe = start({.executors = {}, .stages = {stage("a", {}, body([&] { barrier.pass(); }))}});
  const StreamId stream = open(*pipe, {.credits = 2, .mailbox_capacity = 8});
  for (int i = 0; i < 6; ++i) ASSERT_TRUE(pipe->post(stream, number(i)).has_value());
  pipe->stop();
  EXPECT_EQ(pipe->post(stream, number(9)).error().code, ErrorCode::kCancelled);
  barrier.open();
  pipe->drain();
  const TaskCounts counts = *pipe->counts(stream);
  EXPECT_EQ(counts.done(), 2U);
  EXPECT_EQ(counts.dropped_at_source, 4U);
  int told = 0;
  while (pipe->wait().has_value()) ++told;
  EXPECT_EQ(told, 6);  // who posted is told of a drop too
}

TEST(Promise8Stop, TheSecondEndsAtOnce) {
  Barrier barrier;
  std::atomic<int> later{0};
  std::atomic<bool> asked{false};
  auto pipe =
      start({.executors = {},
             .stages = {stage("a", {}, std::make_shared<FunctionBody>([&](Slot&, StopToken stop) {
                                barrier.pass();
                                asked = stop.stop_requested();
                                return StageResult::done();
                              })),
                        stage("b", {"a"}, body([&] { ++later; }))}});
  const StreamId stream = open(*pipe, {.credits = 4});
  for (int i = 0; i < 4; ++i) ASSERT_TRUE(pipe->post(stream, number(i)).has_value());
  barrier.await_arrivals(2);
  pipe->stop();
  pipe->stop();
  barrier.open();
  pipe->drain();
  EXPECT_EQ(pipe->counts(stream)->of(Outcome::kDroppedStop), 4U);
  EXPECT_EQ(later, 0);
  EXPECT_TRUE(asked);
}

TEST(Promise8Stop, SaysWhichStageHoldsItUp) {
  Barrier barrier;
  auto pipe = start({.executors = {},
                     .stages = {stage("quick", {}, body()),
                                stage("stuck", {"quick"}, body([&] { barrier.pass(); }))}});
  const StreamId stream = open(*pipe, {.credits = 2});
  ASSERT_TRUE(pipe->post(stream, Payload()).has_value());
  barrier.await_arrivals(1);
  pipe->stop();
  pipe->stop();
  const Status late = pipe->drain_until(pipe->now_ns());
  ASSERT_FALSE(late.has_value());
  EXPECT_EQ(late.error().code, ErrorCode::kDeadline);
  EXPECT_NE(late.error().to_string().find("still running: stuck"), std::string::npos)
      << late.error().to_string();
  barrier.open();
  EXPECT_TRUE(pipe->drain_until(kNever).has_value());
}

TEST(Promise8Stop, WakesPostersAndWaiters) {
  Barrier barrier;
  auto pipe = start({.executors = {}, .stages = {stage("a", {}, body([&] { barrier.pass(); }))}});
  const StreamId full = open(*pipe, {.credits = 1});
  const StreamId empty = open(*pipe);
  ASSERT_TRUE(pipe->post(full, number(0)).has_value());
  std::thread poster([&] { EXPECT_FALSE(pipe->post(full, number(1)).has_value()); });
  std::thread waiter([&] { EXPECT_FALSE(pipe->wait(empty).has_value()); });
  pipe->stop();
  poster.join();
  waiter.join();
  barrier.open();
}

TEST(Promise8Stop, DestroyingTheRunningPipelineEndsIt) {
  std::atomic<int> ended{0};
  struct Count final : ResultSink {
    explicit Count(std::atomic<int>& ended) : ended_(ended) {}
    void on_result(Finished) override { ++ended_; }
    std::atomic<int>& ended_;
  } sink(ended);
  {
    auto pipe = start({.executors = {}, .stages = {stage("a", {}, body())}});
    const StreamId stream = open(*pipe, {.credits = 4, .mailbox_capacity = 100, .sink = &sink});
    for (int i = 0; i < 100; ++i) ASSERT_TRUE(pipe->post(stream, number(i)).has_value());
  }
  EXPECT_EQ(ended, 100);
}

}  // namespace
}  // namespace weir::flow
