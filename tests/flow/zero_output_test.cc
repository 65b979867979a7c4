// Nothing may hang for lack of an output: no findings, all skipped, all dropped, all failed, an
// empty stream, for every kind of stage.
#include <gtest/gtest.h>

#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "tests/flow/support/bodies.h"

namespace weir::flow {
namespace {

enum class Ending { kNoItems, kAllFail, kAllSkip, kAllCancelled, kAllLate, kNothing };
const char* const kEndings[] = {"NoItems",      "AllFail", "AllSkip",
                                "AllCancelled", "AllLate", "EmptyStream"};
const char* const kKinds[] = {"Stateless", "Limited", "Serial",       "Exclusive",
                              "Batched",   "Device",  "BatchedDevice"};
constexpr int kDevice = 5;

class ZeroOutput : public testing::TestWithParam<std::tuple<int, int>> {};

// Ends on a thread of its own, as a device does.
class OnDevice final : public StageBody {
 public:
  explicit OnDevice(std::function<StageResult()> result) : result_(std::move(result)) {}
  ~OnDevice() override {
    for (std::thread& thread : threads_) thread.join();
  }
  bool asynchronous() const override { return true; }
  StageResult start(std::span<Slot>, Completion done) override {
    const std::lock_guard<std::mutex> lock(mutex_);
    threads_.emplace_back([this, done] { done.finish(result_()); });
    return StageResult::pending();
  }
  StageResult run(Slot&, StopToken) override { return {}; }

 private:
  const std::function<StageResult()> result_;
  std::mutex mutex_;
  std::vector<std::thread> threads_;
};

// What is tested, as a stage of that kind: first the whole task, then its items.
StageSpec of_kind(int kind, std::string name, std::function<StageResult()> what) {
  StageSpec spec = stage(std::move(name), {}, body([what](Slot&) { return what(); }));
  if (kind == 1) spec.limit = 1;
  if (kind == 2) spec.kind = StageKind::kSerial;
  if (kind == 3) spec.kind = StageKind::kExclusive;
  if (kind == 4 || kind == 6) spec.batch = {.max = 3, .max_age_ns = 1000};
  if (kind >= kDevice) {
    spec.executor = "device";
    spec.body = std::make_shared<OnDevice>(std::move(what));
  }
  return spec;
}

TEST_P(ZeroOutput, EndsAndCountsUp) {
  const int kind = std::get<0>(GetParam());
  const auto ending = static_cast<Ending>(std::get<1>(GetParam()));
  constexpr uint64_t kTasks = 20;
  const auto what = [=] {
    if (ending == Ending::kAllFail) return StageResult::fail(Error(ErrorCode::kCorrupt, "bad"));
    if (ending == Ending::kAllSkip) return StageResult::skipped();
    return StageResult::done();
  };
  Barrier barrier;
  StageSpec first = stage("first", {}, body([&] { barrier.pass(); }));
  StageSpec split = of_kind(kind, "split", what);
  split.after = {"first"};
  split.fans_out = true;  // into none: what() names no items
  StageSpec item = of_kind(kind, "item", what);
  item.items_of = "split";
  StageSpec join = of_kind(kind, "join", StageResult::done);
  join.joins = "split";
  auto pipe = start({.executors = {{.name = "cpu", .workers = 2},
                                   {.name = "device", .kind = ExecutorKind::kDevice, .lanes = 2}},
                     .stages = {first, split, item, join}});
  const StreamId stream = open(*pipe, {.credits = 5, .mailbox_capacity = kTasks});
  const uint64_t tasks = ending == Ending::kNothing ? 0 : kTasks;
  PostOptions options;
  if (ending == Ending::kAllLate) options.deadline_ns = 1;  // long ago
  for (uint64_t i = 0; i < tasks; ++i) {
    ASSERT_TRUE(pipe->post(stream, number(0), options).has_value());
  }
  if (ending == Ending::kAllCancelled) pipe->cancel_stream(stream);
  barrier.open();
  ASSERT_TRUE(pipe->close_stream(stream).has_value());
  for (uint64_t i = 0; i < tasks; ++i) ASSERT_TRUE(pipe->wait(stream).has_value());
  EXPECT_EQ(pipe->wait(stream).error().code, ErrorCode::kCancelled);
  const TaskCounts counts = *pipe->counts(stream);
  EXPECT_EQ(counts.offered, tasks);
  EXPECT_EQ(counts.offered, counts.admitted + counts.dropped_at_source);
  EXPECT_EQ(counts.admitted, counts.ended());
  if (ending == Ending::kAllFail) {
    EXPECT_EQ(counts.failed(), kTasks);
  }
  if (ending == Ending::kAllSkip) {
    EXPECT_EQ(counts.skipped(), kTasks);
  }
  if (ending == Ending::kNoItems) {
    EXPECT_EQ(counts.done(), kTasks);
  }
  if (ending == Ending::kAllLate) {
    EXPECT_EQ(counts.dropped(), kTasks);
  }
  if (ending == Ending::kAllCancelled) {
    EXPECT_EQ(counts.dropped() + counts.dropped_at_source, kTasks);
  }
}

INSTANTIATE_TEST_SUITE_P(EveryKind, ZeroOutput,
                         testing::Combine(testing::Range(0, 7), testing::Range(0, 6)),
                         [](const auto& which) {
                           return std::string(kKinds[std::get<0>(which.param)]) +
                                  kEndings[std::get<1>(which.param)];
                         });

// All items of a task end without a result: the join is told.
TEST(ZeroOutput, AJoinSeesHowItsItemsEnded) {
  StageSpec split = stage("split", {}, body([](Slot&) { return StageResult::fan_out(3); }));
  split.fans_out = true;
  StageSpec item = stage("item", {}, body([](Slot& slot) {
                           if (slot.item() == 1) {
                             return StageResult::fail(Error(ErrorCode::kCorrupt, "bad item"));
                           }
                           return slot.item() == 2 ? StageResult::skipped() : StageResult::done();
                         }));
  item.items_of = "split";
  StageSpec join = stage("join", {}, body([](Slot& slot) {
                           EXPECT_EQ(slot.joined_items(), 3U);
                           EXPECT_EQ(slot.joined_failures(), 1U);
                           EXPECT_EQ(slot.joined_outcome(0), Outcome::kDone);
                           EXPECT_EQ(slot.joined_outcome(1), Outcome::kFailed);
                           EXPECT_EQ(slot.joined_outcome(2), Outcome::kSkipped);
                           return StageResult::done();
                         }));
  join.joins = "split";
  for (const JoinPolicy policy : {JoinPolicy::kKeepGoing, JoinPolicy::kFailTask}) {
    join.join_policy = policy;
    auto pipe = start({.executors = {}, .stages = {split, item, join}});
    const Finished result = *pipe->wait(*pipe->post(open(*pipe), number(0)));
    if (policy == JoinPolicy::kKeepGoing) {
      EXPECT_EQ(result.outcome, Outcome::kDone);
    } else {
      EXPECT_EQ(result.outcome, Outcome::kFailed);
      EXPECT_EQ(result.error->message, "bad item");
    }
  }
}

}  // namespace
}  // namespace weir::flow
