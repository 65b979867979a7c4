// Whatever the bytes: no read outside of them, and a tensor that they hold or an error.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "weir/media/npy.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  const auto tensor = weir::decode_npy({data, size});
  if (tensor && tensor->view().bytes() > size) std::abort();
  return 0;
}
