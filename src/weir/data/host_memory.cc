#include "weir/data/host_memory.h"

#include <cstdlib>
#include <string>

namespace weir {

Result<std::shared_ptr<void>> allocate_host(std::size_t bytes) {
  const std::size_t rounded = (bytes + kHostAlignment) / kHostAlignment * kHostAlignment;
  void* const memory = std::aligned_alloc(kHostAlignment, rounded);
  if (memory == nullptr) {
    return Error(ErrorCode::kExhausted, "out of memory for " + std::to_string(bytes) + " bytes");
  }
  return std::shared_ptr<void>(memory, &std::free);
}

}  // namespace weir
