// The cases, one function for each row of docs/benchmarks.md's flow table (or for a few of them).
#pragma once

#include "bench/flow/report.h"

namespace weir::bench {

struct Case {
  const char* name;
  void (*run)(Report& report);
};

void meter_cost(Report& report);
void hop(Report& report);
void meters_on_and_off(Report& report);
void wakes(Report& report);
void round_trip(Report& report);
void allocations(Report& report);
void device_stages(Report& report);
void cpu_stages(Report& report);
void order(Report& report);
void single_frame(Report& report);
void chained(Report& report);
void live(Report& report);
void scale(Report& report);

}  // namespace weir::bench
