// `weir track` on a real scene, as a user calls it, beside the tracks that were published for it.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>

#include "tests/cli/process.h"
#include "tests/ops/track/palace.h"
#include "weir/base/json_text.h"
#include "weir/data/finding_json.h"
#include "weir/ops/track/mot_row.h"

namespace weir::cli {
namespace {

namespace fs = std::filesystem;

class TrackCommand : public testing::Test {
 protected:
  TrackCommand()
      : folder_(fs::path(testing::TempDir()) / ("weir_track_" + std::to_string(getpid()))) {
    fs::create_directories(folder_);
  }
  ~TrackCommand() override { fs::remove_all(folder_); }
  std::string at(const std::string& name) const { return (folder_ / name).string(); }

  // With what the published run was told.
  ProcessResult track(const std::string& in, const std::string& out) const {
    Process process;
    process.command = {WEIR_COMMAND,   "track",           at(in),    "--low",    "0",  "--last-box",
                       "--last-pixel", "--plain-overlap", "--boxes", "filtered", "-o", at(out)};
    return process.run();
  }

  void write_mot(const std::vector<PalaceFrame>& frames) const {
    std::string text;
    for (std::size_t i = 0; i < frames.size(); ++i) {
      for (const Detection& found : frames[i].detections) {
        text += std::to_string(i + 1) + ",-1";
        for (const float number :
             {found.box.x1, found.box.y1, found.box.width(), found.box.height(), found.score}) {
          append_json_number(text += ',', number);
        }
        text += ",-1,-1,-1\n";
      }
    }
    std::ofstream(at("dets.txt")) << text;
  }

  void write_json_lines(const std::vector<PalaceFrame>& frames) const {
    std::string text;
    for (std::size_t i = 0; i < frames.size(); ++i) {
      Task task{.stream = "palace", .seq = static_cast<int64_t>(i)};
      for (const Detection& found : frames[i].detections) {
        task.add({.box = found.box, .best = ClassScore{-1, found.score}});
      }
      append_task_json(text, task);
      text += '\n';
    }
    std::ofstream(at("dets.jsonl")) << text;
  }

  fs::path folder_;
};

using Boxes = std::map<int64_t, Box>;  // of a frame, by track

void expect_published(const std::vector<Boxes>& ours, const std::vector<PalaceFrame>& frames) {
  ASSERT_EQ(ours.size(), frames.size());
  for (std::size_t i = 0; i < frames.size(); ++i) {
    ASSERT_EQ(ours[i].size(), frames[i].tracks.size()) << "frame " << i;
    for (const Track& expected : frames[i].tracks) {
      const auto found = ours[i].find(expected.id);
      ASSERT_NE(found, ours[i].end()) << "frame " << i << " track " << expected.id;
      EXPECT_NEAR(found->second.x1, expected.box.x1, 1e-2);
      EXPECT_NEAR(found->second.y1, expected.box.y1, 1e-2);
      EXPECT_NEAR(found->second.x2, expected.box.x2, 1e-2);
      EXPECT_NEAR(found->second.y2, expected.box.y2, 1e-2);
    }
  }
}

TEST_F(TrackCommand, ReproducesThePublishedTracksFromAMotFile) {
  const std::vector<PalaceFrame> frames = read_palace();
  if (frames.empty()) GTEST_SKIP() << "no ../shared/assets/mot here";
  write_mot(frames);
  const ProcessResult done = track("dets.txt", "tracks.txt");
  ASSERT_EQ(done.exit_code, 0) << done.err;
  EXPECT_NE(done.err.find("314 frames, 42 tracks, 6,008 boxes"), std::string::npos) << done.err;
  std::vector<Boxes> ours(frames.size());
  std::ifstream file(at("tracks.txt"));
  for (std::string line; std::getline(file, line);) {
    const MotRow row = read_mot_row(line).value();
    ours.at(static_cast<std::size_t>(row.frame - 1))[row.id] = row.box;
  }
  expect_published(ours, frames);
}

TEST_F(TrackCommand, ReproducesThePublishedTracksFromJsonLines) {
  const std::vector<PalaceFrame> frames = read_palace();
  if (frames.empty()) GTEST_SKIP() << "no ../shared/assets/mot here";
  write_json_lines(frames);
  const ProcessResult done = track("dets.jsonl", "tracks.jsonl");
  ASSERT_EQ(done.exit_code, 0) << done.err;
  std::vector<Boxes> ours;
  std::ifstream file(at("tracks.jsonl"));
  for (std::string line; std::getline(file, line);) {
    Boxes& boxes = ours.emplace_back();
    const Task task = read_task_json(line).value();
    for (const Finding& finding : task.findings) {
      if (finding.track >= 0) boxes[finding.track] = *finding.box;
    }
  }
  expect_published(ours, frames);
}

}  // namespace
}  // namespace weir::cli
