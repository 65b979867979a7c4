// A few planted bottlenecks on real threads, where the machine has its say: the verdict may be
// `inconclusive` there, but never wrong.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <mutex>
#include <thread>

#include "bench/flow/work.h"
#include "weir/flow/pipeline.h"

namespace weir::flow {
namespace {

using bench::burn;
using bench::PretendedDevice;

struct Burn final : StageBody {
  Burn(int64_t how_much, std::mutex* under) : rounds(how_much), lock(under) {}
  StageResult run(Slot&, StopToken) override {
    if (lock == nullptr) return burn(rounds), StageResult::done();
    const std::lock_guard held(*lock);
    burn(rounds);
    return StageResult::done();
  }
  const int64_t rounds;
  std::mutex* const lock;
};

struct OnDevice final : StageBody {
  OnDevice(int lanes, int64_t service_ns) : device(lanes, service_ns) {}
  bool asynchronous() const override { return true; }
  StageResult run(Slot&, StopToken) override { return StageResult::pending(); }
  StageResult start(std::span<Slot>, Completion done) override {
    device.submit([done] { done.finish(StageResult::done()); });
    return StageResult::pending();
  }
  PretendedDevice device;
};

struct Numbers final : Source {
  explicit Numbers(int count) : left(count) {}
  Pulled pull(Payload&, int64_t&) override { return left-- > 0 ? Pulled::kInput : Pulled::kEnd; }
  int left;
};

struct SlowSink final : ResultSink {
  explicit SlowSink(int64_t how_much) : rounds(how_much) {}
  void on_result(Finished) override { burn(rounds); }
  const int64_t rounds;
};

std::shared_ptr<StageBody> burning(int64_t rounds, std::mutex* lock = nullptr) {
  return std::make_shared<Burn>(rounds, lock);
}

// prepare → infer → interpret on one executor.
GraphSpec three(std::shared_ptr<StageBody> infer, uint32_t workers, int64_t little) {
  GraphSpec spec;
  spec.executors = {{.name = "cpu", .workers = workers}};
  spec.stages = {{.name = "prepare", .body = burning(little)},
                 {.name = "infer", .body = std::move(infer)},
                 {.name = "interpret", .body = burning(little)}};
  spec.stages[1].after = {"prepare"};
  spec.stages[2].after = {"infer"};
  return spec;
}

class PlantedOnThreads : public ::testing::Test {
 protected:
  // Pulls `tasks` through, and judges the time from the start to the last.
  static FlowVerdict judge_run(GraphSpec spec, int tasks, ResultSink* sink) {
    auto pipe = Pipeline::start(Graph::compile(std::move(spec)).value()).value();
    Numbers numbers(tasks);
    MeterCursor cursor;
    (void)pipe->stats(cursor);
    const StreamId stream =
        pipe->open_stream({.credits = 8, .pulled = true, .source = &numbers, .sink = sink}).value();
    pipe->drain(stream);
    const FlowStats stats = pipe->stats(cursor);
    const FlowVerdict verdict = judge(stats);
    std::printf("     %s\n", verdict.words.c_str());
    for (const ExecutorStats& executor : stats.executors) {
      std::printf("       %s: %.2f of %d busy, %.2f cores, %.2f waiting for one, queue full %.2f\n",
                  executor.name.c_str(), executor.busy_mean, executor.workers, executor.cpu_mean,
                  executor.ready_mean, executor.full_share);
    }
    return verdict;
  }
  static bool is(const FlowVerdict& verdict, Limit limit, int stage = -1) {
    // Where others take the cores, that is the truth, whatever was planted.
    const bool stolen = verdict.words.find("others on this machine") != std::string::npos;
    return verdict.limit == Limit::kInconclusive || stolen ||
           (verdict.limit == limit && verdict.stage == stage);
  }
  SlowSink quick_{1};
  const int64_t little_ = bench::rounds_for(20);
  const int64_t millisecond_ = bench::rounds_for(1000);
  const uint32_t cores_ = std::max(2U, std::thread::hardware_concurrency());
};

TEST_F(PlantedOnThreads, ADeviceIsNamedByItsLanes) {
  GraphSpec spec = three(std::make_shared<OnDevice>(2, 3'000'000), 2, little_);
  spec.executors.push_back(
      {.name = "npu", .kind = ExecutorKind::kDevice, .workers = 1, .lanes = 2});
  spec.stages[1].executor = "npu";
  EXPECT_TRUE(is(judge_run(std::move(spec), 200, &quick_), Limit::kStage, 1));
}

TEST_F(PlantedOnThreads, AMutexInABodyIsNamedALock) {
  std::mutex mutex;
  EXPECT_TRUE(is(judge_run(three(burning(millisecond_, &mutex), 4, little_), 200, &quick_),
                 Limit::kLock, 1));
}

TEST_F(PlantedOnThreads, AllCoresBusyIsAFullCpu) {
  const int tasks = static_cast<int>(100 * cores_);
  EXPECT_TRUE(is(judge_run(three(burning(2 * millisecond_), cores_, little_), tasks, &quick_),
                 Limit::kCpu, 1));
}

TEST_F(PlantedOnThreads, ASlowCallBackIsASlowSink) {
  SlowSink slow(2 * millisecond_);
  EXPECT_TRUE(is(judge_run(three(burning(little_), 4, little_), 150, &slow), Limit::kSink));
}

}  // namespace
}  // namespace weir::flow
