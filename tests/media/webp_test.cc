// WebP pictures as they are written, and the damage that leads a decoder astray.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <string>
#include <utility>
#include <vector>

#include "weir/media/picture.h"
#include "weir/media/picture_header.h"

namespace weir {
namespace {

using Bytes = std::vector<uint8_t>;
using Chunk = std::pair<std::string, Bytes>;

constexpr int kLossless = 101;  // of OpenCV's quality
constexpr int kWidth = 17, kHeight = 12;

// Soft, so that little is lost; 18 levels of green from left to right.
cv::Mat soft(int type) {
  cv::Mat pixels(kHeight, kWidth, type);
  for (int y = 0; y < kHeight; ++y) {
    for (int x = 0; x < kWidth; ++x) {
      uint8_t* p = pixels.ptr(y, x);
      p[0] = 60;
      p[1] = static_cast<uint8_t>(80 + x);
      p[2] = static_cast<uint8_t>(90 + 2 * y);
      if (type == CV_8UC4) p[3] = static_cast<uint8_t>(x < 8 ? 255 : 90);
    }
  }
  return pixels;
}

Bytes webp(int type, int quality) {
  Bytes bytes;
  EXPECT_TRUE(cv::imencode(".webp", soft(type), bytes, {cv::IMWRITE_WEBP_QUALITY, quality}));
  return bytes;
}

void put(Bytes& bytes, std::size_t at, std::size_t value, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) bytes.at(at + i) = static_cast<uint8_t>(value >> 8 * i);
}

Bytes riff(const std::vector<Chunk>& chunks) {
  Bytes bytes = {'R', 'I', 'F', 'F', 0, 0, 0, 0, 'W', 'E', 'B', 'P'};
  for (const auto& [type, content] : chunks) {
    bytes.insert(bytes.end(), type.begin(), type.end());
    bytes.insert(bytes.end(), 4, 0);
    put(bytes, bytes.size() - 4, content.size(), 4);
    bytes.insert(bytes.end(), content.begin(), content.end());
    if (content.size() % 2 == 1) bytes.push_back(0);
  }
  put(bytes, 4, bytes.size() - 8, 4);
  return bytes;
}

Chunk extended(std::size_t width, std::size_t height, uint8_t flags = 0) {
  Bytes content(10, 0);
  content[0] = flags;
  put(content, 4, width - 1, 3);
  put(content, 7, height - 1, 3);
  return {"VP8X", content};
}

// The picture of a file that has no other chunk.
Chunk picture_of(const Bytes& file) {
  return {{file.begin() + 12, file.begin() + 16}, {file.begin() + 20, file.end()}};
}

// The same, with another size in its own header.
Chunk resized(Chunk picture, std::size_t width, std::size_t height) {
  if (picture.first == "VP8L") {
    put(picture.second, 1, (width - 1) | (height - 1) << 14, 4);
  } else {
    put(picture.second, 6, width, 2);
    put(picture.second, 8, height, 2);
  }
  return picture;
}

// What OpenCV takes for DICOM, whatever it begins with.
Bytes with_dicom_mark(Bytes bytes) {
  bytes.resize(200, 0);
  const std::string mark = "DICM";
  std::copy(mark.begin(), mark.end(), bytes.begin() + 128);
  put(bytes, 4, bytes.size() - 8, 4);
  return bytes;
}

TEST(Webp, PicturesOfEveryKindAreRead) {
  const Bytes lossy = webp(CV_8UC3, 95);
  const Bytes lossless = webp(CV_8UC3, kLossless);
  const Chunk profile = {"ICCP", Bytes(7, 1)};
  struct Row {
    const char* what;
    Bytes bytes;
    int tolerance;
  };
  const std::vector<Row> rows = {
      {"lossy", lossy, 6},
      {"lossless", lossless, 0},
      {"lossy with alpha", webp(CV_8UC4, 95), 6},
      {"lossless with alpha", webp(CV_8UC4, kLossless), 0},
      {"extended", riff({extended(kWidth, kHeight), profile, picture_of(lossless)}), 0},
      {"with words behind it",
       riff({extended(kWidth, kHeight), picture_of(lossy), {"EXIF", Bytes(31, 2)}}), 6},
  };
  for (const Row& row : rows) {
    const Result<Image> image = decode_picture(row.bytes, row.what);
    ASSERT_TRUE(image) << image.error().to_string();
    ASSERT_EQ(image->width(), kWidth) << row.what;
    ASSERT_EQ(image->height(), kHeight) << row.what;
    const cv::Mat wanted = soft(CV_8UC3);
    for (int y = 0; y < kHeight; ++y) {
      // Of what is see-through a lossy file keeps little.
      for (int i = 0; i < 3 * 8; ++i) {
        ASSERT_NEAR(image->view().row(0, y)[i], wanted.ptr(y)[i], row.tolerance) << row.what;
      }
    }
  }
}

TEST(Webp, DamageIsToldAheadOfDecoding) {
  const Bytes lossy = webp(CV_8UC3, 80);
  const Bytes lossless = webp(CV_8UC3, kLossless);
  const Chunk small = extended(kWidth, kHeight);
  const Chunk frame = picture_of(lossless);
  const auto with = [](Bytes bytes, std::size_t at, uint8_t value) {
    bytes.at(at) = value;
    return bytes;
  };
  struct Row {
    const char* what;
    Bytes bytes;
    ErrorCode code;
  };
  const std::vector<Row> rows = {
      {"cut", {lossy.begin(), lossy.end() - 2}, ErrorCode::kCorrupt},
      {"cut in its header", {lossy.begin(), lossy.begin() + 22}, ErrorCode::kCorrupt},
      {"a RIFF of nothing", with(with(lossy, 4, 4), 5, 0), ErrorCode::kCorrupt},
      {"a chunk beyond the file", with(lossy, 18, 1), ErrorCode::kCorrupt},
      {"no start code", with(lossy, 23, 0), ErrorCode::kCorrupt},
      {"no key frame", with(lossy, 20, static_cast<uint8_t>(lossy[20] | 1)), ErrorCode::kCorrupt},
      {"no mark of VP8L", with(lossless, 20, 0), ErrorCode::kCorrupt},
      {"a later version", with(lossless, 24, 0xE0), ErrorCode::kCorrupt},
      {"little, then much", riff({small, resized(frame, 16383, 16383)}), ErrorCode::kCorrupt},
      {"little, then much, lossy", riff({small, resized(picture_of(lossy), 16383, 16383)}),
       ErrorCode::kCorrupt},
      {"much", riff({resized(frame, 16383, 16383)}), ErrorCode::kExhausted},
      {"much, lossy", riff({resized(picture_of(lossy), 16383, 16383)}), ErrorCode::kExhausted},
      {"much, extended",
       riff({extended(16383, 16383), {"ALPH", Bytes(9, 0)}, resized(frame, 16383, 16383)}),
       ErrorCode::kExhausted},
      {"another chunk first", riff({{"ICCP", Bytes(7, 1)}, frame}), ErrorCode::kCorrupt},
      {"no picture", riff({small, {"EXIF", Bytes(40, 2)}}), ErrorCode::kCorrupt},
      {"a long header", riff({{"VP8X", Bytes(12, 0)}, frame}), ErrorCode::kCorrupt},
      {"animated", riff({extended(kWidth, kHeight, 2), {"ANIM", Bytes(6, 0)}, frame}),
       ErrorCode::kUnsupported},
      {"DICOM in a lossy one", with_dicom_mark(with(lossy, 23, 0)), ErrorCode::kCorrupt},
      {"DICOM in an extended one", with_dicom_mark(riff({{"VP8X", Bytes(12, 0)}, frame})),
       ErrorCode::kCorrupt},
  };
  for (const Row& row : rows) {
    const Result<PictureHeader> header = read_picture_header(row.bytes);
    const bool large = row.code == ErrorCode::kExhausted;
    EXPECT_EQ(static_cast<bool>(header), large) << row.what << ": the header's reader";
    const Result<Image> image = decode_picture(row.bytes, row.what);
    ASSERT_FALSE(image) << row.what;
    EXPECT_EQ(image.error().code, row.code) << image.error().to_string();
    EXPECT_EQ(image.error().where, row.what);
  }
}

}  // namespace
}  // namespace weir
