// Whatever the bytes: a picture with all of its pixels or an error, no crash.
#include <cstddef>
#include <cstdint>

#include "weir/media/picture.h"
#include "weir/media/picture_header.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  const auto header = weir::read_picture_header({data, size});
  // A picture may be as large as it says, which only takes time here.
  constexpr int64_t kPixels = 1 << 20;
  if (header && header->width > 0 && header->height > kPixels / header->width) return 0;
  const auto picture = weir::decode_picture({data, size}, "fuzz");
  if (!picture) return 0;
  const weir::ImageView& view = picture->view();
  volatile uint8_t last = view.row(0, view.height - 1)[view.row_bytes(0) - 1];
  (void)last;
  return 0;
}
