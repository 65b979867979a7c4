#include "weir/base/thread_budget.h"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "weir/base/log.h"

namespace weir {
namespace {

TEST(ThreadBudget, CountsClaimsUntilTheyAreReleased) {
  ThreadBudget budget(4);
  ThreadLease faces = budget.claim("onnxruntime:faces", 2);
  {
    const ThreadLease executor = budget.claim("executor", 1);
    EXPECT_EQ(budget.claimed(), 3);
    EXPECT_EQ(budget.to_string(), "3 of 4 threads: onnxruntime:faces 2, executor 1");
  }
  EXPECT_EQ(budget.claimed(), 2);
  const ThreadLease moved = std::move(faces);
  EXPECT_EQ(moved.threads(), 2);
  EXPECT_EQ(budget.claims().size(), 1U);
  EXPECT_FALSE(budget.over_budget());
}

TEST(ThreadBudget, SaysAloudOnceWhenItIsOverdrawn) {
  std::vector<std::string> lines;
  LogConfig config;
  config.sink = [&](LogLevel, std::string_view, std::string_view text) {
    lines.emplace_back(text);
  };
  ASSERT_TRUE(configure_log(config));
  ThreadBudget budget(2);
  const ThreadLease first = budget.claim("openvino:objects", 2);
  EXPECT_TRUE(lines.empty());
  {
    const ThreadLease second = budget.claim("executor", 2);
    const ThreadLease third = budget.claim("decoder", 1);
    EXPECT_TRUE(budget.over_budget());
    EXPECT_EQ(lines.size(), 1U);
  }
  EXPECT_FALSE(budget.over_budget());
  const ThreadLease again = budget.claim("encoder", 1);
  ASSERT_TRUE(configure_log({}));
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_NE(lines[0].find("4 of 2 threads: openvino:objects 2, executor 2"), std::string::npos);
}

TEST(ThreadBudget, CountsThoseThatTakeTurnsOnce) {
  ThreadBudget budget(4);
  const ThreadLease alone = budget.claim("decoder", 1);
  const ThreadLease first = budget.claim("yunet", 2, "models");
  {
    const ThreadLease second = budget.claim("sface", 3, "models");
    EXPECT_EQ(budget.claimed(), 4);
    EXPECT_FALSE(budget.over_budget());
  }
  EXPECT_EQ(budget.claimed(), 3);
}

TEST(ThreadBudget, ALeaseMayOutliveIt) {
  ThreadLease lease;
  {
    ThreadBudget budget(1);
    lease = budget.claim("late", 1);
  }
  EXPECT_EQ(lease.threads(), 1);
  lease.release();
  EXPECT_EQ(lease.threads(), 0);
}

TEST(ThreadBudget, IsSharedByThreads) {
  ThreadBudget budget(1000);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 200; ++i) const ThreadLease lease = budget.claim("worker", 2);
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(budget.claimed(), 0);
}

TEST(ThreadPlan, FollowsItsMode) {
  struct Row {
    ThreadMode mode;
    int cores, asked, instances, intra_op;
  };
  for (const Row& row :
       {Row{ThreadMode::kThroughput, 8, 0, 8, 1}, Row{ThreadMode::kThroughput, 8, 3, 3, 1},
        Row{ThreadMode::kLatency, 8, 0, 1, 8}, Row{ThreadMode::kLatency, 8, 3, 3, 2},
        Row{ThreadMode::kLatency, 2, 5, 5, 1}, Row{ThreadMode::kThroughput, 0, 0, 1, 1}}) {
    const ThreadPlan plan = plan_threads(row.mode, row.cores, row.asked);
    EXPECT_EQ(plan.instances, row.instances);
    EXPECT_EQ(plan.intra_op_threads, row.intra_op);
  }
}

}  // namespace
}  // namespace weir
