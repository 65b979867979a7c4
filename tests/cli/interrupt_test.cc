#include "apps/cli/interrupt.h"

#include <gtest/gtest.h>
#include <signal.h>

#include <condition_variable>
#include <mutex>

namespace weir::cli {
namespace {

// Waits for the stop, not for a time.
void wait_for(const std::stop_token& token) {
  std::mutex mutex;
  std::condition_variable_any stopped;
  std::unique_lock lock(mutex);
  stopped.wait(lock, token, [] { return false; });
}

TEST(Interrupt, TheFirstSignalAsksToStop) {
  const Interrupt interrupt;
  EXPECT_FALSE(interrupt.token().stop_requested());
  raise(SIGINT);
  wait_for(interrupt.token());
  EXPECT_TRUE(interrupt.token().stop_requested());
}

TEST(Interrupt, AnotherOneStartsAnew) {
  {
    const Interrupt interrupt;
    raise(SIGTERM);
    wait_for(interrupt.token());
  }
  const Interrupt interrupt;
  EXPECT_FALSE(interrupt.token().stop_requested());
}

TEST(InterruptDeathTest, TheSecondSignalEndsTheProcess) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const auto twice = [] {
    const Interrupt interrupt;
    raise(SIGINT);
    raise(SIGINT);
  };
  EXPECT_EXIT(twice(), testing::KilledBySignal(SIGINT), "");
}

TEST(InterruptDeathTest, AfterItASignalEndsTheProcessAgain) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const auto after = [] {
    { const Interrupt interrupt; }
    raise(SIGINT);
  };
  EXPECT_EXIT(after(), testing::KilledBySignal(SIGINT), "");
}

}  // namespace
}  // namespace weir::cli
