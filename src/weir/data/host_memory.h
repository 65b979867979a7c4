// Host memory as tensors, pictures and sound own it: aligned for SIMD, not cleared, freed with its
// last owner. Any thread.
#pragma once

#include <cstddef>
#include <memory>

#include "weir/base/result.h"

namespace weir {

inline constexpr std::size_t kHostAlignment = 64;

// At least one byte is taken, so that what is empty has an address too.
Result<std::shared_ptr<void>> allocate_host(std::size_t bytes);

}  // namespace weir
