#include "weir/media/picture.h"

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <memory>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <string_view>
#include <system_error>
#include <utility>

#include "weir/media/picture_header.h"
#include "weir/media/png_chunks.h"

namespace weir {
namespace {

using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

Result<std::vector<uint8_t>> read_file(const std::string& path) {
  std::error_code code;
  const auto status = std::filesystem::status(path, code);
  if (!std::filesystem::exists(status)) {
    return Error(ErrorCode::kNotFound, "there is no such file", path);
  }
  if (!std::filesystem::is_regular_file(status)) {
    return Error(ErrorCode::kInvalidArgument, "not a file", path, "name a picture file");
  }
  const uintmax_t size = std::filesystem::file_size(path, code);
  if (code || size > kMaxPictureBytes) {
    return Error(ErrorCode::kExhausted, "a picture file of " + std::to_string(size) + " bytes",
                 path, "at most " + std::to_string(kMaxPictureBytes >> 20) + " MiB are read");
  }
  const File file(std::fopen(path.c_str(), "rb"), std::fclose);
  std::vector<uint8_t> bytes(static_cast<std::size_t>(size));
  if (!file || std::fread(bytes.data(), 1, bytes.size(), file.get()) != bytes.size()) {
    return Error(ErrorCode::kUnavailable, "the file cannot be read", path);
  }
  return bytes;
}

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

ImageView view_of(const cv::Mat& pixels, PixelFormat format) {
  ImageView view;
  view.format = format;
  view.width = pixels.cols;
  view.height = pixels.rows;
  view.planes[0] = {pixels.data, static_cast<std::ptrdiff_t>(pixels.step[0])};
  return view;
}

// The picture as OpenCV wants to write it: upright, BGR or grey.
cv::Mat to_write(const ImageView& view) {
  const int type = view.format == PixelFormat::kGrey ? CV_8UC1 : CV_8UC3;
  cv::Mat pixels(view.height, view.width, type, view.planes[0].data,
                 static_cast<std::size_t>(view.planes[0].stride));
  if (view.format == PixelFormat::kRgb) {
    cv::Mat bgr;
    cv::cvtColor(pixels, bgr, cv::COLOR_RGB2BGR);
    pixels = bgr;
  }
  if (view.rotation == Rotation::k0) return pixels;
  cv::Mat upright;
  cv::rotate(pixels, upright, static_cast<int>(view.rotation) - 1);
  return upright;
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

// The turns of cv::rotate are in the order of Rotation.
static_assert(cv::ROTATE_90_CLOCKWISE == static_cast<int>(Rotation::k90) - 1 &&
              cv::ROTATE_180 == static_cast<int>(Rotation::k180) - 1 &&
              cv::ROTATE_90_COUNTERCLOCKWISE == static_cast<int>(Rotation::k270) - 1);

Result<Image> read_picture(const std::string& path) {
  WEIR_ASSIGN(const std::vector<uint8_t> bytes, read_file(path));
  return decode_picture(bytes, path);
}

Result<Image> decode_picture(std::span<const uint8_t> bytes, const std::string& where) {
  Result<PictureHeader> header = read_picture_header(bytes);
  if (!header) return std::move(header).error().at(where);
  WEIR_TRY(check_size(*header, where));
  std::vector<uint8_t> plain;
  if (header->kind == PictureKind::kPng) plain = without_colour_chunks(bytes);
  const std::span<const uint8_t> taken = plain.empty() ? bytes : plain;
  try {
    const cv::Mat input(1, static_cast<int>(taken.size()), CV_8UC1,
                        const_cast<uint8_t*>(taken.data()));
    auto pixels = std::make_shared<cv::Mat>(cv::imdecode(input, cv::IMREAD_COLOR));
    if (!pixels->empty()) return Image::shared(view_of(*pixels, PixelFormat::kBgr), pixels);
  } catch (const std::exception& error) {
    return Error(ErrorCode::kCorrupt, std::string("the picture is damaged: ") + error.what(),
                 where);
  }
  return Error(ErrorCode::kCorrupt, "the picture is damaged", where);
}

Result<std::vector<uint8_t>> encode_picture(const Image& image, PictureFormat format,
                                            const PictureOptions& options) {
  WEIR_TRY(check(image.view()));
  if (is_yuv(image.format())) {
    return Error(ErrorCode::kUnsupported,
                 "a picture in " + std::string(name(image.format())) + " is not written", "",
                 "convert it to bgr first");
  }
  try {
    std::vector<uint8_t> bytes;
    const bool jpeg = format == PictureFormat::kJpeg;
    const std::vector<int> parameters =
        jpeg ? std::vector<int>{cv::IMWRITE_JPEG_QUALITY, std::clamp(options.jpeg_quality, 1, 100)}
             : std::vector<int>{};
    if (cv::imencode(jpeg ? ".jpg" : ".png", to_write(image.view()), bytes, parameters)) {
      return bytes;
    }
  } catch (const std::exception& error) {
    return Error(ErrorCode::kInternal,
                 std::string("the picture cannot be written: ") + error.what());
  }
  return Error(ErrorCode::kInternal, "the picture cannot be written");
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
