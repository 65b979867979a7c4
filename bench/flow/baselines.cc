#include "bench/flow/baselines.h"

#include <tbb/global_control.h>
#include <tbb/parallel_pipeline.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <utility>

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

HandOver::HandOver(std::function<void()> work)
    : work_(std::move(work)), thread_([this] {
        std::unique_lock lock(mutex_);
        while (true) {
          there_.wait(lock, [this] { return stop_ || wanted_; });
          if (stop_) return;
          lock.unlock();
          work_();
          lock.lock();
          wanted_ = false;
          back_.notify_one();
        }
      }) {}

HandOver::~HandOver() {
  {
    std::lock_guard lock(mutex_);
    stop_ = true;
  }
  there_.notify_one();
  thread_.join();
}

void HandOver::run() {
  std::unique_lock lock(mutex_);
  wanted_ = true;
  there_.notify_one();
  back_.wait(lock, [this] { return !wanted_; });
}

namespace {

class Chain {
 public:
  Chain(const std::vector<int>& lanes, int tasks)
      : tasks_(tasks), begun_(static_cast<std::size_t>(tasks)), over_(begun_.size()) {
    for (const int count : lanes) {
      devices_.push_back(std::make_unique<PretendedDevice>(count, count * 1'000'000));
    }
  }
  ~Chain() {
    while (!devices_.empty()) devices_.erase(devices_.begin());  // each ends before the next
  }
  void begin_next() {
    std::size_t task = 0;
    {
      std::lock_guard lock(mutex_);
      if (next_ == tasks_) return;
      task = static_cast<std::size_t>(next_++);
      begun_[task] = now_ns();
    }
    submit(task, 0);
  }
  std::vector<int64_t> wait() {
    std::unique_lock lock(mutex_);
    all_over_.wait(lock, [this] { return delays_ns_.size() == begun_.size(); });
    return delays_ns_;
  }

 private:
  void submit(std::size_t task, std::size_t device) {
    devices_[device]->submit([this, task, device] {
      device + 1 < devices_.size() ? submit(task, device + 1) : end(task);
    });
  }
  void end(std::size_t task) {
    int left = 0;
    {
      std::lock_guard lock(mutex_);
      over_[task] = true;
      while (delays_ns_.size() < begun_.size() && over_[delays_ns_.size()]) {
        delays_ns_.push_back(now_ns() - begun_[delays_ns_.size()]);
        ++left;
      }
      if (delays_ns_.size() == begun_.size()) all_over_.notify_one();
    }
    while (left-- > 0) begin_next();
  }

  const int tasks_;
  std::mutex mutex_;
  std::condition_variable all_over_;
  int next_ = 0;
  std::vector<int64_t> begun_;
  std::vector<char> over_;
  std::vector<int64_t> delays_ns_;
  std::vector<std::unique_ptr<PretendedDevice>> devices_;
};

}  // namespace

ChainRun run_bare_chain(const std::vector<int>& lanes, int tasks, int credits) {
  Chain chain(lanes, tasks);
  ChainRun run;
  const int64_t begin = now_ns();
  for (int i = 0; i < credits; ++i) chain.begin_next();
  run.delays_ns = chain.wait();
  run.seconds = static_cast<double>(now_ns() - begin) * 1e-9;
  return run;
}

}  // namespace weir::bench
