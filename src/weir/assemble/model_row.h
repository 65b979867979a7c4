// One line of the table of models that a Runtime has loaded.
//
//   for (const ModelRow& row : runtime.loaded()) print(row.name, row.calls, row.mean_ms);
//
// A plain value: what was true when it was asked for.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "weir/data/device.h"

namespace weir {

struct ModelRow {
  std::string name;
  std::string family;
  std::string backend;
  Device device;
  uint64_t version = 1;              // 2 after the first update or move
  int instances = 1;                 // runs that may be under way at the same time
  uint64_t calls = 0;                // items that it looked at, of all versions
  double mean_ms = 0;                // of a call
  std::size_t memory_bytes = 0;      // as the back end tells
  std::vector<std::string> used_by;  // "street: steps.faces"; none: it may be unloaded
};

}  // namespace weir
