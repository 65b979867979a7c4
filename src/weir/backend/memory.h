// Memory of the host, of the host page-locked for a device, and of a device: leased from pools, and
// copied in the background.
//
//   auto pool = BufferPool::make(std::make_shared<HostMemory>(), 1 << 30);
//   WEIR_ASSIGN(Buffer pixels, pool->lease(640 * 640 * 3));
//   Copier copier(engine);
//   WEIR_ASSIGN(CopyTicket copy, copier.copy(on_device, pixels, pixels.bytes()));
//   pixels = {};                   // may go: the copy keeps both ends until it has ended
//   WEIR_TRY(copy.wait());
//
// Pools, copiers and buffers may be used from any thread (one Buffer object by one at a time). A
// lease that finds a free block of its size class allocates nothing.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

#include "weir/base/mutex.h"
#include "weir/base/result.h"
#include "weir/data/device.h"
#include "weir/data/tensor.h"

namespace weir {

// Where a pool gets its blocks. Thread-safe.
class MemorySource {
 public:
  virtual ~MemorySource() = default;
  virtual Device device() const = 0;
  // Memory of the host that is page-locked, so that a device copies from and to it while the
  // program goes on.
  virtual bool pinned() const { return false; }
  // Aligned to Tensor::kAlignment; null if there is none left.
  virtual void* allocate(std::size_t bytes) = 0;
  virtual void release(void* memory) = 0;
};

class HostMemory final : public MemorySource {
 public:
  Device device() const override { return {}; }
  void* allocate(std::size_t bytes) override;
  void release(void* memory) override;
};

struct PoolCounters {
  int64_t leases = 0;       // that were granted
  int64_t refusals = 0;     // because of the limit, or of the source
  int64_t allocations = 0;  // blocks that the source was asked for
  int64_t blocks_leased = 0;
  std::size_t bytes_held = 0;  // leased and free
  std::size_t bytes_held_peak = 0;
};

struct PoolState;
struct PoolBlock;

// A leased block, shared: it goes back to its pool with the last copy of this handle, also after
// the pool itself is gone. Not cleared.
class Buffer {
 public:
  Buffer() = default;
  Buffer(const Buffer& other);
  Buffer(Buffer&& other) noexcept
      : block_(std::exchange(other.block_, nullptr)), bytes_(other.bytes_) {}
  Buffer& operator=(Buffer other) noexcept {
    std::swap(block_, other.block_);
    std::swap(bytes_, other.bytes_);
    return *this;
  }
  ~Buffer();

  bool empty() const { return block_ == nullptr; }
  std::size_t bytes() const { return bytes_; }  // as asked for
  std::size_t capacity() const;
  void* data() const;
  Device device() const;
  bool pinned() const;
  // The same memory as a tensor of `dtype`, which must fit into bytes().
  Tensor tensor(DType dtype, const Shape& shape) const;

 private:
  friend class BufferPool;
  Buffer(PoolBlock* block, std::size_t bytes) : block_(block), bytes_(bytes) {}
  PoolBlock* block_ = nullptr;
  std::size_t bytes_ = 0;
};

class BufferPool {
 public:
  // Holds at most `max_bytes`, leased and free together.
  static std::shared_ptr<BufferPool> make(std::shared_ptr<MemorySource> source,
                                          std::size_t max_bytes);
  ~BufferPool();

  // At least so many bytes; 0 is allowed, and has an address. kExhausted when the limit is reached
  // even after free blocks of other sizes were given up.
  Result<Buffer> lease(std::size_t bytes);
  // Gives free blocks back to the source.
  void trim();
  PoolCounters counters() const;
  Device device() const;

  // The size of the block that a lease of `bytes` gets: four classes for each power of two, so at
  // most a quarter is wasted. 0 if there is none.
  static std::size_t size_class(std::size_t bytes);

 private:
  explicit BufferPool(std::shared_ptr<PoolState> state) : state_(std::move(state)) {}
  std::shared_ptr<PoolState> state_;
};

// One copy under way; belongs to whoever started it.
class CopyJob {
 public:
  virtual ~CopyJob() = default;
  virtual void* to() const = 0;
  virtual const void* from() const = 0;
  virtual std::size_t bytes() const = 0;
  // Exactly once, from any thread, when the copy has ended.
  virtual void done(Status status) = 0;
};

// What a device offers: starts a copy and returns. An Error means that it was not started, and
// done() is not called.
class CopyEngine {
 public:
  virtual ~CopyEngine() = default;
  virtual Status start(CopyJob& job) = 0;
};

class CopyTicket {
 public:
  CopyTicket() = default;
  bool ended() const;
  // Returns when it has ended, with its result. A ticket may be dropped without waiting.
  Status wait() const;

 private:
  friend class Copier;
  struct State;
  explicit CopyTicket(std::shared_ptr<State> state) : state_(std::move(state)) {}
  std::shared_ptr<State> state_;
};

class Copier {
 public:
  explicit Copier(std::shared_ptr<CopyEngine> engine) : engine_(std::move(engine)) {}
  // Copies the first `bytes`. Both buffers stay leased until the copy has ended, whoever lets go.
  // Between host and device the host's end must be pinned: from other memory a device copies by way
  // of a buffer of its own, and whoever thinks that it goes on in the background waits for it.
  Result<CopyTicket> copy(Buffer to, Buffer from, std::size_t bytes);

 private:
  std::shared_ptr<CopyEngine> engine_;
};

}  // namespace weir
