// How often operator new was called, and for how much. Whoever asks is linked with operators that
// count, so it is a program of its own: a test with DEPS counted_heap, or a benchmark.
//
//   const uint64_t before = test::heap_use().calls;
//   step();
//   EXPECT_EQ(test::heap_use().calls - before, 0U);
//
// Any thread.
#pragma once

#include <cstdint>

namespace weir::test {

struct HeapUse {
  uint64_t calls = 0;
  uint64_t bytes = 0;
  uint64_t live = 0;  // bytes that were not given back
};

HeapUse heap_use();                    // of all threads, since the program began
uint64_t heap_calls_of_this_thread();  // where others work beside it

// `told` is called by each call of this thread from now on, before it has its memory; null: no
// more.
void tell_heap_calls(void (*told)());

// What a run takes after two others, which may find out sizes.
template <class Run>
int heap_calls_when_warm(const Run& run) {
  run();
  run();
  const uint64_t before = heap_calls_of_this_thread();
  run();
  return static_cast<int>(heap_calls_of_this_thread() - before);
}

}  // namespace weir::test
