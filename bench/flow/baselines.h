// What the flow is compared with: the least that a plain program needs for the same work.
#pragma once

#include <cstdint>
#include <functional>

namespace weir::bench {

// Three empty serial-in, parallel, serial-out filters of oneTBB's parallel_pipeline, `tokens` in
// flight: nanoseconds for one filter of one task. It has no streams, credits, meters or outcomes.
double tbb_hop_ns(int threads, int tokens, int tasks);

// Two threads that wake each other in turns through one mutex and two condition variables:
// nanoseconds for there and back, one value for each round.
double ping_pong_p50_ns(int rounds);

// `threads` plain threads that take the next index from one atomic counter and do `work` on it:
// seconds for all tasks. Its results come in any order.
double plain_threads_s(int threads, int tasks, const std::function<void(int)>& work);

}  // namespace weir::bench
