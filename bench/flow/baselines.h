// What the flow is compared with: the least that a plain program needs for the same work.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

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

// Work that is handed to a thread and waited for: one mutex, one condition variable for each way.
// Over the work alone it costs exactly two wakes, from whatever sleep the work leaves the threads
// in.
class HandOver {
 public:
  explicit HandOver(std::function<void()> work);
  ~HandOver();
  HandOver(const HandOver&) = delete;
  HandOver& operator=(const HandOver&) = delete;
  void run();

 private:
  const std::function<void()> work_;
  std::mutex mutex_;
  std::condition_variable there_;
  std::condition_variable back_;
  bool wanted_ = false;
  bool stop_ = false;
  std::thread thread_;
};

struct ChainRun {
  double seconds = 0;
  std::vector<int64_t> delays_ns;  // in order
};
// PretendedDevices in a row, lanes[i] lanes that take lanes[i] ms: each end submits to the next
// device, and the last one the next task, as long as `credits` are in flight. Results in order.
ChainRun run_bare_chain(const std::vector<int>& lanes, int tasks, int credits);

}  // namespace weir::bench
