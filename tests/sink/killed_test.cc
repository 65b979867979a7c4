// Every kind of sink in a process that is killed while it writes: what it leaves is valid.
#include <sys/wait.h>

#include <algorithm>
#include <csignal>
#include <nlohmann/json.hpp>

#include "tests/sink/support.h"
#include "weir/data/finding_json.h"
#include "weir/media/picture.h"
#include "weir/media/video_reader.h"
#include "weir/ops/track/mot_row.h"
#include "weir/sink/sink.h"

namespace weir {
namespace {

using testing::files_below;
using testing::street_task;
using testing::text_of_file;
using Json = nlohmann::json;

class KilledTest : public testing::SinkTest {
 protected:
  std::vector<SinkSpec> specs() const {
    return {{.jsonl = at("r.jsonl")},
            {.csv = at("r.csv")},
            {.mot = at("r.txt")},
            {.coco = at("coco.json")},
            {.yolo = at("yolo")},
            {.pictures = at("pictures/{seq}.png")},
            {.crops = at("crops/{seq}_{id}.jpg")},
            {.video = at("r.mp4"), .fps = 10}};
  }

  // The child writes without end; it is killed after so many tasks, somewhere in the next.
  void write_and_be_killed(int tasks) const {
    int ready[2];
    ASSERT_EQ(::pipe(ready), 0);
    const pid_t child = ::fork();
    if (child == 0) {
      std::vector<std::unique_ptr<Sink>> sinks;
      for (const SinkSpec& spec : specs()) sinks.push_back(open_sink(spec).value());
      for (int64_t seq = 0;; ++seq) {
        Task task = street_task("gate", seq);
        task.time_ms = 100.0 * static_cast<double>(seq);
        for (const auto& sink : sinks) {
          if (!sink->write(task)) std::_Exit(1);
        }
        if (seq == tasks) (void)!::write(ready[1], "x", 1);
      }
    }
    ::close(ready[1]);
    char got = 0;
    EXPECT_EQ(::read(ready[0], &got, 1), 1);
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    ::close(ready[0]);
  }

  // Up to the last line that has its end.
  std::vector<std::string> whole_lines(const std::string& name) const {
    std::string text = text_of_file(at(name));
    text.resize(text.rfind('\n') + 1);
    std::vector<std::string> lines;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
  }

  void check_lines(std::size_t tasks) const {
    const auto lines = whole_lines("r.jsonl");
    EXPECT_GT(lines.size(), tasks);
    for (const std::string& line : lines) ASSERT_TRUE(read_task_json(line)) << line;
    const auto tracks = whole_lines("r.txt");
    EXPECT_GT(tracks.size(), 2 * tasks);
    for (const std::string& line : tracks) ASSERT_TRUE(read_mot_row(line)) << line;
    // A quoted text of each task has a line feed in it.
    EXPECT_GT(whole_lines("r.csv").size(), 5 * tasks);
    for (const char* part : {"coco.json.images.part", "coco.json.annotations.part"}) {
      const auto objects = whole_lines(part);
      EXPECT_GT(objects.size(), tasks) << part;
      for (std::string line : objects) {
        if (line.ends_with(',')) line.pop_back();
        EXPECT_TRUE(Json::accept(line)) << line;
      }
    }
    EXPECT_FALSE(testing::fs::exists(at("coco.json"))) << "only a whole one has that name";
  }

  void check_files(std::size_t tasks) const {
    std::size_t labels = 0;
    for (const std::string& name : files_below(at("yolo"))) {
      if (!name.ends_with(".txt") || name == "classes.txt") continue;
      ++labels;
      const std::string text = text_of_file(at("yolo/" + name));
      ASSERT_TRUE(text.empty() || text.back() == '\n') << name;
    }
    EXPECT_GT(labels, tasks);
    for (const char* folder : {"pictures", "crops"}) {
      std::size_t pictures = 0;
      for (const std::string& name : files_below(at(folder))) {
        if (!name.ends_with(".png") && !name.ends_with(".jpg")) continue;
        ++pictures;
        ASSERT_TRUE(read_picture(at(folder + ("/" + name)))) << name;
      }
      EXPECT_GT(pictures, tasks) << folder;
    }
  }

  // All but the fragment that was being written, which is a second long.
  void check_video(std::size_t tasks) const {
    auto video = VideoReader::open(at("r.mp4"));
    ASSERT_TRUE(video) << video.error().to_string();
    std::size_t frames = 0;
    for (auto frame = video->read(); frame && *frame; frame = video->read()) ++frames;
    EXPECT_GE(frames + 20, tasks);
  }
};

TEST_F(KilledTest, WhatIsLeftOfEveryFormatIsValid) {
  for (const int tasks : {30, 47, 64}) {
    SCOPED_TRACE(tasks);
    testing::fs::remove_all(at(""));
    testing::fs::create_directories(at(""));
    write_and_be_killed(tasks);
    check_lines(static_cast<std::size_t>(tasks));
    check_files(static_cast<std::size_t>(tasks));
    check_video(static_cast<std::size_t>(tasks));
  }
}

}  // namespace
}  // namespace weir
