// The lanes of one step: as many runs of its model as may be under way at the same time.
//
//   const LanePool::Lease lane = pool.take();
//   lane->run(items, results);
//
// Any thread. The flow lets no more workers into the stage than there are lanes, so that taking one
// never waits.
#pragma once

#include <memory>
#include <vector>

#include "weir/base/mutex.h"
#include "weir/model/lane.h"
#include "weir/model/live_model.h"

namespace weir {

class LanePool {
 public:
  static Result<std::unique_ptr<LanePool>> make(const Model& model, uint32_t lanes);
  // What a step prepares of each version of its model: a pool of so many lanes.
  static decltype(ModelUse::prepare) maker(uint32_t lanes);

  class Lease {
   public:
    Lease(LanePool& pool, std::unique_ptr<Lane> lane) : pool_(pool), lane_(std::move(lane)) {}
    ~Lease() { pool_.give_back(std::move(lane_)); }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    Lane* operator->() const { return lane_.get(); }

   private:
    LanePool& pool_;
    std::unique_ptr<Lane> lane_;
  };

  Lease take();

 private:
  void give_back(std::unique_ptr<Lane> lane);

  Mutex mutex_;
  std::vector<std::unique_ptr<Lane>> free_ WEIR_GUARDED_BY(mutex_);
};

}  // namespace weir
