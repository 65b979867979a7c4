// The deterministic driver of the core: one thread, a clock that only it moves, and dice that
// choose what happens next: a submission, a look for work, the end of a job, a wake, a fault, a
// passing of time. After every step the invariants of the core are checked, and those that only an
// onlooker can: each stage once per unit, turns, limits, order, and that nobody sleeps beside work.
//
// The same seed gives the same run, on every machine.
#pragma once

#include <cstdint>
#include <string>

namespace weir::flow {

struct SimulationOptions {
  uint32_t tasks = 100;
  uint32_t deep_check_every = 16;  // steps between walks over all lists
  bool print_steps = false;
};

struct SimulationReport {
  std::string wrong;  // empty: all held
  uint64_t steps = 0;
  uint64_t tasks = 0;  // offered
  uint64_t wakes = 0;
  uint64_t quick_jobs = 0;  // of several units, in a stage without batches
  uint64_t not_woken = 0;   // sleepers that were left asleep beside work that was too short
};

SimulationReport simulate(uint64_t seed, const SimulationOptions& options = {});

}  // namespace weir::flow
