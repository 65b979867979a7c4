// Memory of the fake device, which nobody reads by accident (a new block is full of 0xCD), memory
// of the host that is page-locked for it, which FakeControl counts, and its copy engine: copies at
// once, or when FakeControl says so.
#pragma once

#include <memory>

#include "weir/backend/fake/fake_control.h"
#include "weir/backend/memory.h"

namespace weir {

class FakeMemory final : public MemorySource {
 public:
  Device device() const override { return {Device::Kind::kFake, 0}; }
  void* allocate(std::size_t bytes) override;
  void release(void* memory) override;
};

class FakePinnedMemory final : public MemorySource {
 public:
  explicit FakePinnedMemory(std::shared_ptr<FakeControl> control) : control_(std::move(control)) {}
  Device device() const override { return {}; }
  bool pinned() const override { return true; }
  void* allocate(std::size_t bytes) override;
  void release(void* memory) override;

 private:
  std::shared_ptr<FakeControl> control_;
};

class FakeCopyEngine final : public CopyEngine {
 public:
  explicit FakeCopyEngine(std::shared_ptr<FakeControl> control) : control_(std::move(control)) {}
  Status start(CopyJob& job) override;

 private:
  std::shared_ptr<FakeControl> control_;
};

}  // namespace weir
