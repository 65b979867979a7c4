#include "weir/backend/fake/fake_memory.h"

#include <cstring>

namespace weir {
namespace {

// Lives until it has been executed.
class FakeCopy final : public FakeJob {
 public:
  FakeCopy(CopyJob& job, Status outcome) : job_(job), outcome_(std::move(outcome)) {}
  void execute() override {
    const std::unique_ptr<FakeCopy> self(this);
    if (outcome_ && job_.bytes() > 0) std::memcpy(job_.to(), job_.from(), job_.bytes());
    job_.done(std::move(outcome_));
  }

 private:
  CopyJob& job_;
  Status outcome_;
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

void* FakePinnedMemory::allocate(std::size_t bytes) {
  if (!control_->pin()) return nullptr;
  return HostMemory().allocate(bytes);
}

void FakePinnedMemory::release(void* memory) {
  HostMemory().release(memory);
  control_->unpin();
}

Status FakeCopyEngine::start(CopyJob& job) {
  Status outcome;
  if (control_->next_copy_fails()) outcome = Error(ErrorCode::kInternal, "a copy told to fail");
  auto copy = std::make_unique<FakeCopy>(job, std::move(outcome));
  FakeCopy* const raw = copy.release();  // owns itself from here
  if (!control_->keep_copy(*raw)) raw->execute();
  return {};
}

}  // namespace weir
