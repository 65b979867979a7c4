// Whatever the bytes: no read outside of them, and a size or an error.
#include <cstddef>
#include <cstdint>

#include "weir/media/picture_header.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  (void)weir::read_picture_header({data, size});
  return 0;
}
