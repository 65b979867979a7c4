#include "weir/backend/memory.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdlib>
#include <string>
#include <vector>

namespace weir {
namespace {

constexpr std::size_t kSmallest = 256;
constexpr std::size_t kSteps = 4;  // classes for each power of two
constexpr std::size_t kClasses = 40 * kSteps;

// The number of a size class; its inverse is class_bytes.
std::size_t class_of(std::size_t bytes) {
  bytes = std::max(bytes, kSmallest);
  const auto power = static_cast<std::size_t>(std::bit_width(bytes - 1) - 1);  // 2^power < bytes
  const std::size_t base = std::size_t{1} << power;
  const std::size_t step = (bytes - base + base / kSteps - 1) / (base / kSteps);
  return (power - 7) * kSteps + step - 1;
}

std::size_t class_bytes(std::size_t index) {
  const std::size_t base = std::size_t{1} << (index / kSteps + 7);
  return base + base / kSteps * (index % kSteps + 1);
}

}  // namespace

void* HostMemory::allocate(std::size_t bytes) {
  const std::size_t rounded = (bytes + Tensor::kAlignment - 1) / Tensor::kAlignment;
  return std::aligned_alloc(Tensor::kAlignment, rounded * Tensor::kAlignment);
}

void HostMemory::release(void* memory) {
  std::free(memory);
}

struct PoolBlock {
  void* memory = nullptr;
  std::size_t index = 0;  // of its size class
  std::atomic<int> owners = 0;
  std::shared_ptr<PoolState> state;  // while leased: the pool may go first
  PoolBlock* next = nullptr;         // while free
};

struct PoolState {
  std::shared_ptr<MemorySource> source;
  std::size_t max_bytes = 0;
  mutable Mutex mutex;
  std::array<PoolBlock*, kClasses> free WEIR_GUARDED_BY(mutex) = {};
  PoolCounters counters WEIR_GUARDED_BY(mutex);

  ~PoolState() { trim(); }

  void destroy(PoolBlock* block) WEIR_REQUIRES(mutex) {
    counters.bytes_held -= class_bytes(block->index);
    source->release(block->memory);
    delete block;
  }

  void trim() {
    MutexLock lock(mutex);
    give_up(max_bytes);
  }

  // Frees the largest free blocks until `bytes` were freed or none is left.
  void give_up(std::size_t bytes) WEIR_REQUIRES(mutex) {
    std::size_t freed = 0;
    for (std::size_t i = kClasses; i-- > 0 && freed < bytes;) {
      while (free[i] != nullptr && freed < bytes) {
        PoolBlock* block = std::exchange(free[i], free[i]->next);
        freed += class_bytes(i);
        destroy(block);
      }
    }
  }

  PoolBlock* take(std::size_t index) WEIR_REQUIRES(mutex) {
    if (free[index] != nullptr) return std::exchange(free[index], free[index]->next);
    const std::size_t bytes = class_bytes(index);
    if (bytes > max_bytes) return nullptr;
    if (counters.bytes_held + bytes > max_bytes) give_up(counters.bytes_held + bytes - max_bytes);
    if (counters.bytes_held + bytes > max_bytes) return nullptr;
    void* memory = source->allocate(bytes);
    if (memory == nullptr) return nullptr;
    ++counters.allocations;
    counters.bytes_held += bytes;
    counters.bytes_held_peak = std::max(counters.bytes_held_peak, counters.bytes_held);
    auto* block = new PoolBlock;
    block->memory = memory;
    block->index = index;
    return block;
  }

  void give_back(PoolBlock* block) {
    MutexLock lock(mutex);
    --counters.blocks_leased;
    block->next = std::exchange(free[block->index], block);
  }
};

Buffer::Buffer(const Buffer& other) : block_(other.block_), bytes_(other.bytes_) {
  if (block_ != nullptr) block_->owners.fetch_add(1, std::memory_order_relaxed);
}

Buffer::~Buffer() {
  if (block_ == nullptr || block_->owners.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
  // Out of the block first, or a pool that is gone would own itself.
  const std::shared_ptr<PoolState> state = std::move(block_->state);
  state->give_back(block_);
}

std::size_t Buffer::capacity() const {
  return empty() ? 0 : class_bytes(block_->index);
}
void* Buffer::data() const {
  return empty() ? nullptr : block_->memory;
}
Device Buffer::device() const {
  return empty() ? Device() : block_->state->source->device();
}

bool Buffer::pinned() const {
  return !empty() && block_->state->source->pinned();
}

Tensor Buffer::tensor(DType dtype, const Shape& shape) const {
  const TensorView view{data(), dtype, shape, {}, device()};
  assert(view.bytes() <= bytes_);
  return Tensor::shared(view, std::make_shared<const Buffer>(*this));
}

std::shared_ptr<BufferPool> BufferPool::make(std::shared_ptr<MemorySource> source,
                                             std::size_t max_bytes) {
  auto state = std::make_shared<PoolState>();
  state->source = std::move(source);
  state->max_bytes = max_bytes;
  return std::shared_ptr<BufferPool>(new BufferPool(std::move(state)));
}

BufferPool::~BufferPool() {
  trim();
}

std::size_t BufferPool::size_class(std::size_t bytes) {
  if (bytes > class_bytes(kClasses - 1)) return 0;
  return class_bytes(class_of(bytes));
}

Result<Buffer> BufferPool::lease(std::size_t bytes) {
  PoolBlock* block = nullptr;
  {
    MutexLock lock(state_->mutex);
    if (size_class(bytes) != 0) block = state_->take(class_of(bytes));
    if (block == nullptr) {
      ++state_->counters.refusals;
    } else {
      ++state_->counters.leases;
      ++state_->counters.blocks_leased;
    }
  }
  if (block == nullptr) {
    return Error(ErrorCode::kExhausted,
                 "no " + std::to_string(bytes) + " bytes left in the pool of " +
                     (state_->source->pinned() ? "page-locked memory of the host"
                                               : "memory of " + to_string(device())) +
                     ", which may hold " + std::to_string(state_->max_bytes),
                 "", "fewer or smaller tasks at a time, or a larger pool");
  }
  block->owners.store(1, std::memory_order_relaxed);
  block->state = state_;
  return Buffer(block, bytes);
}

void BufferPool::trim() {
  state_->trim();
}

PoolCounters BufferPool::counters() const {
  MutexLock lock(state_->mutex);
  return state_->counters;
}

Device BufferPool::device() const {
  return state_->source->device();
}

// Holds itself while the copy is under way.
struct CopyTicket::State final : public CopyJob {
  State(Buffer target, Buffer source, std::size_t count)
      : target_(std::move(target)), source_(std::move(source)), count_(count) {}

  void* to() const override { return target_.data(); }
  const void* from() const override { return source_.data(); }
  std::size_t bytes() const override { return count_; }

  void done(Status status) override {
    const std::shared_ptr<State> self = std::move(self_);
    // The buffers go before the waiter is told: it may count on them being free.
    target_ = {};
    source_ = {};
    MutexLock lock(mutex_);
    ended_ = true;
    result_ = std::move(status);
    changed_.notify_all();
  }

  Buffer target_;
  Buffer source_;
  std::size_t count_;
  std::shared_ptr<State> self_;
  Mutex mutex_;
  CondVar changed_;
  bool ended_ WEIR_GUARDED_BY(mutex_) = false;
  Status result_ WEIR_GUARDED_BY(mutex_);
};

bool CopyTicket::ended() const {
  if (state_ == nullptr) return true;
  MutexLock lock(state_->mutex_);
  return state_->ended_;
}

Status CopyTicket::wait() const {
  if (state_ == nullptr) return {};
  MutexLock lock(state_->mutex_);
  while (!state_->ended_) state_->changed_.wait(state_->mutex_);
  return state_->result_;
}

namespace {

// Whether the device would have to stage this end itself.
bool is_unpinned_host(const Buffer& buffer) {
  return buffer.device().is_cpu() && !buffer.pinned();
}

}  // namespace

Result<CopyTicket> Copier::copy(Buffer to, Buffer from, std::size_t bytes) {
  if (bytes > to.bytes() || bytes > from.bytes()) {
    return Error(ErrorCode::kInvalidArgument, "a copy of " + std::to_string(bytes) +
                                                  " bytes from " + std::to_string(from.bytes()) +
                                                  " to " + std::to_string(to.bytes()));
  }
  if (to.device() != from.device() && (is_unpinned_host(to) || is_unpinned_host(from))) {
    return Error(ErrorCode::kInvalidArgument,
                 "a copy from " + to_string(from.device()) + " to " + to_string(to.device()) +
                     " needs page-locked memory on the host",
                 "", "lease that end from a pool whose source is pinned()");
  }
  auto state = std::make_shared<CopyTicket::State>(std::move(to), std::move(from), bytes);
  state->self_ = state;
  if (Status status = engine_->start(*state); !status) {
    state->self_ = nullptr;
    return std::move(status).error();
  }
  return CopyTicket(std::move(state));
}

}  // namespace weir
