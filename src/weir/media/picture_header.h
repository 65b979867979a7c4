// What a picture file says of itself: its kind and its size, before anything is decoded. Walks the
// file as the decoder will, which is then given nothing that it would read as anything else.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "weir/base/result.h"

namespace weir {

enum class PictureKind { kJpeg, kPng, kBmp, kWebp };

struct PictureHeader {
  PictureKind kind = PictureKind::kJpeg;
  int64_t width = 0;
  int64_t height = 0;
};

// kUnsupported for a file of another kind; kCorrupt if the header is damaged, or if the file ends
// before its picture does, where the format lets that be seen.
Result<PictureHeader> read_picture_header(std::span<const uint8_t> bytes);

}  // namespace weir
