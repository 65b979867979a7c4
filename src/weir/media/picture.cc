#include "weir/media/picture.h"

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string_view>
#include <utility>

#include "weir/media/file_bytes.h"
#include "weir/media/picture_codec.h"
#include "weir/media/picture_header.h"
#include "weir/media/png_chunks.h"

namespace weir {
namespace {

using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

Status check_size(const PictureHeader& header, const std::string& where) {
  const std::string size = std::to_string(header.width) + "x" + std::to_string(header.height);
  if (header.width < 1 || header.height < 1) {
    return Error(ErrorCode::kCorrupt, "a picture of " + size + " pixels", where);
  }
  if (header.width <= Image::kMaxSide && header.height <= Image::kMaxSide &&
      header.width * header.height <= kMaxPicturePixels) {
    return {};
  }
  return Error(ErrorCode::kExhausted, "a picture of " + size + " pixels is too large", where,
               "at most " + std::to_string(kMaxPicturePixels / 1'000'000) +
                   " million pixels, and " + std::to_string(Image::kMaxSide) + " a side");
}

Result<PictureFormat> format_of(const std::string& path) {
  std::string extension = std::filesystem::path(path).extension().string();
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (extension == ".jpg" || extension == ".jpeg") return PictureFormat::kJpeg;
  if (extension == ".png") return PictureFormat::kPng;
  return Error(ErrorCode::kUnsupported, "pictures are not written as '" + extension + "'", path,
               "write .jpg, .jpeg or .png");
}

}  // namespace

Result<Image> read_picture(const std::string& path) {
  WEIR_ASSIGN(const std::vector<uint8_t> bytes, read_file_bytes(path, "picture", kMaxPictureBytes));
  return decode_picture(bytes, path);
}

Result<Image> decode_picture(std::span<const uint8_t> bytes, const std::string& where) {
  Result<PictureHeader> header = read_picture_header(bytes);
  if (!header) return std::move(header).error().at(where);
  WEIR_TRY(check_size(*header, where));
  std::vector<uint8_t> plain;
  if (header->kind == PictureKind::kPng) plain = without_colour_chunks(bytes);
  const std::span<const uint8_t> taken = plain.empty() ? bytes : plain;
  WEIR_ASSIGN(const PictureCodec* const codec, picture_codec());
  ImageView view;
  std::shared_ptr<const void> owner;
  std::string why;
  if (codec->decode(taken, view, owner, why)) return Image::shared(view, std::move(owner));
  return Error(ErrorCode::kCorrupt, "the picture is damaged" + (why.empty() ? "" : ": " + why),
               where);
}

Result<std::vector<uint8_t>> encode_picture(const Image& image, PictureFormat format,
                                            const PictureOptions& options) {
  WEIR_TRY(check(image.view()));
  if (is_yuv(image.format())) {
    return Error(ErrorCode::kUnsupported,
                 "a picture in " + std::string(name(image.format())) + " is not written", "",
                 "convert it to bgr first");
  }
  WEIR_ASSIGN(const PictureCodec* const codec, picture_codec());
  std::vector<uint8_t> bytes;
  std::string why;
  if (codec->encode(image.view(), format, options, bytes, why)) return bytes;
  return Error(ErrorCode::kInternal,
               "the picture cannot be written" + (why.empty() ? "" : ": " + why));
}

Status write_picture(const Image& image, const std::string& path, const PictureOptions& options) {
  WEIR_ASSIGN(const PictureFormat format, format_of(path));
  Result<std::vector<uint8_t>> bytes = encode_picture(image, format, options);
  if (!bytes) return std::move(bytes).error().at(path);
  File file(std::fopen(path.c_str(), "wb"), std::fclose);
  const bool written =
      file && std::fwrite(bytes->data(), 1, bytes->size(), file.get()) == bytes->size();
  if (written && std::fclose(file.release()) == 0) return {};
  return Error(ErrorCode::kUnavailable, "the picture cannot be written", path,
               "name a file in a folder that exists and has room");
}

}  // namespace weir
