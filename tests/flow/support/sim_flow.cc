// sim_flow [--seed N] [--from N] [--count N] [--tasks N]: runs seeds and stops at the first that
// breaks an invariant, which it prints. The same seed breaks it again.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "tests/flow/support/simulation.h"

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
  const auto start = std::chrono::steady_clock::now();
  uint64_t steps = 0;
  uint64_t tasks = 0;
  uint64_t wakes = 0;
  for (uint64_t seed = from; seed < from + count; ++seed) {
    const weir::flow::SimulationReport report = weir::flow::simulate(seed, options);
    steps += report.steps;
    tasks += report.tasks;
    wakes += report.wakes;
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
  std::printf("%llu seeds, %llu tasks, %llu steps, %llu wakes: all held; %.0f seeds a second\n",
              static_cast<unsigned long long>(count), static_cast<unsigned long long>(tasks),
              static_cast<unsigned long long>(steps), static_cast<unsigned long long>(wakes),
              static_cast<double>(count) / seconds);
  return 0;
}
