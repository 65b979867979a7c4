// sim_flow [--seed N] [--from N] [--count N] [--tasks N]: runs seeds and stops at the first that
// breaks an invariant, which it prints. The same seed breaks it again.
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "tests/flow/support/simulation.h"

namespace {

volatile std::sig_atomic_t current_seed = 0;

// An assertion of the core failed: say in which seed, with nothing but what a signal may use.
void on_abort(int) {
  char text[] = "seed           broke an assertion\n";
  long seed = current_seed;
  for (char* digit = text + 14; digit > text + 4; --digit, seed /= 10) {
    if (seed != 0 || digit == text + 14) *digit = static_cast<char>('0' + seed % 10);
  }
  if (write(STDOUT_FILENO, text, sizeof text - 1) < 0) _exit(2);
  _exit(1);
}

}  // namespace

int main(int argc, char** argv) {
  uint64_t from = 0;
  uint64_t count = 1000;
  weir::flow::SimulationOptions options;
  for (int i = 1; i + 1 < argc; i += 2) {
    const uint64_t value = std::strtoull(argv[i + 1], nullptr, 10);
    if (std::strcmp(argv[i], "--from") == 0) from = value;
    if (std::strcmp(argv[i], "--count") == 0) count = value;
    if (std::strcmp(argv[i], "--tasks") == 0) options.tasks = static_cast<uint32_t>(value);
    if (std::strcmp(argv[i], "--seed") == 0) from = value, count = 1;
  }
  std::signal(SIGABRT, on_abort);
  const auto start = std::chrono::steady_clock::now();
  uint64_t steps = 0;
  uint64_t tasks = 0;
  uint64_t wakes = 0;
  uint64_t quick_jobs = 0;
  uint64_t not_woken = 0;
  for (uint64_t seed = from; seed < from + count; ++seed) {
    current_seed = static_cast<std::sig_atomic_t>(seed);
    const weir::flow::SimulationReport report = weir::flow::simulate(seed, options);
    steps += report.steps;
    tasks += report.tasks;
    wakes += report.wakes;
    quick_jobs += report.quick_jobs;
    not_woken += report.not_woken;
    if (!report.wrong.empty()) {
      std::printf("seed %llu broke at step %llu: %s\nsim_flow --seed %llu shows it again\n",
                  static_cast<unsigned long long>(seed),
                  static_cast<unsigned long long>(report.steps), report.wrong.c_str(),
                  static_cast<unsigned long long>(seed));
      return 1;
    }
  }
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  std::printf(
      "%llu seeds, %llu tasks, %llu steps, %llu wakes, %llu quick jobs, %llu times not woken "
      "for short work: all held; %.0f seeds a second\n",
      static_cast<unsigned long long>(count), static_cast<unsigned long long>(tasks),
      static_cast<unsigned long long>(steps), static_cast<unsigned long long>(wakes),
      static_cast<unsigned long long>(quick_jobs), static_cast<unsigned long long>(not_woken),
      static_cast<double>(count) / seconds);
  return 0;
}
