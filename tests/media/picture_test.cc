#include "weir/media/picture.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

namespace weir {
namespace {

namespace fs = std::filesystem;

const std::string kImages = WEIR_SOURCE_DIR "/../shared/assets/images/";

std::vector<uint8_t> bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return std::vector<uint8_t>((std::istreambuf_iterator<char>(file)), {});
}

// 5 wide, 4 high, each pixel different.
Image small(PixelFormat format) {
  const Image image = Image::allocate(format, 5, 4).value();
  const int channels = format == PixelFormat::kGrey ? 1 : 3;
  for (int y = 0; y < 4; ++y) {
    for (int i = 0; i < 5 * channels; ++i) {
      image.view().row(0, y)[i] = static_cast<uint8_t>(40 * y + 7 * i);
    }
  }
  return image;
}

// A PNG with a chunk behind its header (whose checksum is wrong, as libpng would say aloud).
std::vector<uint8_t> with_chunk(std::vector<uint8_t> png, const std::string& type) {
  const std::string data("sRGB\0\0x", 7);
  std::vector<uint8_t> chunk = {0, 0, 0, static_cast<uint8_t>(data.size())};
  chunk.insert(chunk.end(), type.begin(), type.end());
  chunk.insert(chunk.end(), data.begin(), data.end());
  chunk.insert(chunk.end(), {1, 2, 3, 4});
  png.insert(png.begin() + 33, chunk.begin(), chunk.end());
  return png;
}

TEST(Picture, ReadsRealFiles) {
  if (!fs::exists(kImages)) GTEST_SKIP() << "no pictures at " << kImages;
  struct Row {
    const char* file;
    int width, height;
  };
  for (const Row& row : {Row{"street_vtest_1.jpg", 768, 576}, Row{"drive_test1.jpg", 1280, 720},
                         Row{"faces_solvay1927.jpg", 1600, 1158}}) {
    const Result<Image> image = read_picture(kImages + row.file);
    ASSERT_TRUE(image) << image.error().to_string();
    EXPECT_EQ(image->format(), PixelFormat::kBgr);
    EXPECT_EQ(image->width(), row.width);
    EXPECT_EQ(image->height(), row.height);
  }
  EXPECT_TRUE(read_picture(kImages + "face_grace_hopper.bmp"));
  EXPECT_TRUE(read_picture(kImages + "ocr_text_synthetic.png"));
}

TEST(Picture, PngGivesBackEveryPixel) {
  for (const PixelFormat format : {PixelFormat::kBgr, PixelFormat::kRgb, PixelFormat::kGrey}) {
    const Image image = small(format);
    const Image again = decode_picture(encode_picture(image, PictureFormat::kPng).value()).value();
    for (int y = 0; y < 4; ++y) {
      for (int x = 0; x < 5; ++x) {
        for (int c = 0; c < 3; ++c) {
          const int from = format == PixelFormat::kGrey  ? x
                           : format == PixelFormat::kRgb ? 3 * x + 2 - c
                                                         : 3 * x + c;
          ASSERT_EQ(again.view().row(0, y)[3 * x + c], image.view().row(0, y)[from]);
        }
      }
    }
  }
}

TEST(Picture, IsWrittenUpright) {
  const Image image = small(PixelFormat::kGrey);
  const auto upright = [&](Rotation rotation) {
    return decode_picture(encode_picture(image.rotated(rotation), PictureFormat::kPng).value())
        .value();
  };
  const auto stored = [&](int x, int y) { return image.view().row(0, y)[x]; };
  EXPECT_EQ(upright(Rotation::k90).width(), 4);
  EXPECT_EQ(upright(Rotation::k90).view().row(0, 0)[0], stored(0, 3));  // bottom left turns up
  EXPECT_EQ(upright(Rotation::k180).view().row(0, 0)[0], stored(4, 3));
  EXPECT_EQ(upright(Rotation::k270).view().row(0, 0)[0], stored(4, 0));  // top right turns left
}

TEST(Picture, OfAnotherKindIsNamedAsWhatItIs) {
  const std::vector<std::pair<std::string, std::string>> kinds = {
      {"GIF89a", "a GIF file"},
      {std::string("II*\0", 4), "a TIFF file"},
      {std::string("MM\0*", 4), "a TIFF file"},
      {std::string("\0\0\0\x1C", 4) + "ftypavif", "an AVIF file"},
      {std::string("\0\0\0\x18", 4) + "ftypheic", "a HEIC file"},
      {std::string("\0\0\0\x18", 4) + "ftypisom", "not a picture, but a video"},
      {"RIFF....AVI LIST", "not a picture, but a video"},
      {"%PDF-1.7", "not a picture, but a PDF file"},
      {"<!DOCTYPE html>", "not a picture, but a web page"},
      {"\x93NUMPY", "not a picture, but an array of NumPy"},
      {"GIF", "not a picture of a known kind"},
      {"", "an empty file"}};
  for (const auto& [bytes, kind] : kinds) {
    const Error error =
        decode_picture(std::vector<uint8_t>(bytes.begin(), bytes.end()), "a").error();
    EXPECT_EQ(error.code, ErrorCode::kUnsupported);
    EXPECT_EQ(error.message, kind);
    EXPECT_NE(error.hint.find("JPEG, PNG, BMP and WebP files are read"), std::string::npos);
  }
}

TEST(Picture, FilesAreWrittenByTheirName) {
  const fs::path folder = fs::temp_directory_path() / ("weir_pic_" + std::to_string(::getpid()));
  fs::create_directories(folder);
  const Image image = small(PixelFormat::kBgr);
  ASSERT_TRUE(write_picture(image, (folder / "a.PNG").string()));
  ASSERT_TRUE(write_picture(image, (folder / "a.jpeg").string(), {.jpeg_quality = 50}));
  EXPECT_EQ(bytes_of((folder / "a.PNG").string())[1], 'P');
  EXPECT_EQ(read_picture((folder / "a.jpeg").string()).value().height(), 4);
  EXPECT_EQ(write_picture(image, (folder / "a.gif").string()).error().code,
            ErrorCode::kUnsupported);
  EXPECT_EQ(write_picture(image, (folder / "none/a.png").string()).error().code,
            ErrorCode::kUnavailable);
  fs::remove_all(folder);
}

// A marker that stands alone, then a frame of 65535 pixels a side. A walk that takes the frame's
// marker for a length arrives at the small picture behind it all.
std::vector<uint8_t> with_frame_behind_a_lone_marker(std::vector<uint8_t> jpeg) {
  std::vector<uint8_t> ahead = {0xFF, 0xD0, 0xFF, 0xC0, 0, 11,   8, 0xFF,
                                0xFF, 0xFF, 0xFF, 1,    1, 0x11, 0};
  ahead.resize(2 + 0xFFC0);
  jpeg.insert(jpeg.begin() + 2, ahead.begin(), ahead.end());
  return jpeg;
}

TEST(Picture, SaysWhatIsWrongWithAFile) {
  const auto png = encode_picture(small(PixelFormat::kBgr), PictureFormat::kPng).value();
  const auto jpeg = encode_picture(small(PixelFormat::kBgr), PictureFormat::kJpeg).value();
  std::vector<uint8_t> huge = png;
  huge[16] = 0x7F;
  std::vector<uint8_t> wide = png;  // 20000 x 20000: each side alone would do
  for (const std::size_t side : {18, 22}) {
    wide.at(side) = 20000 >> 8;
    wide.at(side + 1) = 20000 & 0xFF;
  }
  std::vector<uint8_t> flat = png;
  flat[19] = 0;
  const auto cut = [](std::vector<uint8_t> bytes, std::size_t by) {
    bytes.resize(bytes.size() - by);
    return bytes;
  };
  struct Row {
    std::vector<uint8_t> bytes;
    ErrorCode code;
  };
  const std::string text = "#!/bin/sh\n";
  for (const Row& row :
       {Row{{}, ErrorCode::kUnsupported}, Row{{text.begin(), text.end()}, ErrorCode::kUnsupported},
        Row{cut(png, 3), ErrorCode::kCorrupt}, Row{cut(jpeg, 2), ErrorCode::kCorrupt},
        Row{cut(jpeg, jpeg.size() - 30), ErrorCode::kCorrupt}, Row{huge, ErrorCode::kExhausted},
        Row{wide, ErrorCode::kExhausted},
        Row{with_frame_behind_a_lone_marker(jpeg), ErrorCode::kExhausted},
        Row{flat, ErrorCode::kCorrupt}}) {
    const Result<Image> image = decode_picture(row.bytes, "here");
    ASSERT_FALSE(image);
    EXPECT_EQ(image.error().code, row.code) << image.error().to_string();
    EXPECT_EQ(image.error().where, "here");
  }
  EXPECT_EQ(read_picture("/nowhere.jpg").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(read_picture("/tmp").error().code, ErrorCode::kInvalidArgument);
}

TEST(Picture, DamageNeverCrashes) {
  std::mt19937 random(17);
  for (const PictureFormat format : {PictureFormat::kJpeg, PictureFormat::kPng}) {
    const auto good = encode_picture(small(PixelFormat::kBgr), format).value();
    for (int round = 0; round < 300; ++round) {
      auto bytes = good;
      for (int i = 0; i < 3; ++i) bytes[random() % bytes.size()] = static_cast<uint8_t>(random());
      (void)decode_picture(bytes);
    }
  }
}

TEST(Picture, VideoFormatsAreConvertedFirst) {
  const Image image = Image::allocate(PixelFormat::kI420, 4, 4).value();
  EXPECT_EQ(encode_picture(image, PictureFormat::kPng).error().code, ErrorCode::kUnsupported);
}

TEST(Picture, WhatAPngSaysOfColourSpacesIsPassedOverInSilence) {
  const auto png = encode_picture(small(PixelFormat::kBgr), PictureFormat::kPng).value();
  for (const char* type : {"iCCP", "cHRM", "gAMA", "sRGB"}) {
    testing::internal::CaptureStderr();
    const auto image = decode_picture(with_chunk(png, type), "x.png");
    EXPECT_EQ(testing::internal::GetCapturedStderr(), "") << type;
    ASSERT_TRUE(image) << type;
    EXPECT_EQ(image->view().row(0, 2)[0], small(PixelFormat::kBgr).view().row(0, 2)[0]) << type;
  }
}

}  // namespace
}  // namespace weir
