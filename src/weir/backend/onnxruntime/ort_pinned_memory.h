// Memory that a session's execution provider hands out by the name of one of its allocators:
// "CudaPinned" is host memory that is page-locked for CUDA. Not verified on hardware.
//
// Any thread. Keeps the session open until the last block is back.
#pragma once

#include <cstddef>
#include <memory>

#include "weir/backend/memory.h"
#include "weir/backend/onnxruntime/ort_handle.h"
#include "weir/base/result.h"

namespace weir {

inline constexpr const char* kOrtCudaPinned = "CudaPinned";

class OrtPinnedMemory final : public MemorySource {
 public:
  // An Error if no provider of the session has such an allocator.
  static Result<std::shared_ptr<OrtPinnedMemory>> of(std::shared_ptr<OrtSession> session,
                                                     const char* allocator, int device);

  Device device() const override { return {}; }
  bool pinned() const override { return true; }
  void* allocate(std::size_t bytes) override;
  void release(void* memory) override;
  // What says to the library that a tensor lies here, so that it need not stage it.
  const OrtMemoryInfo& info() const { return *info_; }

 private:
  std::shared_ptr<OrtSession> session_;
  OrtMemoryInfoPtr info_;
  OrtAllocatorPtr allocator_;
};

}  // namespace weir
