#include "weir/backend/onnxruntime/ort_pinned_memory.h"

#include <cstdint>
#include <utility>

#include "weir/data/tensor.h"

namespace weir {

Result<std::shared_ptr<OrtPinnedMemory>> OrtPinnedMemory::of(std::shared_ptr<OrtSession> session,
                                                             const char* allocator, int device) {
  auto memory = std::make_shared<OrtPinnedMemory>();
  OrtMemoryInfo* info = nullptr;
  WEIR_TRY(ort_status(
      ort().CreateMemoryInfo(allocator, OrtDeviceAllocator, device, OrtMemTypeCPUOutput, &info)));
  memory->info_.reset(info);
  OrtAllocator* raw = nullptr;
  WEIR_TRY(ort_status(ort().CreateAllocator(session.get(), info, &raw)));
  memory->allocator_.reset(raw);
  memory->session_ = std::move(session);
  return memory;
}

// The library aligns to 64 bytes or more everywhere; a block that does not is none for us.
void* OrtPinnedMemory::allocate(std::size_t bytes) {
  void* memory = nullptr;
  if (!ort_status(ort().AllocatorAlloc(allocator_.get(), bytes, &memory))) return nullptr;
  if (reinterpret_cast<std::uintptr_t>(memory) % Tensor::kAlignment == 0) return memory;
  release(memory);
  return nullptr;
}

void OrtPinnedMemory::release(void* memory) {
  (void)ort_status(ort().AllocatorFree(allocator_.get(), memory));
}

}  // namespace weir
