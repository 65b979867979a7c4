#include "weir/media/picture_header.h"

#include <cstring>

namespace weir {
namespace {

using Bytes = std::span<const uint8_t>;

bool starts_with(Bytes bytes, std::string_view magic, std::size_t at = 0) {
  return bytes.size() >= at + magic.size() &&
         std::memcmp(bytes.data() + at, magic.data(), magic.size()) == 0;
}

// The number of `count` bytes at `at`, which the caller has checked to be there.
int64_t big_endian(Bytes bytes, std::size_t at, int count) {
  int64_t value = 0;
  for (int i = 0; i < count; ++i) value = value << 8 | bytes[at + static_cast<std::size_t>(i)];
  return value;
}
int64_t little_endian(Bytes bytes, std::size_t at, int count) {
  int64_t value = 0;
  for (int i = count; i-- > 0;) value = value << 8 | bytes[at + static_cast<std::size_t>(i)];
  return value;
}

Error damaged(std::string_view kind, std::string_view what) {
  return Error(ErrorCode::kCorrupt,
               "a damaged " + std::string(kind) + " file: " + std::string(what));
}

// Start-of-frame markers, but for the three that mean something else (DHT, JPG, DAC).
bool is_frame(uint8_t marker) {
  return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

// Walks the segments up to the frame's. They are skipped by their length, so the thumbnail inside
// the EXIF segment is not taken for the picture.
Result<PictureHeader> read_jpeg(Bytes bytes) {
  std::size_t at = 2;
  while (at + 4 <= bytes.size()) {
    if (bytes[at] != 0xFF) return damaged("JPEG", "no marker where one must be");
    const uint8_t marker = bytes[at + 1];
    if (marker == 0xFF) {  // filling
      ++at;
      continue;
    }
    const auto length = static_cast<std::size_t>(big_endian(bytes, at + 2, 2));
    if (length < 2 || at + 2 + length > bytes.size()) break;
    if (is_frame(marker)) {
      if (length < 7) return damaged("JPEG", "its frame header is too short");
      const int64_t height = big_endian(bytes, at + 5, 2);
      const int64_t width = big_endian(bytes, at + 7, 2);
      const Bytes rest = bytes.subspan(at);
      constexpr uint8_t kEnd[] = {0xFF, 0xD9};
      if (memmem(rest.data(), rest.size(), kEnd, sizeof(kEnd)) == nullptr) {
        return damaged("JPEG", "it ends before its picture does");
      }
      return PictureHeader{PictureKind::kJpeg, width, height};
    }
    at += 2 + length;
  }
  return damaged("JPEG", "it has no picture");
}

Result<PictureHeader> read_png(Bytes bytes) {
  if (bytes.size() < 24 || !starts_with(bytes, "IHDR", 12)) return damaged("PNG", "no header");
  // The last chunk is always the same, but for what some programs append.
  constexpr std::string_view kEnd("IEND\xAE\x42\x60\x82", 8);
  if (memmem(bytes.data(), bytes.size(), kEnd.data(), kEnd.size()) == nullptr) {
    return damaged("PNG", "it ends before its picture does");
  }
  return PictureHeader{PictureKind::kPng, big_endian(bytes, 16, 4), big_endian(bytes, 20, 4)};
}

Result<PictureHeader> read_bmp(Bytes bytes) {
  if (bytes.size() < 30) return damaged("BMP", "no header");
  const bool old = little_endian(bytes, 14, 4) == 12;  // sizes of 16 bits
  const int64_t width =
      old ? little_endian(bytes, 18, 2) : static_cast<int32_t>(little_endian(bytes, 18, 4));
  const int64_t height =
      old ? little_endian(bytes, 20, 2) : static_cast<int32_t>(little_endian(bytes, 22, 4));
  // A negative height says that the rows go from top to bottom.
  return PictureHeader{PictureKind::kBmp, width, height < 0 ? -height : height};
}

Result<PictureHeader> read_webp(Bytes bytes) {
  if (bytes.size() < 30) return damaged("WebP", "no header");
  if (little_endian(bytes, 4, 4) + 8 > static_cast<int64_t>(bytes.size())) {
    return damaged("WebP", "it ends before its picture does");
  }
  if (starts_with(bytes, "VP8X", 12)) {
    return PictureHeader{PictureKind::kWebp, little_endian(bytes, 24, 3) + 1,
                         little_endian(bytes, 27, 3) + 1};
  }
  if (starts_with(bytes, "VP8L", 12)) {
    const int64_t bits = little_endian(bytes, 21, 4);
    return PictureHeader{PictureKind::kWebp, (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1};
  }
  if (starts_with(bytes, "VP8 ", 12)) {
    return PictureHeader{PictureKind::kWebp, little_endian(bytes, 26, 2) & 0x3FFF,
                         little_endian(bytes, 28, 2) & 0x3FFF};
  }
  return damaged("WebP", "no picture in it");
}

}  // namespace

Result<PictureHeader> read_picture_header(std::span<const uint8_t> bytes) {
  if (starts_with(bytes, "\xFF\xD8\xFF")) return read_jpeg(bytes);
  if (starts_with(bytes, "\x89PNG\r\n\x1A\n")) return read_png(bytes);
  if (starts_with(bytes, "BM")) return read_bmp(bytes);
  if (starts_with(bytes, "RIFF") && starts_with(bytes, "WEBP", 8)) return read_webp(bytes);
  return Error(ErrorCode::kUnsupported,
               bytes.empty() ? "an empty file" : "not a picture of a known kind", "",
               "JPEG, PNG, BMP and WebP files are read");
}

}  // namespace weir
