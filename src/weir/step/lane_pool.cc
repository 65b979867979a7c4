#include "weir/step/lane_pool.h"

#include <cassert>
#include <utility>

namespace weir {

Result<std::unique_ptr<LanePool>> LanePool::make(const Model& model, uint32_t lanes) {
  auto pool = std::make_unique<LanePool>();
  const MutexLock lock(pool->mutex_);
  for (uint32_t i = 0; i < lanes; ++i) {
    WEIR_ASSIGN(auto lane, model.make_lane());
    pool->free_.push_back(std::move(lane));
  }
  return pool;
}

decltype(ModelUse::prepare) LanePool::maker(uint32_t lanes) {
  return [lanes](const std::shared_ptr<const Model>& model) -> Result<std::shared_ptr<void>> {
    WEIR_ASSIGN(auto pool, make(*model, lanes));
    return std::shared_ptr<void>(std::move(pool));
  };
}

LanePool::Lease LanePool::take() {
  const MutexLock lock(mutex_);
  assert(!free_.empty() && "more runs than lanes");
  // The one that ran last: its memory is still warm.
  std::unique_ptr<Lane> lane = std::move(free_.back());
  free_.pop_back();
  return {*this, std::move(lane)};
}

void LanePool::give_back(std::unique_ptr<Lane> lane) {
  const MutexLock lock(mutex_);
  free_.push_back(std::move(lane));
}

}  // namespace weir
