// What decodes and encodes pictures: OpenCV, in a library of ours that is opened with the first
// picture. Debian's imgcodecs brings some eighty libraries with it (GDAL, Poppler, GDCM), which
// cost a process 35 MB and a seventh of a second; one that only sees videos does without.
//
// Any thread, also several at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "weir/base/result.h"
#include "weir/data/image.h"
#include "weir/media/picture.h"

namespace weir {

// The table that the library gives. A function that cannot do its work returns false, and `why` has
// OpenCV's words for it, if it has any.
struct PictureCodec {
  // BGR, upright as the EXIF mark of a JPEG says; `owner` keeps the pixels.
  bool (*decode)(std::span<const uint8_t> bytes, ImageView& view,
                 std::shared_ptr<const void>& owner, std::string& why) = nullptr;
  // Of BGR, RGB and grey; written upright.
  bool (*encode)(const ImageView& view, PictureFormat format, const PictureOptions& options,
                 std::vector<uint8_t>& bytes, std::string& why) = nullptr;
};

// Opens the library once; kUnavailable, each time, if that did not succeed.
Result<const PictureCodec*> picture_codec();

}  // namespace weir

// What the library has.
extern "C" const weir::PictureCodec* weir_picture_codec();
