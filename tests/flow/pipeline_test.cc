#include "weir/flow/pipeline.h"

#include <sys/resource.h>

#include <atomic>
#include <future>
#include <thread>
#include <vector>

#include "tests/flow/support/bodies.h"

namespace weir::flow {
namespace {

std::shared_ptr<StageBody> add(int value) {
  return body([value](Slot& slot) {
    *slot.payload<int>() += value;
    return StageResult::done();
  });
}

TEST(Pipeline, PostAndWaitBringTheTaskBack) {
  auto pipe =
      start({.executors = {}, .stages = {stage("a", {}, add(1)), stage("b", {"a"}, add(10))}});
  const StreamId stream = open(*pipe);
  const Ticket ticket = *pipe->post(stream, number(5));
  const Finished result = *pipe->wait(ticket);
  EXPECT_EQ(number_of(result), 16);
  EXPECT_EQ(result.outcome, Outcome::kDone);
  EXPECT_EQ(pipe->wait(ticket).error().code, ErrorCode::kNotFound);
}

TEST(Pipeline, TryPostKeepsThePayloadWithTheCallerWhenThereIsNoRoom) {
  Barrier barrier;
  auto pipe = start({.executors = {}, .stages = {stage("a", {}, body([&] { barrier.pass(); }))}});
  const StreamId stream = open(*pipe, {.credits = 1});
  ASSERT_TRUE(pipe->try_post(stream, number(1)).has_value());
  Payload second = number(2);
  EXPECT_EQ(pipe->try_post(stream, std::move(second)).error().code, ErrorCode::kExhausted);
  ASSERT_TRUE(static_cast<bool>(second));
  EXPECT_EQ(*second.as<int>(), 2);
  barrier.open();
  EXPECT_TRUE(pipe->wait(stream).has_value());
  EXPECT_TRUE(pipe->try_post(stream, std::move(second)).has_value());
}

TEST(Pipeline, ABlockedPostGoesOnWhenACreditComesBack) {
  Barrier barrier;
  auto pipe = start({.executors = {}, .stages = {stage("a", {}, body([&] { barrier.pass(); }))}});
  const StreamId stream = open(*pipe, {.credits = 1});
  ASSERT_TRUE(pipe->post(stream, number(1)).has_value());
  std::thread poster([&] { EXPECT_TRUE(pipe->post(stream, number(2)).has_value()); });
  barrier.open();
  poster.join();
  EXPECT_EQ(number_of(*pipe->wait(stream)), 1);
  EXPECT_EQ(number_of(*pipe->wait(stream)), 2);
}

TEST(Pipeline, PostUntilGivesUpInTime) {
  Barrier barrier;
  auto pipe = start({.executors = {}, .stages = {stage("a", {}, body([&] { barrier.pass(); }))}});
  const StreamId stream = open(*pipe, {.credits = 1});
  ASSERT_TRUE(pipe->post(stream, number(1)).has_value());
  const auto late = pipe->post_until(pipe->now_ns() + 1'000'000, stream, number(2));
  EXPECT_EQ(late.error().code, ErrorCode::kDeadline);
  barrier.open();
}

TEST(Pipeline, ACallbackAndAFutureGetTheirResults) {
  auto pipe = start({.executors = {}, .stages = {stage("a", {}, add(1))}});
  const StreamId stream = open(*pipe);
  std::promise<int> told;
  const auto tell = [&](Finished f) { told.set_value(number_of(f)); };
  ASSERT_TRUE(pipe->post_callback(stream, number(1), tell).has_value());
  EXPECT_EQ(told.get_future().get(), 2);
  auto future = *pipe->post_future(stream, number(2));
  EXPECT_EQ(number_of(future.get()), 3);
}

TEST(Pipeline, WithoutAStreamTasksComeBackAsTheyFinish) {
  Barrier barrier;
  auto pipe = start({.executors = {}, .stages = {stage("a", {}, body([&](Slot& slot) {
                                                         if (*slot.payload<int>() == 0) {
                                                           barrier.pass();
                                                         }
                                                         return StageResult::done();
                                                       }))}});
  const Ticket slow = *pipe->post(number(0));
  barrier.await_arrivals(1);
  ASSERT_TRUE(pipe->post(number(1)).has_value());
  ASSERT_TRUE(pipe->try_post(number(2)).has_value());
  EXPECT_EQ(number_of(*pipe->wait()), 1);
  EXPECT_EQ(number_of(*pipe->wait()), 2);
  EXPECT_FALSE(pipe->try_wait().has_value());
  EXPECT_EQ(pipe->wait(pipe->now_ns()).error().code, ErrorCode::kDeadline);
  barrier.open();
  EXPECT_EQ(number_of(*pipe->wait(slow)), 0);
}

TEST(Pipeline, WithoutAStreamTheyKeepTheirOrderWhereAStageIsSerial) {
  StageSpec serial = stage("s", {}, body());
  serial.kind = StageKind::kSerial;
  auto pipe = start({.executors = {}, .stages = {serial}});
  for (int i = 0; i < 50; ++i) ASSERT_TRUE(pipe->post(number(i)).has_value());
  for (int i = 0; i < 50; ++i) EXPECT_EQ(number_of(*pipe->wait()), i);
  pipe->stop();
  EXPECT_EQ(pipe->post(number(0)).error().code, ErrorCode::kCancelled);
}

TEST(Pipeline, CancelAllReachesEveryStreamAndACallbackIsToldOfIt) {
  Barrier barrier;
  auto pipe = start({.executors = {}, .stages = {stage("a", {}, body([&] { barrier.pass(); }))}});
  const StreamId first = open(*pipe, {.credits = 1, .mailbox_capacity = 1});
  const StreamId second = open(*pipe);
  std::promise<Outcome> told;
  ASSERT_TRUE(pipe->post(first, number(0)).has_value());
  const auto tell = [&](Finished f) { told.set_value(f.outcome); };
  ASSERT_TRUE(pipe->post_callback(first, number(1), tell).has_value());
  ASSERT_TRUE(pipe->post(second, number(2)).has_value());
  barrier.await_arrivals(2);
  pipe->cancel_all();
  barrier.open();
  EXPECT_EQ(told.get_future().get(), Outcome::kDroppedCancelled);
  for (int i = 0; i < 2; ++i) EXPECT_EQ(pipe->wait()->outcome, Outcome::kDroppedCancelled);
}

TEST(Pipeline, RunsOnlyTheStepsThatWereAskedForAndWhatTheyDependOn) {
  GraphSpec spec;
  spec.stages = {stage("a", {}, add(1)), stage("b", {"a"}, add(10)), stage("c", {}, add(100))};
  for (int i = 0; i < 3; ++i) spec.stages[static_cast<std::size_t>(i)].step = i;
  auto pipe = start(std::move(spec));
  const StreamId stream = open(*pipe);
  const Ticket ticket = *pipe->post(stream, number(0), PostOptions{.steps = StepSet::of(1)});
  EXPECT_EQ(number_of(*pipe->wait(ticket)), 11);
}

TEST(Pipeline, TheCallerRunsTheTaskItselfWhenThePipelineIsIdle) {
  std::thread::id ran_by;
  auto pipe =
      start({.executors = {},
             .stages = {stage("a", {}, body([&] { ran_by = std::this_thread::get_id(); }))}});
  const StreamId stream = open(*pipe);
  // The workers need a moment to fall asleep: until then the task is theirs.
  for (int i = 0; i < 100'000 && ran_by != std::this_thread::get_id(); ++i) {
    const Ticket ticket = *pipe->post(stream, number(0), PostOptions{.may_run_here = true});
    ASSERT_TRUE(pipe->wait(ticket).has_value());
  }
  EXPECT_EQ(ran_by, std::this_thread::get_id());
}

TEST(Pipeline, AGateLetsATaskPassAStage) {
  StageSpec gated = stage("b", {}, add(10));
  gated.gate = [](const Slot& slot) { return *slot.payload<int>() > 5; };
  auto pipe = start({.executors = {}, .stages = {gated}});
  const StreamId stream = open(*pipe);
  EXPECT_EQ(number_of(*pipe->wait(*pipe->post(stream, number(5)))), 5);
  EXPECT_EQ(number_of(*pipe->wait(*pipe->post(stream, number(6)))), 16);
}

TEST(Pipeline, AnExecutorHasThreadsOfItsOwnNiceness) {
  std::atomic<int> nice[2] = {-1, -1};
  GraphSpec spec;
  spec.executors = {{.name = "infer", .workers = 1}, {.name = "prepare", .workers = 1, .nice = 19}};
  for (int i = 0; i < 2; ++i) {
    // Of this thread: 0 is whoever asks.
    spec.stages.push_back(stage(spec.executors[static_cast<std::size_t>(i)].name, {},
                                body([&nice, i] { nice[i] = getpriority(PRIO_PROCESS, 0); })));
    spec.stages.back().executor = spec.stages.back().name;
  }
  auto pipe = start(std::move(spec));
  ASSERT_TRUE(pipe->wait(*pipe->post(number(0))).has_value());
  EXPECT_EQ(nice[0], getpriority(PRIO_PROCESS, 0));
  EXPECT_EQ(nice[1], 19);
}

TEST(Pipeline, StagesThatDoNotWaitForEachOtherRunAtTheSameTime) {
  Barrier both;
  const auto meet = [&] { both.pass(); };
  auto pipe =
      start({.executors = {}, .stages = {stage("a", {}, body(meet)), stage("b", {}, body(meet))}});
  const Ticket ticket = *pipe->post(open(*pipe), number(0));
  both.await_arrivals(2);
  both.open();
  EXPECT_EQ(pipe->wait(ticket)->outcome, Outcome::kDone);
}

// Items are prepared, inferred and interpreted; one worker of each kind stands in the way at a
// time, and what waits behind it is read by its name.
TEST(Pipeline, TheFiveCountsAreReadByNameInOneExecutorAndInThree) {
  for (const bool three : {false, true}) {
    const char* const kNames[] = {"split", "prepare", "infer", "interpret"};
    Barrier barriers[4];
    std::vector<StageSpec> stages;
    for (int i = 0; i < 4; ++i) {
      Barrier& barrier = barriers[i];
      StageSpec spec = stage(kNames[i], {}, body([&barrier, i](Slot&) {
                               barrier.pass();
                               return StageResult::fan_out(i == 0 ? 3 : 0);
                             }));
      if (i == 0) spec.fans_out = true;
      if (i > 0) spec.items_of = "split";
      if (i > 1) spec.after = {kNames[i - 1]};
      if (three && i > 1) spec.executor = kNames[i];
      spec.role = static_cast<Role>(i == 0 ? 0 : i - 1);
      stages.push_back(std::move(spec));
    }
    StageSpec join = stage("join", {}, body());
    join.joins = "split";
    stages.push_back(join);
    GraphSpec spec{.executors = {{.name = "prepare", .workers = 1}}, .stages = stages};
    if (three) spec.executors.push_back({.name = "infer", .workers = 1});
    if (three) spec.executors.push_back({.name = "interpret", .workers = 1});
    auto pipe = start(std::move(spec));
    const auto reached = [&](QueueSizes wanted) {
      QueueSizes now = pipe->get_qsize();
      while (three && now != wanted) now = pipe->get_qsize();  // other workers are on their way
      return now == wanted;
    };
    const StreamId stream = open(*pipe, {.credits = 2, .mailbox_capacity = 3});
    for (int i = 0; i < 5; ++i) ASSERT_TRUE(pipe->try_post(stream, number(i)).has_value());
    barriers[0].await_arrivals(1);
    EXPECT_TRUE(reached({.input = 4}));  // three in the mailbox, one before the worker
    barriers[0].let_one_pass();
    barriers[1].await_arrivals(1);
    EXPECT_TRUE(reached({.input = 4, .sub_input = 2}));
    barriers[1].open();
    barriers[2].await_arrivals(1);
    if (three) {  // all three items are prepared, then the next task is being split
      barriers[0].await_arrivals(2);
      EXPECT_TRUE(reached({.input = 3, .prepared = 2}));
    } else {  // the first goes on to the exit before the others are prepared
      EXPECT_TRUE(reached({.input = 4, .sub_input = 2}));
    }
    barriers[2].open();
    barriers[3].await_arrivals(1);
    if (three) {
      EXPECT_TRUE(reached({.input = 3, .inferred = 2}));
    }
    barriers[3].open();
    barriers[0].open();
    pipe->drain();
    EXPECT_TRUE(reached({.result = 5}));
  }
}

// --- Asynchronous devices
// -------------------------------------------------------------------------

// Keeps what was submitted until the test ends it.
class FakeDevice final : public StageBody {
 public:
  StageResult run(Slot&, StopToken) override { return {}; }
  bool asynchronous() const override { return true; }
  StageResult start(std::span<Slot>, Completion done) override {
    const std::lock_guard<std::mutex> lock(mutex);
    submitted.push_back(done);
    changed.notify_all();
    return StageResult::pending();
  }
  std::size_t await(std::size_t count) {
    std::unique_lock<std::mutex> lock(mutex);
    changed.wait(lock, [&] { return submitted.size() >= count; });
    return submitted.size();
  }
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<Completion> submitted;
};

TEST(Pipeline, ADeviceHasOneTaskSubmittedAheadAndEndsInAnyOrder) {
  const auto device = std::make_shared<FakeDevice>();
  GraphSpec spec;
  spec.executors = {{.name = "device", .kind = ExecutorKind::kDevice, .workers = 1, .lanes = 2}};
  spec.stages = {stage("d", {}, device)};
  auto pipe = start(std::move(spec));
  const StreamId stream = open(*pipe, {.credits = 8});
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(pipe->post(stream, number(i)).has_value());
  device->await(3);
  EXPECT_EQ(pipe->get_qsize().input, 2U);  // two lanes and one ahead: the rest waits
  device->submitted[2].finish(StageResult::done());
  device->await(4);
  device->submitted[0].finish(StageResult::fail(Error(ErrorCode::kUnavailable, "lost")));
  device->await(5);
  for (const std::size_t i : {1U, 3U, 4U}) device->submitted[i].finish(StageResult::done());
  for (int i = 0; i < 5; ++i) {
    const Finished result = *pipe->wait(stream);
    EXPECT_EQ(number_of(result), i);
    EXPECT_EQ(result.outcome, i == 0 ? Outcome::kFailed : Outcome::kDone);
  }
}

// --- Sources that workers pull
// --------------------------------------------------------------------

class Numbers final : public Source {
 public:
  explicit Numbers(int count, bool pauses = true) : count_(count), paused_(!pauses) {}
  Pulled pull(Payload& payload, int64_t&) override {
    if (next_ == count_) return Pulled::kEnd;
    if (next_ == 3 && !paused_) return paused_ = true, Pulled::kNothingNow;
    payload = number(next_++);
    return Pulled::kInput;
  }

 private:
  int next_ = 0;
  const int count_;
  bool paused_;
};

TEST(Pipeline, IdleWorkersPullASourceThatPausesAndEnds) {
  Numbers source(10);
  auto pipe = start({.executors = {}, .stages = {stage("a", {}, add(100))}});
  const StreamId stream = open(*pipe, {.credits = 2, .pulled = true, .source = &source});
  for (int i = 0; i < 3; ++i) EXPECT_EQ(number_of(*pipe->wait(stream)), 100 + i);
  pipe->source_ready(stream);
  for (int i = 3; i < 10; ++i) EXPECT_EQ(number_of(*pipe->wait(stream)), 100 + i);
  pipe->drain();
  EXPECT_EQ(pipe->counts(stream)->done(), 10U);
}

// Has enough after each result.
struct Slow final : ResultSink {
  void on_result(Finished finished) override {
    taken.push_back(number_of(finished));
    pipe->hold_results(finished.stream);
    ++count;  // who sees it may let go
  }
  Pipeline* pipe = nullptr;
  std::vector<int> taken;
  std::atomic<int> count = 0;
};

TEST(Pipeline, ResultsThatAreHeldKeepTheirCreditsAndNobodysWorker) {
  Slow slow;
  auto pipe = start({.executors = {}, .stages = {stage("a", {}, add(100))}});
  slow.pipe = pipe.get();
  Numbers source(10, false);
  const StreamId held =
      open(*pipe, {.credits = 2, .pulled = true, .source = &source, .sink = &slow});
  const StreamId other = open(*pipe);
  for (int i = 0; i < 50; ++i) {
    ASSERT_TRUE(pipe->post(other, number(i)).has_value());
    EXPECT_EQ(number_of(*pipe->wait(other)), 100 + i);
  }
  EXPECT_LE(pipe->counts(held)->admitted, 4U);
  for (int i = 0; i < 10; ++i) {
    while (slow.count <= i) std::this_thread::yield();
    pipe->release_results(held);
  }
  pipe->drain();
  EXPECT_EQ(slow.taken, (std::vector<int>{100, 101, 102, 103, 104, 105, 106, 107, 108, 109}));
}

TEST(Pipeline, ResultsThatAreHeldHoldUpNoEnd) {
  Slow slow;
  auto pipe = start({.executors = {}, .stages = {stage("a", {}, add(100))}});
  slow.pipe = pipe.get();
  const StreamId held = open(*pipe, {.credits = 5, .sink = &slow});
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(pipe->post(held, number(i)).has_value());
  pipe.reset();
  EXPECT_EQ(slow.taken.size(), 5U);
}

TEST(Pipeline, AStreamThatClosesGivesItsStateBackAndItsPlaceAway) {
  static std::atomic<int> alive{0};
  struct State final : StreamState {
    State() { ++alive; }
    ~State() override { --alive; }
  };
  struct Serial final : StageBody {
    std::unique_ptr<StreamState> open_stream() override { return std::make_unique<State>(); }
    StageResult run(Slot& slot, StopToken) override {
      EXPECT_NE(slot.stream_state(), nullptr);
      return {};
    }
  };
  StageSpec serial = stage("s", {}, std::make_shared<Serial>());
  serial.kind = StageKind::kSerial;
  auto pipe = start({.executors = {}, .stages = {serial}});
  for (int round = 0; round < 20; ++round) {
    const StreamId stream = open(*pipe);
    EXPECT_EQ(alive, 1);
    ASSERT_TRUE(pipe->post(stream, number(round)).has_value());
    ASSERT_TRUE(pipe->close_stream(stream).has_value());
    EXPECT_EQ(pipe->post(stream, number(0)).error().code, ErrorCode::kCancelled);
    EXPECT_EQ(number_of(*pipe->wait(stream)), round);
    EXPECT_EQ(alive, 0);
    EXPECT_EQ(pipe->counts(stream)->done(), 1U);
    EXPECT_EQ(pipe->wait(stream).error().code, ErrorCode::kCancelled);
  }
  EXPECT_EQ(pipe->totals().done(), 20U);
}

// Closed by its own sink at the last result, as a run does it.
TEST(Pipeline, AStreamThatClosesLetsGoOfItsEndsWhenNobodyIsInsideThem) {
  struct Ends final : Source, ResultSink {
    Ends(std::atomic<int>& of, std::unique_ptr<Pipeline>& to) : alive(of), pipe(to) { ++alive; }
    ~Ends() override {
      EXPECT_FALSE(inside);
      --alive;
    }
    Pulled pull(Payload& payload, int64_t&) override {
      inside = true;
      payload = number(pulled);
      inside = false;
      return ++pulled > 3 ? Pulled::kEnd : Pulled::kInput;
    }
    void on_result(Finished result) override {
      inside = true;
      if (++taken == 3) {
        EXPECT_TRUE(pipe->close_stream(result.stream));
      }
      inside = false;
    }
    std::atomic<int>& alive;
    std::unique_ptr<Pipeline>& pipe;
    int pulled = 0;
    int taken = 0;
    std::atomic<bool> inside{false};
  };
  std::atomic<int> alive{0};
  auto pipe = start({.executors = {}, .stages = {stage("a", {}, body())}});
  for (int round = 0; round < 200; ++round) {
    auto ends = std::make_shared<Ends>(alive, pipe);
    StreamOptions options{.credits = 2, .pulled = true, .source = ends.get(), .sink = ends.get()};
    options.keeps = std::move(ends);
    ASSERT_TRUE(pipe->open_stream(options));
    options.keeps.reset();
    while (alive > 0) std::this_thread::yield();
  }
  EXPECT_EQ(pipe->totals().done(), 600U);
  auto ends = std::make_shared<Ends>(alive, pipe);
  StreamOptions options{.pulled = true, .source = ends.get(), .sink = ends.get()};
  options.keeps = ends;
  pipe->stop();
  EXPECT_FALSE(pipe->open_stream(options)) << "it stops";
  EXPECT_EQ(ends.use_count(), 2) << "nobody took it";
}

TEST(Pipeline, TheSteadyStateAllocatesNoTasksAndNoItems) {
  StageSpec split = stage("split", {}, body([](Slot&) { return StageResult::fan_out(3); }));
  split.fans_out = true;
  StageSpec item = stage("item", {}, body());
  item.items_of = "split";
  StageSpec join = stage("join", {}, body());
  join.joins = "split";
  auto pipe = start({.executors = {}, .stages = {split, item, join}});
  const StreamId stream = open(*pipe, {.credits = 4, .results_hold_credit = true});
  uint64_t after_warm_up = 0;
  for (int i = 0; i < 3000; ++i) {
    ASSERT_TRUE(pipe->post(stream, number(i)).has_value());
    ASSERT_TRUE(pipe->wait(stream).has_value());
    if (i == 100) after_warm_up = pipe->units_allocated();
  }
  EXPECT_EQ(pipe->units_allocated(), after_warm_up);
}

}  // namespace
}  // namespace weir::flow
