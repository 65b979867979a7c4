// What the tests of sources share: a folder that goes with the test, pictures, videos, a reader.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "weir/media/picture.h"
#include "weir/media/video_writer.h"
#include "weir/source/source.h"

namespace weir::testing {

namespace fs = std::filesystem;

class SourceFolderTest : public ::testing::Test {
 protected:
  SourceFolderTest() {
    std::string pattern = (fs::temp_directory_path() / "weir_source_XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
  }
  ~SourceFolderTest() override {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  std::string at(const std::string& name) const { return (folder_ / name).string(); }

  void write_pictures(const std::vector<std::string>& names) const {
    const Image picture = Image::allocate(PixelFormat::kBgr, 8, 6).value();
    for (const std::string& name : names) ASSERT_TRUE(write_picture(picture, at(name)));
  }
  void write_video(const std::string& name, int frames, double fps, int width = 64) const {
    VideoWriter video = VideoWriter::open(at(name), width, 48, {.fps = fps}).value();
    const Image picture = Image::allocate(PixelFormat::kI420, width, 48).value();
    for (int plane = 0; plane < 3; ++plane) {
      for (int y = 0; y < picture.view().plane_rows(plane); ++y) {
        std::fill_n(picture.view().row(plane, y), picture.view().row_bytes(plane), uint8_t{100});
      }
    }
    for (int i = 0; i < frames; ++i) ASSERT_TRUE(video.write(picture.view(), 1000.0 * i / fps));
    ASSERT_TRUE(video.close());
  }

  fs::path folder_;
};

inline std::vector<SourceInput> inputs_of(Source& source, std::size_t most = 10'000) {
  std::vector<SourceInput> inputs;
  while (inputs.size() < most) {
    std::optional<SourceInput> input = source.next();
    if (!input) break;
    inputs.push_back(std::move(*input));
  }
  return inputs;
}

inline std::vector<SourceInput> inputs_of(const SourceSpec& spec, std::size_t most = 10'000) {
  auto source = open_source(spec);
  EXPECT_TRUE(source) << source.error().to_string();
  return source ? inputs_of(**source, most) : std::vector<SourceInput>();
}

inline std::vector<int64_t> numbers_of(const std::vector<SourceInput>& inputs) {
  std::vector<int64_t> numbers;
  for (const SourceInput& input : inputs) numbers.push_back(input.number);
  return numbers;
}

}  // namespace weir::testing
