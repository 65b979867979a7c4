// Picture files: JPEG, PNG, BMP and WebP are read, JPEG and PNG written.
//
//   WEIR_ASSIGN(Image picture, read_picture("street.jpg"));          // BGR, upright
//   WEIR_TRY(write_picture(picture, "out.png"));
//
// What is read comes from anywhere, so it is bounded before it is decoded. Pure functions but for
// the files; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "weir/base/result.h"
#include "weir/data/image.h"

namespace weir {

// More than this is refused, whatever the file claims.
inline constexpr int64_t kMaxPicturePixels = int64_t{12000} * 12000;
inline constexpr std::size_t kMaxPictureBytes = std::size_t{512} << 20;

// An 8 bit BGR picture that is upright: turned as its EXIF mark says. Transparency is left out.
// Errors: not_found, unsupported for another kind of file, corrupt for one that is damaged or cut
// off, exhausted for one that is too large.
Result<Image> read_picture(const std::string& path);
// `where` names the bytes in an Error.
Result<Image> decode_picture(std::span<const uint8_t> bytes, const std::string& where = {});

enum class PictureFormat { kJpeg, kPng };

struct PictureOptions {
  int jpeg_quality = 92;  // 1 to 100
};

// Takes BGR, RGB and grey pictures; what is rotated is written upright.
Result<std::vector<uint8_t>> encode_picture(const Image& image, PictureFormat format,
                                            const PictureOptions& options = {});
// The format is that of the name: .jpg, .jpeg or .png.
Status write_picture(const Image& image, const std::string& path,
                     const PictureOptions& options = {});

}  // namespace weir
