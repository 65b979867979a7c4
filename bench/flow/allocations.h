// Counts what the whole program takes from the heap, while it is switched on.
#pragma once

#include <cstdint>

namespace weir::bench {

struct HeapUse {
  uint64_t calls = 0;
  uint64_t bytes = 0;
};

void count_heap(bool on);
HeapUse heap_use();  // since the program began, while it was on

}  // namespace weir::bench
