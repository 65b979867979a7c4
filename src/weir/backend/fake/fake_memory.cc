#include "weir/backend/fake/fake_memory.h"

#include <cstring>

namespace weir {
namespace {

// Lives until it has been executed.
class FakeCopy final : public FakeJob {
 public:
  explicit FakeCopy(CopyJob& job) : job_(job) {}
  void execute() override {
    const std::unique_ptr<FakeCopy> self(this);
    if (job_.bytes() > 0) std::memcpy(job_.to(), job_.from(), job_.bytes());
    job_.done({});
  }

 private:
  CopyJob& job_;
};

}  // namespace

void* FakeMemory::allocate(std::size_t bytes) {
  void* memory = HostMemory().allocate(bytes);
  if (memory != nullptr) std::memset(memory, 0xcd, bytes);
  return memory;
}

void FakeMemory::release(void* memory) {
  HostMemory().release(memory);
}

Status FakeCopyEngine::start(CopyJob& job) {
  auto copy = std::make_unique<FakeCopy>(job);
  FakeCopy* const raw = copy.release();  // owns itself from here
  if (!control_->keep_copy(*raw)) raw->execute();
  return {};
}

}  // namespace weir
