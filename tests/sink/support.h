// What the tests of sinks share: a folder that goes with the test, a task, and readers.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "weir/data/task.h"

namespace weir::testing {

namespace fs = std::filesystem;

class SinkTest : public ::testing::Test {
 protected:
  SinkTest() {
    std::string pattern = (fs::temp_directory_path() / "weir_sink_XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
  }
  ~SinkTest() override {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  std::string at(const std::string& name) const { return (folder_ / name).string(); }

 private:
  fs::path folder_;
};

inline std::string text_of_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

inline std::vector<std::string> files_below(const fs::path& folder) {
  std::vector<std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) files.push_back(fs::relative(entry.path(), folder).string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

inline std::shared_ptr<const StepTable> step_table() {
  const auto things = std::make_shared<const LabelSet>(std::vector<std::string>{"Person", "Car"});
  const auto faces = std::make_shared<const LabelSet>(std::vector<std::string>{"face"});
  return std::make_shared<const StepTable>(
      std::vector<StepEntry>{{"objects", things}, {"faces", faces}, {"read", nullptr}});
}

inline Image grey_picture(int width, int height) {
  const Image image = Image::allocate(PixelFormat::kBgr, width, height).value();
  for (int y = 0; y < height; ++y) std::fill_n(image.view().row(0, y), 3 * width, uint8_t{90});
  return image;
}

// A person with a face in it, a car, and a line of text with everything that CSV has to quote.
inline Task street_task(const std::string& stream, int64_t seq) {
  static const Image picture = grey_picture(200, 100);
  static const std::shared_ptr<const StepTable> steps = step_table();
  Task task{.stream = stream, .seq = seq, .time_ms = 40.0 * static_cast<double>(seq)};
  task.input = picture;
  task.steps = steps;
  task.add({.step = 0, .box = Box{10, 20, 50, 90}, .best = ClassScore{0, 0.75F}, .track = 7});
  task.add({.parent = 0,
            .step = 1,
            .box = Box{20, 22, 40, 42},
            .best = ClassScore{0, 0.5F},
            .keypoints = {{25, 30, 1}, {35, 30, 0}},
            .track = 7});
  task.add({.step = 0, .box = Box{100, 50, 180.5F, 80}, .best = ClassScore{1, 0.25F}, .track = 9});
  task.add({.step = 2, .box = Box{-10, -5, 30, 10}, .text = "A \"B\",\r\n東"});
  return task;
}

// What a python3 program prints; nothing if there is no python3.
inline std::string python(const std::string& program) {
  const std::string command =
      "python3 - 2>&1 <<'END_OF_PROGRAM'\n" + program + "\nEND_OF_PROGRAM\n";
  std::FILE* pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) return {};
  std::string out;
  char piece[4096];
  for (std::size_t n = 0; (n = std::fread(piece, 1, sizeof(piece), pipe)) > 0;)
    out.append(piece, n);
  ::pclose(pipe);
  return out;
}

inline bool has_python() {
  return python("print('here')") == "here\n";
}

}  // namespace weir::testing
