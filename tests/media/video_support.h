// What the tests of videos share: a folder that goes with the test, and clips made by the ffmpeg
// command where it is installed.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "weir/media/video_reader.h"

namespace weir::testing {

namespace fs = std::filesystem;

class VideoTest : public ::testing::Test {
 protected:
  VideoTest() {
    std::string pattern = (fs::temp_directory_path() / "weir_video_XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
  }
  ~VideoTest() override {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  std::string at(const std::string& name) const { return (folder_ / name).string(); }

  // "ffmpeg … -y NAME" in the folder. False: there is no ffmpeg, or it cannot.
  bool ffmpeg(const std::string& arguments, const std::string& name) const {
    const std::string command = "cd '" + folder_.string() + "' && ffmpeg -v quiet -nostdin " +
                                arguments + " -y " + name + " >/dev/null 2>&1";
    return std::system(command.c_str()) == 0;
  }

 private:
  fs::path folder_;
};

inline std::vector<uint8_t> bytes_of_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return std::vector<uint8_t>((std::istreambuf_iterator<char>(file)), {});
}

inline void write_bytes(const std::string& path, const std::vector<uint8_t>& bytes) {
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()),
             static_cast<std::streamsize>(bytes.size()));
}

struct Played {
  std::vector<VideoFrame> frames;
  std::optional<Error> error;  // that ended it
};

// All frames, at most `limit`; of damaged videos too.
inline Played play(VideoReader& video, std::size_t limit = 100000) {
  Played played;
  while (played.frames.size() < limit) {
    Result<std::optional<VideoFrame>> frame = video.read();
    if (!frame) {
      played.error = frame.error();
      break;
    }
    if (!*frame) break;
    played.frames.push_back(std::move(**frame));
  }
  return played;
}

// The mean of a plane.
inline double mean_of(const Image& image, int plane = 0) {
  const ImageView& view = image.view();
  double sum = 0;
  for (int y = 0; y < view.plane_rows(plane); ++y) {
    for (std::size_t i = 0; i < view.row_bytes(plane); ++i) sum += view.row(plane, y)[i];
  }
  return sum / (static_cast<double>(view.row_bytes(plane)) * view.plane_rows(plane));
}

}  // namespace weir::testing
