// A device that completes on its own: the body only submits, and one task more than there are lanes
// is submitted ahead, so that the device never waits for us.
#include <condition_variable>
#include <cstdio>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>

#include "weir/flow/pipeline.h"

using namespace weir;
using namespace weir::flow;

namespace {

// Stands for a driver with a queue and a thread that calls back.
class Device {
 public:
  struct Job {
    int* number;
    Completion done;
  };
  void submit(Job job) {
    const std::lock_guard lock(mutex_);
    jobs_.push_back(job);
    changed_.notify_one();
  }

 private:
  void run(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    while (changed_.wait(lock, stop, [this] { return !jobs_.empty(); })) {
      const Job job = jobs_.front();
      jobs_.pop_front();
      lock.unlock();
      *job.number *= 3;
      job.done.finish(StageResult::done());  // from any thread, once
      lock.lock();
    }
  }
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<Job> jobs_;
  std::jthread thread_{[this](const std::stop_token& stop) { run(stop); }};
};

struct OnDevice final : StageBody {
  bool asynchronous() const override { return true; }
  StageResult run(Slot&, StopToken) override { return StageResult::pending(); }
  StageResult start(std::span<Slot> slots, Completion done) override {
    device.submit({slots[0].payload<int>(), done});
    return StageResult::pending();
  }
  Device device;
};

}  // namespace

int main() {
  GraphSpec spec;
  spec.executors = {{.name = "npu", .kind = ExecutorKind::kDevice, .workers = 1, .lanes = 1}};
  spec.stages = {{.name = "infer", .body = std::make_shared<OnDevice>()}};
  auto graph = Graph::compile(spec);
  if (!graph) return std::fprintf(stderr, "%s\n", graph.error().to_string().c_str()), 1;
  auto pipe = Pipeline::start(*graph);
  auto stream = (*pipe)->open_stream({.credits = 4});
  for (int i = 1; i <= 100; ++i) {  // waits for a credit
    if (!(*pipe)->post(*stream, Payload::own(std::make_unique<int>(i)))) return 1;
  }
  int sum = 0;
  for (int i = 1; i <= 100; ++i) {
    auto result = (*pipe)->wait(*stream);
    if (!result || result->outcome != Outcome::kDone) return 1;
    sum += *result->payload.as<int>();
  }
  std::printf("three times 1 … 100 is %d\n", sum);
  return sum == 3 * 5050 ? 0 : 1;
}
