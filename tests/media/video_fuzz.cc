// Whatever the bytes: frames or an error, no crash and no endless reading.
#include <cstddef>
#include <cstdint>

#include "weir/media/video_reader.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  static const bool quiet = [] {
    weir::log_ffmpeg();
    return true;
  }();
  (void)quiet;
  auto video = weir::VideoReader::open_bytes({data, size}, {.threads = 1}, "fuzz");
  if (!video) return 0;
  for (int i = 0; i < 8; ++i) {
    const auto frame = video->read();
    if (!frame || !*frame) break;
    const weir::ImageView& view = (*frame)->image.view();
    for (int plane = 0; plane < weir::plane_count(view.format); ++plane) {
      // The last byte that the picture claims to have.
      volatile uint8_t last =
          view.row(plane, view.plane_rows(plane) - 1)[view.row_bytes(plane) - 1];
      (void)last;
    }
  }
  (void)video->seek(100);
  return 0;
}
