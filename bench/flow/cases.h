// The cases, one function for each row of docs/benchmarks.md's flow table (or for a few of them).
#pragma once

#include "bench/flow/report.h"

namespace weir::bench {

struct Case {
  const char* name;
  void (*run)(Report& report);
};

void meter_cost(Report& report);

}  // namespace weir::bench
