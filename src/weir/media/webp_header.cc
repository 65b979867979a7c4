#include "weir/media/webp_header.h"

#include <algorithm>
#include <optional>
#include <string_view>

namespace weir {
namespace {

constexpr std::size_t kRiff = 12;  // "RIFF", the size of what follows, "WEBP"
constexpr std::size_t kChunk = 8;  // of a chunk, ahead of its content: type, size
constexpr std::size_t kExtended = 10;
constexpr int64_t kAnimation = 2;  // of the extended header's flags
constexpr uint8_t kLosslessMark = 0x2F;

struct Size {
  int64_t width = 0;
  int64_t height = 0;
};

Error damaged(std::string_view what) {
  return damaged_file("WebP", what);
}

// The content of the chunk at `at`; none if the chunk is not whole.
std::optional<HeaderBytes> content_of(HeaderBytes riff, std::size_t at) {
  if (riff.size() - at < kChunk) return std::nullopt;
  const auto size = static_cast<std::size_t>(little_endian(riff, at + 4, 4));
  if (size > riff.size() - at - kChunk) return std::nullopt;
  return riff.subspan(at + kChunk, size);
}

// A key frame of VP8 that is shown.
std::optional<Size> lossy_size(HeaderBytes frame) {
  if (frame.size() < 10 || !has_mark(frame, "\x9D\x01\x2A", 3)) return std::nullopt;
  const int64_t bits = little_endian(frame, 0, 3);
  const bool key = (bits & 1) == 0;
  const bool shown = (bits >> 4 & 1) == 1;
  const bool known = (bits >> 1 & 7) <= 3;
  if (!key || !shown || !known || bits >> 5 >= static_cast<int64_t>(frame.size())) {
    return std::nullopt;
  }
  return Size{little_endian(frame, 6, 2) & 0x3FFF, little_endian(frame, 8, 2) & 0x3FFF};
}

std::optional<Size> lossless_size(HeaderBytes frame) {
  if (frame.size() < 5 || frame[0] != kLosslessMark || frame[4] >> 5 != 0) return std::nullopt;
  const int64_t bits = little_endian(frame, 1, 4);
  return Size{(bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1};
}

Result<Size> frame_size(HeaderBytes riff, std::size_t at) {
  const std::optional<HeaderBytes> frame = content_of(riff, at);
  if (!frame) return damaged("it ends before its picture does");
  const bool lossless = has_mark(riff, "VP8L", at);
  const std::optional<Size> size = lossless ? lossless_size(*frame) : lossy_size(*frame);
  if (!size) return damaged("its picture does not begin as one");
  return *size;
}

bool is_frame(HeaderBytes riff, std::size_t at) {
  return has_mark(riff, "VP8 ", at) || has_mark(riff, "VP8L", at);
}

// Where the picture's chunk is, behind colour profiles and whatever else a file carries.
Result<std::size_t> find_frame(HeaderBytes riff, std::size_t at) {
  while (!is_frame(riff, at)) {
    const std::optional<HeaderBytes> other = content_of(riff, at);
    if (!other) return damaged("no picture in it");
    const std::size_t next = at + kChunk + other->size() + other->size() % 2;
    at = std::min(next, riff.size());
  }
  return at;
}

// With an extended header, which says once more how large the picture is.
Result<Size> extended_size(HeaderBytes riff) {
  const std::optional<HeaderBytes> header = content_of(riff, kRiff);
  if (!header || header->size() != kExtended) return damaged("its extended header is none");
  if ((little_endian(*header, 0, 4) & kAnimation) != 0) {
    return Error(ErrorCode::kUnsupported, "an animated WebP file", "",
                 "save its first picture as a file of its own, or the whole as a video");
  }
  const Size canvas{little_endian(*header, 4, 3) + 1, little_endian(*header, 7, 3) + 1};
  WEIR_ASSIGN(const std::size_t at, find_frame(riff, kRiff + kChunk + kExtended));
  WEIR_ASSIGN(const Size frame, frame_size(riff, at));
  if (frame.width == canvas.width && frame.height == canvas.height) return frame;
  return damaged("its picture is not as large as its header says");
}

}  // namespace

Result<PictureHeader> read_webp_header(HeaderBytes bytes) {
  if (bytes.size() < kRiff + kChunk) return damaged("no header");
  const int64_t claimed = little_endian(bytes, 4, 4) + static_cast<int64_t>(kChunk);
  if (claimed > static_cast<int64_t>(bytes.size())) {
    return damaged("it ends before its picture does");
  }
  const HeaderBytes riff = bytes.first(static_cast<std::size_t>(claimed));
  if (riff.size() < kRiff + kChunk) return damaged("no picture in it");
  const bool extended = has_mark(riff, "VP8X", kRiff);
  if (!extended && !is_frame(riff, kRiff)) return damaged("no picture in it");
  WEIR_ASSIGN(const Size size, extended ? extended_size(riff) : frame_size(riff, kRiff));
  return PictureHeader{PictureKind::kWebp, size.width, size.height};
}

}  // namespace weir
