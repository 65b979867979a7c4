// What the stages of the benchmarks do: an exact amount of arithmetic, or a wait for a pretended
// device.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <queue>
#include <thread>
#include <vector>

namespace weir::bench {

inline int64_t now_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

// The same number of rounds is the same work, on a fast and on a slow minute of the machine.
void burn(int64_t rounds);
// How many rounds take that long just now; at the start of a case, for both sides.
int64_t rounds_for(double microseconds);

// Lanes that are busy for a stated time each, as a device is: what is submitted while all are busy
// waits inside. `done` is called on the device's own thread. The wait has a timer slack of 1 ns.
class PretendedDevice {
 public:
  PretendedDevice(int lanes, int64_t service_ns);
  ~PretendedDevice();
  PretendedDevice(const PretendedDevice&) = delete;
  PretendedDevice& operator=(const PretendedDevice&) = delete;
  void submit(std::function<void()> done);

 private:
  struct Job {
    int64_t ends_ns;
    std::function<void()> done;
    bool operator>(const Job& other) const { return ends_ns > other.ends_ns; }
  };
  void run();

  const int64_t service_ns_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<int64_t> lane_free_ns_;
  std::priority_queue<Job, std::vector<Job>, std::greater<>> jobs_;
  bool closing_ = false;
  std::thread thread_;
};

}  // namespace weir::bench
