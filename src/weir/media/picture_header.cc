#include "weir/media/picture_header.h"

#include <cstddef>
#include <cstring>
#include <string_view>

#include "weir/media/header_bytes.h"
#include "weir/media/webp_header.h"

namespace weir {
namespace {

using Bytes = HeaderBytes;

// Start-of-frame markers, but for the three that mean something else (DHT, JPG, DAC).
bool is_frame(uint8_t marker) {
  return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

// Markers without a segment behind them; what looks like its length is the next marker.
bool stands_alone(uint8_t marker) {
  return marker == 0x01 || (marker >= 0xD0 && marker <= 0xD7);
}

// Zero is no marker; a second start and an end have no place ahead of the frame.
bool is_misplaced(uint8_t marker) {
  return marker == 0x00 || marker == 0xD8 || marker == 0xD9;
}

// Walks the segments up to the frame's. They are skipped by their length, so the thumbnail inside
// the EXIF segment is not taken for the picture.
Result<PictureHeader> read_jpeg(Bytes bytes) {
  std::size_t at = 2;
  while (at + 4 <= bytes.size()) {
    const uint8_t marker = bytes[at + 1];
    if (bytes[at] != 0xFF || is_misplaced(marker)) {
      return damaged_file("JPEG", "no marker where one must be");
    }
    if (marker == 0xFF || stands_alone(marker)) {  // filling is one byte of it
      at += marker == 0xFF ? 1 : 2;
      continue;
    }
    const auto length = static_cast<std::size_t>(big_endian(bytes, at + 2, 2));
    if (length < 2 || at + 2 + length > bytes.size()) break;
    if (is_frame(marker)) {
      if (length < 7) return damaged_file("JPEG", "its frame header is too short");
      const int64_t height = big_endian(bytes, at + 5, 2);
      const int64_t width = big_endian(bytes, at + 7, 2);
      const Bytes rest = bytes.subspan(at);
      constexpr uint8_t kEnd[] = {0xFF, 0xD9};
      if (memmem(rest.data(), rest.size(), kEnd, sizeof(kEnd)) == nullptr) {
        return damaged_file("JPEG", "it ends before its picture does");
      }
      return PictureHeader{PictureKind::kJpeg, width, height};
    }
    at += 2 + length;
  }
  return damaged_file("JPEG", "it has no picture");
}

Result<PictureHeader> read_png(Bytes bytes) {
  if (bytes.size() < 24 || !has_mark(bytes, "IHDR", 12)) return damaged_file("PNG", "no header");
  // The last chunk is always the same, but for what some programs append.
  constexpr std::string_view kEnd("IEND\xAE\x42\x60\x82", 8);
  if (memmem(bytes.data(), bytes.size(), kEnd.data(), kEnd.size()) == nullptr) {
    return damaged_file("PNG", "it ends before its picture does");
  }
  return PictureHeader{PictureKind::kPng, big_endian(bytes, 16, 4), big_endian(bytes, 20, 4)};
}

Result<PictureHeader> read_bmp(Bytes bytes) {
  if (bytes.size() < 30) return damaged_file("BMP", "no header");
  const bool old = little_endian(bytes, 14, 4) == 12;  // sizes of 16 bits
  const int64_t width =
      old ? little_endian(bytes, 18, 2) : static_cast<int32_t>(little_endian(bytes, 18, 4));
  const int64_t height =
      old ? little_endian(bytes, 20, 2) : static_cast<int32_t>(little_endian(bytes, 22, 4));
  // A negative height says that the rows go from top to bottom.
  return PictureHeader{PictureKind::kBmp, width, height < 0 ? -height : height};
}

// What people take for a picture that is read, and what to do about it.
struct OtherKind {
  std::size_t at;
  std::string_view mark;
  const char* is;
  const char* advice;
};

constexpr const char* kConvert = "save it as PNG or JPEG";
constexpr const char* kVideo = "`weir run` takes videos";
constexpr OtherKind kOthers[] = {
    {0, "GIF8", "a GIF file", kConvert},
    {0, std::string_view("II*\0", 4), "a TIFF file", kConvert},
    {0, std::string_view("MM\0*", 4), "a TIFF file", kConvert},
    {4, "ftypavif", "an AVIF file", kConvert},
    {4, "ftyphei", "a HEIC file", kConvert},
    {4, "ftypmif1", "a HEIC file", kConvert},
    {4, "jP  \r\n", "a JPEG 2000 file", kConvert},
    {0, "8BPS", "a Photoshop file", kConvert},
    {0, "%PDF", "not a picture, but a PDF file", "save its pages as PNG, say by pdftoppm -png"},
    {0, "<svg", "an SVG file", kConvert},
    {0, "<?xml", "not a picture, but an XML file", "name a picture"},
    {0, "<!DOCTYPE", "not a picture, but a web page", "fetch the picture itself"},
    {0, "<html", "not a picture, but a web page", "fetch the picture itself"},
    {0, "version https://git-lfs", "not a picture, but a git-lfs pointer", "run: git lfs pull"},
    {0, "\x93NUMPY", "not a picture, but an array of NumPy",
     "`weir infer` takes it from a file whose name ends in .npy"},
    {4, "ftyp", "not a picture, but a video", kVideo},
    {0, "\x1A\x45\xDF\xA3", "not a picture, but a video", kVideo},
    {8, "AVI LIST", "not a picture, but a video", kVideo},
};

Error unknown_kind(Bytes bytes) {
  const std::string kinds = "JPEG, PNG, BMP and WebP files are read";
  if (bytes.empty()) return Error(ErrorCode::kUnsupported, "an empty file", "", kinds);
  for (const OtherKind& other : kOthers) {
    if (!has_mark(bytes, other.mark, other.at)) continue;
    return Error(ErrorCode::kUnsupported, other.is, "", kinds + "; " + other.advice);
  }
  return Error(ErrorCode::kUnsupported, "not a picture of a known kind", "", kinds);
}

}  // namespace

Result<PictureHeader> read_picture_header(std::span<const uint8_t> bytes) {
  if (has_mark(bytes, "\xFF\xD8\xFF")) return read_jpeg(bytes);
  if (has_mark(bytes, "\x89PNG\r\n\x1A\n")) return read_png(bytes);
  if (has_mark(bytes, "BM")) return read_bmp(bytes);
  if (has_mark(bytes, "RIFF") && has_mark(bytes, "WEBP", 8)) return read_webp_header(bytes);
  return unknown_kind(bytes);
}

}  // namespace weir
