// What a thread has had of the CPU: the third signal of the verdict, beside queues and busy
// workers.
//
// A worker that is busy by the wall clock but used little CPU either waited inside a body (for a
// lock, a disk, a device), or wanted a core and had none; the kernel's run-queue time tells the two
// apart. Reading it takes some microseconds: for whoever reads the meters, never for a hot path.
#pragma once

#include <cstdint>
#include <optional>

namespace weir::flow {

struct ThreadUsage {
  int64_t cpu_ns = 0;    // on a core
  int64_t ready_ns = 0;  // runnable, waiting for a core
};

// The kernel's number of the calling thread, for usage_of().
int thread_number();

// Of any thread of this process; empty when the thread is gone or the kernel does not count.
std::optional<ThreadUsage> usage_of(int thread_number);

// CPU time of the calling thread; 770 ns.
int64_t own_cpu_ns();

}  // namespace weir::flow
