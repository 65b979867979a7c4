// What `weir track` is made of: the file of detections, and the trackers of its streams.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "apps/cli/track/detection_file.h"
#include "apps/cli/track/follower.h"

namespace weir::cli {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

class DetectionFileTest : public testing::Test {
 protected:
  DetectionFileTest()
      : folder_(fs::path(testing::TempDir()) / ("track_" + std::to_string(getpid()))) {
    fs::create_directories(folder_);
  }
  ~DetectionFileTest() override { fs::remove_all(folder_); }

  std::string write(const std::string& text) const {
    const std::string path = (folder_ / "dets.txt").string();
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }

  // "seq:findings …", and the Error at the end if there is one.
  std::string read(const std::string& text) const {
    auto file = DetectionFile::open(write(text));
    if (!file) return file.error().to_string();
    std::string out;
    while (true) {
      auto task = file->next();
      if (!task) return out + task.error().to_string();
      if (!*task) return out;
      out += std::to_string((*task)->seq) + ":" + std::to_string((*task)->findings.size()) + " ";
    }
  }

  fs::path folder_;
};

TEST_F(DetectionFileTest, GivesEachFrameOfAMotFile) {
  EXPECT_EQ(read("1,-1,0,0,9,9,1\n1,-1,5,5,9,9,1\n\n4,-1,0,0,9,9\r\n5,-1,0,0,9,9"), "0:2 3:1 4:1 ");
  EXPECT_EQ(read("\xEF\xBB\xBF"
                 "1,-1,0,0,9,9\n"),
            "0:1 ");
  EXPECT_EQ(read(""), "");
  EXPECT_EQ(read("\n\n"), "");
}

TEST_F(DetectionFileTest, GivesEachTaskOfJsonLines) {
  const std::string task =
      R"({"v":1,"stream":"gate","seq":7,"time_ms":0,"outcome":"done","findings":[]})";
  EXPECT_EQ(read(task + "\n{\"event\":\"opened\"}\n\n" + task), "7:0 7:0 ");
}

TEST_F(DetectionFileTest, SaysInWhichLineItIsWrong) {
  EXPECT_THAT(read("1,-1,0,0,9,9\n\n2,-1,0,zero,9,9\n"),
              HasSubstr("dets.txt:3: column 4 (top) is no number: 'zero'; a line is"));
  EXPECT_THAT(read("2,-1,0,0,9,9\n1,-1,0,0,9,9\n"),
              HasSubstr("dets.txt:2: frame 1 comes after frame 2; sort the file"));
  EXPECT_THAT(read("{\"v\":1}\n"), HasSubstr("dets.txt:1: "));
  EXPECT_THAT(read("{\"v\":\n"), HasSubstr("dets.txt:1: "));
  EXPECT_THAT(read("\x89PNG\r\n\x1A\n"), HasSubstr("dets.txt:1: column 1 (frame) is no number"));
  EXPECT_THAT(DetectionFile::open("/nowhere.txt").error().to_string(),
              HasSubstr("/nowhere.txt: there is no such file"));
  EXPECT_THAT(DetectionFile::open("/tmp").error().to_string(), HasSubstr("/tmp: cannot be read"));
}

TEST_F(DetectionFileTest, RefusesALineWithoutEnd) {
  const std::string path = write("1,-1,0,0,9,9\n");
  fs::resize_file(path, LineReader::kMaxLine + 100);
  auto file = DetectionFile::open(path).value();
  const auto task = file.next();
  ASSERT_FALSE(task);
  EXPECT_THAT(task.error().to_string(), HasSubstr("dets.txt:2: a line of more than 64 MiB"));
}

Task task_of(const std::string& stream, int64_t seq, std::vector<Finding> findings) {
  static const auto labels =
      std::make_shared<const LabelSet>(std::vector<std::string>{"Person", "Car"});
  static const auto other =
      std::make_shared<const LabelSet>(std::vector<std::string>{"face", "Person"});
  static const auto steps = std::make_shared<const StepTable>(
      std::vector<StepEntry>{{"objects", labels}, {"faces", other}});
  Task task{.stream = stream, .seq = seq};
  task.steps = steps;
  for (Finding& finding : findings) task.add(std::move(finding));
  return task;
}

Finding at(float x, int32_t label = 0) {
  return {.step = 0, .box = Box{x, 10, x + 40, 110}, .best = ClassScore{label, 0.9F}, .track = 99};
}

std::vector<int64_t> tracks_of(const Task& task) {
  std::vector<int64_t> tracks;
  for (const Finding& finding : task.findings) tracks.push_back(finding.track);
  return tracks;
}

TEST(Follower, HasATrackerForEachStream) {
  Follower follower({});
  for (int64_t seq = 0; seq < 3; ++seq) {
    for (const char* stream : {"gate", "yard"}) {
      Task task = task_of(stream, seq, {at(10)});
      follower.follow(task);
      EXPECT_THAT(tracks_of(task), ElementsAre(1));
    }
  }
  EXPECT_EQ(follower.frames(), 6U);
  EXPECT_EQ(follower.tracks(), 2U);
  EXPECT_EQ(follower.boxes(), 6U);
}

TEST(Follower, WhatBelongsToAFindingHasItsTrack) {
  Finding face = {.parent = 0, .step = 1, .box = Box{15, 15, 25, 25}, .best = ClassScore{0, 0.9F}};
  Finding name = {.parent = 1, .step = 1, .text = "Ada"};
  Task task = task_of("gate", 0, {at(10), face, name, at(300, 1)});
  Follower({}).follow(task);
  EXPECT_THAT(tracks_of(task), ElementsAre(1, 1, 1, 2));
}

TEST(Follower, FollowsTheStepAndTheClassesThatAreAskedFor) {
  Task task = task_of("gate", 0, {at(10), at(300, 1)});
  Follower({.labels = {"Car"}}).follow(task);
  EXPECT_THAT(tracks_of(task), ElementsAre(-1, 1));
  task = task_of("gate", 0, {at(10), at(300, 1)});
  Follower({.step = "faces"}).follow(task);
  EXPECT_THAT(tracks_of(task), ElementsAre(-1, -1));
}

TEST(Follower, ClassesAreTheSameIfTheirNamesAre) {
  Follower::Spec spec;
  spec.byte.per_label = true;
  Follower follower(spec);
  Task task = task_of("gate", 0, {at(10, 0)});
  follower.follow(task);
  Finding same = at(10, 1);
  same.step = 1;  // where 1 is "Person"
  task = task_of("gate", 1, {same});
  follower.follow(task);
  EXPECT_THAT(tracks_of(task), ElementsAre(1));
  task = task_of("gate", 2, {at(10, 1)});  // a car
  follower.follow(task);
  EXPECT_THAT(tracks_of(task), ElementsAre(-1));
}

// 20 px a frame; then three frames are missing.
TEST(Follower, AMissingFrameIsEmptyOrNotLookedAt) {
  for (const bool empty : {false, true}) {
    Follower::Spec spec;
    spec.gap_is_empty = empty;
    spec.byte.lost_frames = 2;
    Follower follower(spec);
    Task task;
    for (int64_t seq = 0; seq < 10; ++seq) {
      task = task_of("gate", seq, {at(20 * static_cast<float>(seq))});
      follower.follow(task);
    }
    task = task_of("gate", 13, {at(20 * 13)});
    follower.follow(task);
    // With nothing in three frames it was lost for longer than it is remembered.
    EXPECT_THAT(tracks_of(task), ElementsAre(empty ? -1 : 1));
  }
}

TEST(Follower, ALongGapTakesNoLongTime) {
  Follower::Spec spec;
  spec.gap_is_empty = true;
  Follower follower(spec);
  for (int64_t seq : {int64_t{0}, int64_t{1} << 50, (int64_t{1} << 50) + 1}) {
    Task task = task_of("gate", seq, {at(10)});
    follower.follow(task);
  }
  EXPECT_EQ(follower.tracks(), 2U);
}

TEST(Follower, NobodyLookedAtATaskThatFailed) {
  Follower follower({});
  Task task = task_of("gate", 0, {at(10)});
  follower.follow(task);
  task = task_of("gate", 1, {});
  task.fail(Error(ErrorCode::kCorrupt, "damaged"));
  follower.follow(task);
  task = task_of("gate", 2, {at(10)});
  follower.follow(task);
  EXPECT_THAT(tracks_of(task), ElementsAre(1));
}

}  // namespace
}  // namespace weir::cli
