// A machine in which the bottleneck is put by hand: virtual cores, lanes, one lock, sources and
// sinks around the real core and the real meters, in virtual time. So what the verdict has to find
// is known, and a case takes milliseconds and comes out the same each time.
//
//   PlantedMachine machine(spec, {{.cpu_us = 1000}, {.cpu_us = 5000}, {.cpu_us = 1000}}, 8);
//   machine.add_stream({.feed = Feed::kPulled, .credits = 8});
//   const FlowStats stats = machine.run(/*warm_up_s=*/0.5, /*window_s=*/2);
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <queue>
#include <random>
#include <vector>

#include "weir/flow/core.h"
#include "weir/flow/meter.h"

namespace weir::flow {

// What one call of a stage's body costs: CPU time, of which a part may need the machine's one lock;
// on a device its lane's time.
struct PlantedCost {
  double cpu_us = 0;
  bool locked = false;
};

struct PlantedStream {
  Feed feed = Feed::kPulled;
  uint32_t credits = 8;
  double every_us = 0;   // pulled: what one pull takes; posted and live: the time between two
  double sink_us = 0;    // what handing out one result takes
  bool fetched = false;  // results are fetched, one every `sink_us`, instead of handed out
};

class PlantedMachine {
 public:
  PlantedMachine(GraphSpec spec, std::vector<PlantedCost> costs, int cores, uint64_t seed = 1);
  void add_stream(const PlantedStream& planted);
  FlowStats run(double warm_up_s, double window_s);

 private:
  struct Event {
    int64_t at_ns;
    uint64_t number;
    std::function<void()> happens;
    bool operator>(const Event& other) const {
      return at_ns != other.at_ns ? at_ns > other.at_ns : number > other.number;
    }
  };
  struct Burst {  // wants a core
    std::size_t executor;
    int64_t ns;
    int64_t since_ns;
    std::function<void()> then;
  };
  struct Source {
    StreamId id;
    PlantedStream planted;
    bool blocked = false;
  };
  struct NoSink : ResultSink {
    void on_result(Finished) override {}
  };

  void at(int64_t ns, std::function<void()> happens);
  void advance_to(int64_t ns);
  void act();  // on the core's effects
  void take(WorkerId worker);
  void go_on(WorkerId worker, const Work& work);
  void run_job(WorkerId worker, const Job& job);
  void end_job(WorkerId worker, const Job& job);
  void on_core(Burst burst);
  void release_core();
  void with_lock(std::function<void()> then);
  void release_lock();
  void offer(std::size_t source);
  void fetch(std::size_t source);
  void tell_usage();
  int64_t spread(double us);

  std::shared_ptr<const Graph> graph_;
  std::vector<PlantedCost> costs_;
  Meter meter_;
  Core core_;
  NoSink sink_;
  std::mt19937_64 random_;
  int64_t now_ns_ = 0;
  uint64_t events_ = 0;
  std::priority_queue<Event, std::vector<Event>, std::greater<>> agenda_;
  int free_cores_;
  std::deque<Burst> run_queue_;
  bool lock_held_ = false;
  std::deque<std::function<void()>> lock_queue_;
  std::vector<std::vector<int64_t>> lanes_free_ns_;  // of device executors
  std::vector<int64_t> cpu_ns_;
  std::vector<int64_t> ready_ns_;
  std::vector<uint32_t> parked_;  // of a worker: counts its sleeps; odd while it sleeps
  std::vector<Source> sources_;
};

}  // namespace weir::flow
