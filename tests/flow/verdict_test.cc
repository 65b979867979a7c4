// The verdict on tables of figures: what it names, and that it names nothing where signals differ.
#include "weir/flow/verdict.h"

#include <gtest/gtest.h>
#include <algorithm>

namespace weir::flow {
namespace {

constexpr int kPrepare = 0;
constexpr int kInfer = 1;
constexpr int kInterpret = 2;

struct Row {
  double busy = 0;  // workers busy
  double full = 0;  // share of the time with a queue
};

// prepare → infer → interpret of faces, each on an executor of its own, on a machine of 8 cores.
FlowStats separate(Row prepare, Row infer, Row interpret) {
  FlowStats stats;
  stats.to_ns = 10'000'000'000;
  stats.cores = 8;
  const char* kNames[] = {"prepare", "infer", "interpret"};
  const Row rows[] = {prepare, infer, interpret};
  for (int i = 0; i < 3; ++i) {
    ExecutorStats executor;
    executor.name = kNames[i];
    executor.workers = 2;
    executor.busy_mean = rows[i].busy;
    executor.full_share = rows[i].full;
    executor.empty_share = 1 - rows[i].full;
    executor.cpu_mean = rows[i].busy;
    stats.executors.push_back(executor);
    StageStats stage;
    stage.name = std::string(kNames[i]) + " of faces";
    stage.executor = i;
    if (i < 2) stage.next = {i + 1};
    stage.begun = stage.ended = 1000;
    stage.busy_mean = rows[i].busy;
    stage.full_share = rows[i].full;
    stage.empty_share = 1 - rows[i].full;
    stats.stages.push_back(stage);
  }
  StreamStats stream;
  stream.name = "gate";
  stream.feed = Feed::kPulled;
  stream.credits = 8;
  stream.in_flight_mean = 8;
  stream.all_credits_share = 0.99;
  stream.no_credits_share = 0;
  stream.window.offered = stream.window.admitted = 1000;
  stream.window.by_outcome[static_cast<int>(Outcome::kDone)] = 1000;
  stats.streams.push_back(stream);
  return stats;
}

// The same stages on one executor with a worker for each of two cores.
FlowStats shared(Row prepare, Row infer, Row interpret) {
  FlowStats stats = separate(prepare, infer, interpret);
  ExecutorStats cpu = stats.executors[0];
  cpu.name = "cpu";
  cpu.busy_mean = prepare.busy + infer.busy + interpret.busy;
  cpu.cpu_mean = cpu.busy_mean;
  cpu.full_share = std::max({prepare.full, infer.full, interpret.full});
  cpu.empty_share = 1 - cpu.full_share;
  stats.executors = {cpu};
  stats.cores = 2;
  for (StageStats& stage : stats.stages) stage.executor = 0;
  return stats;
}

void leave_credits(FlowStats& stats) {
  stats.streams[0].all_credits_share = 0.02;
  stats.streams[0].in_flight_mean = 1.1;
}

TEST(Verdict, NamesEachExecutorByTwoSignalsInWords) {
  const FlowVerdict first = judge(separate({1.98, 0.95}, {0.9, 0.1}, {0.3, 0.02}));
  EXPECT_EQ(first.stage, kPrepare);
  const FlowVerdict middle = judge(separate({0.5, 0.1}, {1.97, 0.97}, {0.3, 0.04}));
  EXPECT_EQ(middle.limit, Limit::kStage);
  EXPECT_EQ(middle.stage, kInfer);
  EXPECT_EQ(middle.executor, 1);
  EXPECT_EQ(middle.words,
            "infer of faces is the bottleneck: its queue is full 97 % of the time, the next one "
            "empty 96 %, 2 of 2 workers busy");
  EXPECT_EQ(middle.advice, "give infer more workers: 2.8 of 8 cores are in use");
  const FlowVerdict last = judge(separate({0.5, 0.1}, {0.9, 0.2}, {2.0, 0.98}));
  EXPECT_EQ(last.stage, kInterpret);
}

TEST(Verdict, ABottleneckFillsTheQueuesBeforeItAndTheLastFullOneIsIt) {
  // Blocked upstream as well: prepare is busy and has a queue, but the one behind it is full.
  const FlowVerdict verdict = judge(separate({1.95, 0.9}, {2.0, 0.97}, {0.3, 0.04}));
  EXPECT_EQ(verdict.stage, kInfer);
}

TEST(Verdict, NamesTheLargestStageOfAnExecutorOfSeveral) {
  FlowStats stats = separate({0.5, 0.1}, {1.97, 0.97}, {0.3, 0.04});
  StageStats who = stats.stages[kInfer];
  who.name = "infer of who";
  who.busy_mean = 1.5;
  stats.stages[kInfer].busy_mean = 0.47;
  stats.stages.push_back(who);
  const FlowVerdict verdict = judge(stats);
  EXPECT_EQ(verdict.stage, 3);
  EXPECT_NE(verdict.words.find("it takes 76 % of infer"), std::string::npos) << verdict.words;
}

TEST(Verdict, OnASharedExecutorItSpeaksOfSharesOfTheCpu) {
  const FlowVerdict verdict = judge(shared({0.4, 0.5}, {1.21, 0.9}, {0.37, 0.0}));
  EXPECT_EQ(verdict.limit, Limit::kCpu);
  EXPECT_EQ(verdict.stage, kInfer);
  EXPECT_EQ(verdict.words, "the CPU is full: 2.0 of 2 cores in use; infer of faces takes 61 %");
}

TEST(Verdict, WithoutThreadClocksASharedExecutorOfAllCoresIsTheCpu) {
  FlowStats stats = shared({0.4, 0.1}, {1.21, 0.1}, {0.37, 0.0});
  stats.executors[0].cpu_mean = -1;
  EXPECT_EQ(judge(stats).words, "the CPU is full; infer of faces takes 61 %");
}

TEST(Verdict, ManyExecutorsCanFillTheCpuWithoutOneOfThemBeingFull) {
  FlowStats stats = separate({0.8, 0.4}, {1.5, 0.5}, {0.8, 0.3});
  stats.cores = 2;
  stats.executors[0].cpu_mean = 0.5;
  stats.executors[1].cpu_mean = 1.0;
  stats.executors[2].cpu_mean = 0.45;
  for (ExecutorStats& executor : stats.executors) executor.ready_mean = 0.3;
  const FlowVerdict verdict = judge(stats);
  EXPECT_EQ(verdict.limit, Limit::kCpu);
  EXPECT_EQ(verdict.stage, kInfer);
}

TEST(Verdict, SaysWhenOthersTakeTheCpu) {
  FlowStats stats = shared({0.4, 0.5}, {1.21, 0.9}, {0.37, 0.0});
  stats.executors[0].cpu_mean = 0.9;
  stats.executors[0].ready_mean = 1.05;
  const FlowVerdict verdict = judge(stats);
  EXPECT_EQ(verdict.limit, Limit::kCpu);
  EXPECT_NE(verdict.words.find("others on this machine take the rest"), std::string::npos);
}

TEST(Verdict, ASharedExecutorSmallerThanTheMachineWantsWorkers) {
  FlowStats stats = shared({0.4, 0.5}, {1.21, 0.9}, {0.37, 0.0});
  stats.cores = 8;
  const FlowVerdict verdict = judge(stats);
  EXPECT_EQ(verdict.limit, Limit::kStage);
  EXPECT_EQ(verdict.words, "cpu is full: 2 of 2 workers busy; infer of faces takes 61 %");
  EXPECT_EQ(verdict.advice, "give cpu more workers: 2.0 of 8 cores are in use");
}

TEST(Verdict, NamesASerialStageThatOneWorkerAtATimeMayRun) {
  for (FlowStats stats : {separate({0.5, 0.1}, {0.99, 0.97}, {0.3, 0.04}),
                          shared({0.2, 0.1}, {0.99, 0.97}, {0.2, 0.04})}) {
    stats.stages[kInfer].at_once = 1;
    const FlowVerdict verdict = judge(stats);
    EXPECT_EQ(verdict.limit, Limit::kStage);
    EXPECT_EQ(verdict.stage, kInfer);
    EXPECT_EQ(verdict.advice.rfind("more workers do not help", 0), 0U) << verdict.advice;
  }
}

TEST(Verdict, AStageThatMayHaveEveryWorkerWantsBothWhenItHasThem) {
  FlowStats stats = shared({0.4, 0.5}, {1.21, 0.9}, {0.37, 0.0});
  stats.cores = 8;
  stats.stages[kInfer].at_once = 2;
  EXPECT_EQ(
      judge(stats).advice,
      "more workers do not help alone: infer of faces runs at most 2 at a time; raise both, or "
      "make it shorter");
}

TEST(Verdict, ASerialStageWithoutAQueueIsNamedByTheInputThatWaits) {
  FlowStats stats = shared({0.2, 0.1}, {0.98, 0.03}, {0.2, 0.04});
  stats.stages[kInfer].at_once = 1;
  const FlowVerdict verdict = judge(stats);
  EXPECT_EQ(verdict.stage, kInfer);
  EXPECT_NE(verdict.words.find("input waits for it 99 %"), std::string::npos) << verdict.words;
  leave_credits(stats);
  EXPECT_NE(judge(stats).limit, Limit::kStage);
}

TEST(Verdict, NamesALockByWorkersThatAreBusyButUseLittleCpu) {
  for (FlowStats stats : {separate({0.1, 0.1}, {2.0, 0.97}, {0.1, 0.04}),
                          shared({0.05, 0.1}, {1.9, 0.97}, {0.04, 0.04})}) {
    stats.executors[stats.executors.size() == 1 ? 0 : 1].cpu_mean = 1.0;
    const FlowVerdict verdict = judge(stats);
    EXPECT_EQ(verdict.limit, Limit::kLock) << verdict.words;
    EXPECT_EQ(verdict.stage, kInfer);
    EXPECT_NE(verdict.words.find("they use only 1.0 cores"), std::string::npos) << verdict.words;
  }
}

TEST(Verdict, WaitingForACoreIsNoLockAndWaitingForADeviceIsNone) {
  FlowStats stolen = shared({0.05, 0.1}, {1.9, 0.97}, {0.04, 0.04});
  stolen.executors[0].cpu_mean = 0.9;
  stolen.executors[0].ready_mean = 1.0;
  EXPECT_EQ(judge(stolen).limit, Limit::kCpu);
  FlowStats device = separate({0.1, 0.1}, {2.0, 0.97}, {0.1, 0.04});
  device.executors[1].cpu_mean = 0.01;
  device.executors[1].device = true;
  const FlowVerdict verdict = judge(device);
  EXPECT_EQ(verdict.limit, Limit::kStage);
  EXPECT_NE(verdict.words.find("2 of 2 lanes busy"), std::string::npos) << verdict.words;
}

TEST(Verdict, AQuotaThatIsUsedUpIsNoLock) {
  FlowStats stats = shared({0.05, 0.1}, {1.9, 0.97}, {0.04, 0.04});
  stats.executors[0].cpu_mean = 0.9;  // the rest neither on a core nor waiting for one
  EXPECT_EQ(judge(stats).limit, Limit::kLock);
  stats.quota_share = 0.62;
  const FlowVerdict verdict = judge(stats);
  EXPECT_EQ(verdict.limit, Limit::kCpu) << verdict.words;
  EXPECT_EQ(verdict.stage, kInfer);
  EXPECT_EQ(verdict.words.rfind("the CPU quota is used up: it held the process back in 62 %", 0),
            0U)
      << verdict.words;
  EXPECT_EQ(verdict.advice.rfind("give the container a larger CPU quota", 0), 0U);
  stats.quota_share = 0.02;
  EXPECT_EQ(judge(stats).limit, Limit::kLock);
}

TEST(Verdict, CountsTheTimeInASourceAsItsPartOfTheCpu) {
  FlowStats stats = shared({0.3, 0.1}, {0.5, 0.97}, {0.1, 0.04});
  stats.executors[0].busy_mean = 0.9;
  stats.executors[0].cpu_mean = 1.95;
  stats.executors[0].ready_mean = 0.4;
  stats.streams[0].pull_mean = 0.9;
  const FlowVerdict verdict = judge(stats);
  EXPECT_EQ(verdict.limit, Limit::kCpu) << verdict.words;
  EXPECT_NE(verdict.words.find("the source of gate takes 50 %"), std::string::npos)
      << verdict.words;
}

TEST(Verdict, NamesTheStageWhoseBodiesWaitWhereTheyWereSampled) {
  FlowStats stats = shared({1.0, 0.1}, {0.9, 0.9}, {0.1, 0.0});
  stats.executors[0].cpu_mean = 1.1;
  stats.stages[kPrepare].cpu_share = 0.98;
  stats.stages[kInfer].cpu_share = 0.05;
  stats.stages[kInterpret].cpu_share = 0.9;
  EXPECT_EQ(judge(stats).stage, kInfer);
}

TEST(Verdict, NamesTheSinkWhenFinishedTasksWait) {
  for (FlowStats stats : {separate({0.2, 0.01}, {0.5, 0.02}, {0.1, 0.0}),
                          shared({0.2, 0.01}, {0.5, 0.02}, {0.1, 0.0})}) {
    stats.streams[0].output_full_share = 0.98;
    const FlowVerdict verdict = judge(stats);
    EXPECT_EQ(verdict.limit, Limit::kSink);
    EXPECT_EQ(verdict.words.rfind("the sink of gate is the bottleneck: finished tasks wait", 0),
              0U);
  }
}

TEST(Verdict, NamesTheSourceWhenCreditsAndWorkersAreLeft) {
  for (FlowStats stats : {separate({0.2, 0.01}, {0.5, 0.02}, {0.1, 0.0}),
                          shared({0.2, 0.01}, {0.5, 0.02}, {0.1, 0.0})}) {
    leave_credits(stats);
    const FlowVerdict verdict = judge(stats);
    EXPECT_EQ(verdict.limit, Limit::kSource);
    EXPECT_EQ(
        verdict.words.rfind("the source is the bottleneck: gate leaves credits unused 98 %", 0), 0U)
        << verdict.words;
  }
}

TEST(Verdict, ALiveSourceThatLosesNothingIsHeldBackByNothing) {
  FlowStats stats = shared({0.2, 0.01}, {0.5, 0.02}, {0.1, 0.0});
  leave_credits(stats);
  stats.streams[0].feed = Feed::kLive;
  EXPECT_EQ(judge(stats).limit, Limit::kNone);
  stats.streams[0].window.dropped_at_source = 5;
  EXPECT_EQ(judge(stats).limit, Limit::kInconclusive);
}

TEST(Verdict, NamesTheCreditsWhenAllAreInUseAndNothingIsBusy) {
  FlowStats stats = separate({0.5, 0.1}, {1.1, 0.1}, {0.3, 0.04});
  stats.streams[0].credits = 2;
  const FlowVerdict verdict = judge(stats);
  EXPECT_EQ(verdict.limit, Limit::kCredits);
  EXPECT_EQ(verdict.advice.rfind("raise credits from 2 to 3", 0), 0U) << verdict.advice;
}

TEST(Verdict, SaysInconclusiveWhenSignalsDiffer) {
  // Busy without a queue; a queue without being busy; two full ones side by side.
  EXPECT_EQ(judge(separate({0.5, 0.1}, {1.97, 0.2}, {0.3, 0.04})).limit, Limit::kInconclusive);
  EXPECT_EQ(judge(separate({0.5, 0.1}, {1.2, 0.97}, {0.3, 0.04})).limit, Limit::kInconclusive);
  FlowStats branches = separate({1.97, 0.97}, {1.97, 0.97}, {0.3, 0.04});
  branches.stages[kPrepare].next = {kInterpret};
  EXPECT_EQ(judge(branches).limit, Limit::kInconclusive);
}

TEST(Verdict, SaysNothingOfTooLittleAndOfNoWork) {
  FlowStats few = separate({0.5, 0.1}, {1.97, 0.97}, {0.3, 0.04});
  for (StageStats& stage : few.stages) stage.begun = 2;
  EXPECT_EQ(judge(few).limit, Limit::kInconclusive);
  EXPECT_EQ(judge(FlowStats{}).limit, Limit::kNone);
  FlowStats stuck = few;
  for (StageStats& stage : stuck.stages) stage.begun = 0;
  EXPECT_EQ(judge(stuck).limit, Limit::kInconclusive);
}

}  // namespace
}  // namespace weir::flow
