#include "bench/flow/baselines.h"

#include <tbb/global_control.h>
#include <tbb/parallel_pipeline.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "bench/flow/work.h"

namespace weir::bench {

double tbb_hop_ns(int threads, int tokens, int tasks) {
  const tbb::global_control limit(tbb::global_control::max_allowed_parallelism,
                                  static_cast<std::size_t>(threads));
  int next = 0;
  int64_t sum = 0;
  int64_t begin = 0;
  int64_t end = 0;
  tbb::parallel_pipeline(
      static_cast<std::size_t>(tokens),
      tbb::make_filter<void, int>(tbb::filter_mode::serial_in_order,
                                  [&](tbb::flow_control& control) {
                                    if (next == 0) begin = now_ns();
                                    if (next == tasks) control.stop(), end = now_ns();
                                    return next++;
                                  }) &
          tbb::make_filter<int, int>(tbb::filter_mode::parallel, [](int task) { return task; }) &
          tbb::make_filter<int, void>(tbb::filter_mode::serial_in_order,
                                      [&](int task) { sum += task; }));
  const auto passed = static_cast<double>(end - begin);
  return sum == 0 && tasks > 1 ? 0 : passed / (3.0 * tasks);
}

double ping_pong_p50_ns(int rounds) {
  std::mutex mutex;
  std::condition_variable ping;
  std::condition_variable pong;
  int turn = 0;  // even: ours
  bool stop = false;
  std::thread other([&] {
    std::unique_lock lock(mutex);
    while (true) {
      ping.wait(lock, [&] { return stop || turn % 2 == 1; });
      if (stop) return;
      ++turn;
      pong.notify_one();
    }
  });
  std::vector<int64_t> times;
  for (int i = 0; i < rounds; ++i) {
    const int64_t begin = now_ns();
    std::unique_lock lock(mutex);
    ++turn;
    ping.notify_one();
    pong.wait(lock, [&] { return turn % 2 == 0; });
    lock.unlock();
    times.push_back(now_ns() - begin);
  }
  {
    std::lock_guard lock(mutex);
    stop = true;
  }
  ping.notify_one();
  other.join();
  std::nth_element(times.begin(), times.begin() + rounds / 2, times.end());
  return static_cast<double>(times[static_cast<std::size_t>(rounds / 2)]);
}

double plain_threads_s(int threads, int tasks, const std::function<void(int)>& work) {
  std::atomic<int> next{0};
  const int64_t begin = now_ns();
  std::vector<std::thread> pool;
  for (int t = 0; t < threads; ++t) {
    pool.emplace_back([&] {
      for (int task = next.fetch_add(1); task < tasks; task = next.fetch_add(1)) work(task);
    });
  }
  for (std::thread& thread : pool) thread.join();
  return static_cast<double>(now_ns() - begin) * 1e-9;
}

}  // namespace weir::bench
