#include "weir/assemble/core_share.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <thread>

namespace weir {
namespace {

TEST(CoreShare, CountsWhatMayWorkAtTheSameTime) {
  struct Row {
    std::vector<int> workers;
    int limit;
  };
  const Row rows[] = {{{}, 0},     {{1}, 1},       {{1, 1}, 2},    {{4}, 4},
                      {{3, 3}, 4}, {{4, 4, 4}, 4}, {{1, 2, 1}, 4}, {{6, 2}, 6}};
  for (const Row& row : rows) {
    ThreadBudget budget(4);
    CoreShare cores(budget);
    {
      std::vector<CoreShare::Member> members;
      for (const int workers : row.workers) members.push_back(cores.join(workers));
      EXPECT_EQ(cores.limit(), row.limit);
      EXPECT_EQ(budget.claimed(), row.limit);
    }
    EXPECT_EQ(budget.claimed(), 0);
  }
}

class Peak {
 public:
  void begin() {
    const int now = ++now_;
    int most = most_.load();
    while (now > most && !most_.compare_exchange_weak(most, now)) {
    }
  }
  void end() { --now_; }
  int most() const { return most_.load(); }

 private:
  std::atomic<int> now_{0};
  std::atomic<int> most_{0};
};

TEST(CoreShare, LetsNoMoreWorkThanItSays) {
  ThreadBudget budget(2);
  CoreShare cores(budget);
  const auto a = cores.join(2);
  const auto b = cores.join(2);
  Peak peak;
  std::vector<std::atomic<int>> turns(4);
  {
    std::vector<std::jthread> workers;
    for (std::size_t w = 0; w < turns.size(); ++w) {
      workers.emplace_back([&, w] {
        for (int i = 0; i < 2000; ++i) {
          const CoreShare::Turn turn(cores);
          const CoreShare::Turn nested(cores);  // of the same thread: the turn that it has
          peak.begin();
          ++turns[w];
          peak.end();
        }
      });
    }
  }
  EXPECT_LE(peak.most(), 2);
  for (const auto& count : turns) EXPECT_EQ(count.load(), 2000);
  EXPECT_EQ(cores.waiting(), 0U);
}

void wait_until_waiting(const CoreShare& cores, std::size_t count) {
  while (cores.waiting() != count) std::this_thread::yield();
}

TEST(CoreShare, LetsTheOneGoNextThatHasWaitedLongest) {
  ThreadBudget budget(1);
  CoreShare cores(budget);
  const auto a = cores.join(1);
  const auto b = cores.join(1);
  std::vector<int> order;
  std::vector<std::jthread> later;
  {
    const CoreShare::Turn turn(cores);
    for (int i = 0; i < 3; ++i) {
      later.emplace_back([&, i] {
        const CoreShare::Turn turn_of_it(cores);
        order.push_back(i);
      });
      wait_until_waiting(cores, static_cast<std::size_t>(i) + 1);
    }
  }
  later.clear();
  EXPECT_EQ(order, (std::vector<int>{0, 1, 2}));
}

TEST(CoreShare, GoesOnWhileOneWaitsForWhatAnotherDoes) {
  ThreadBudget budget(1);
  CoreShare cores(budget);
  const auto a = cores.join(1);
  const auto b = cores.join(1);
  const CoreShare::Turn turn(cores);
  std::atomic<bool> answered{false};
  std::jthread other([&] {
    const CoreShare::Turn turn_of_it(cores);
    answered.store(true);
  });
  {
    const CoreShare::Pause pause;
    other.join();
  }
  EXPECT_TRUE(answered.load());
}

TEST(CoreShare, WhoIsLeftAloneWaitsNoLonger) {
  ThreadBudget budget(1);
  CoreShare cores(budget);
  const auto a = cores.join(1);
  auto b = cores.join(1);
  const CoreShare::Turn turn(cores);
  std::jthread other([&] { const CoreShare::Turn turn_of_it(cores); });
  wait_until_waiting(cores, 1);
  b.leave();
  other.join();
}

}  // namespace
}  // namespace weir
