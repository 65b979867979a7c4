// The sources of a run: those that cannot be opened, and those that come and go.
#include "weir/assemble/run_sources.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <atomic>
#include <stop_token>
#include <thread>

#include "tests/assemble/run_support.h"

namespace weir {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class RunSourcesTest : public testing::RunTest {};

// Root may read everything, so while it lives it is nobody.
class NoRights {
 public:
  NoRights() : self_(::geteuid()) { given_up_ = self_ != 0 || ::seteuid(65534) == 0; }
  ~NoRights() { EXPECT_EQ(::seteuid(self_), 0); }
  bool given_up() const { return given_up_; }

 private:
  const uid_t self_;
  bool given_up_ = false;
};

// A camera's file whose index, which it has at its end, was never written; empty: no assets.
std::string cut_recording(const std::string& to) {
  const std::string whole = WEIR_SOURCE_DIR "/../shared/assets/videos/pose_squats.mp4";
  if (!fs::exists(whole)) return {};
  fs::copy_file(whole, to);
  fs::resize_file(to, fs::file_size(to) / 2);
  return "  cut: {video: " + to + "}\n";
}

TEST_F(RunSourcesTest, WhatCannotBeOpenedIsNamedAndTheOthersRunToTheirEnd) {
  write_video("good.mp4", 12);
  write_video("whole.mp4", 12);
  std::ofstream(at("empty.mp4"));
  std::ofstream(at("text.mp4")) << "this is no video, whatever its name says\n";
  fs::copy_file(at("whole.mp4"), at("head.mp4"));
  fs::resize_file(at("head.mp4"), 40);
  fs::create_directory(at("folder.mp4"));
  fs::create_directory(at("locked"));
  write_pictures({"locked/1.png"});
  ::chmod(at("").c_str(), 0777);
  ::chmod(at("locked").c_str(), 0);
  const std::string cut = cut_recording(at("cut.mp4"));
  const auto pipe = make(
      "sources:\n  none: {video: none.mp4}\n  empty: {video: empty.mp4}\n"
      "  text: {video: text.mp4}\n  head: {video: head.mp4}\n  folder: {video: folder.mp4}\n"
      "  locked: {sequence: 'locked/%d.png'}\n" +
      cut + "  good: {video: good.mp4}\n  street: {scene: {width: 64, height: 48}, end: 1}\n" +
      "sinks: [{jsonl: '" + at("{source}.jsonl") + "'}]\n");
  Seen seen;
  Result<RunReport> report = Error(ErrorCode::kInternal, "it did not run");
  {
    const NoRights nobody;
    if (!nobody.given_up()) GTEST_SKIP() << "root cannot be nobody here";
    report = run_pipeline(*pipe, seeing(seen));
  }
  ASSERT_TRUE(report) << report.error().to_string();
  EXPECT_EQ(seen.done, (std::map<std::string, int>{{"good", 12}, {"street", 25}}));
  EXPECT_TRUE(seen.errors.empty());
  EXPECT_EQ(report->stats.total.failed(), 0U);
  std::map<std::string, std::string> told;
  for (const SourceFailure& of : report->failed_sources) told[of.name] = of.error.to_string();
  EXPECT_EQ(told.size(), cut.empty() ? 6U : 7U);
  const std::pair<const char*, const char*> rows[] = {
      {"none", "none.mp4: there is no such file"},
      {"empty", "empty.mp4: the file is empty"},
      {"text", "text.mp4: not a video, or a damaged one"},
      {"head", "head.mp4: "},
      {"folder", "folder.mp4: not a file"},
      {"locked", "locked: cannot read the folder"}};
  for (const auto& row : rows) {
    EXPECT_THAT(told[row.first], HasSubstr(row.second));
    EXPECT_THAT(told[row.first], HasSubstr("p.yaml:")) << "its place in the file";
    EXPECT_FALSE(fs::exists(at(std::string(row.first) + ".jsonl")));
  }
  if (!cut.empty()) {
    EXPECT_THAT(told["cut"], HasSubstr("cut.mp4: "));
  }
}

TEST_F(RunSourcesTest, WhereNothingCanBeOpenedNothingRuns) {
  std::ofstream(at("empty.mp4"));
  const auto pipe = make(
      "sources:\n  bad: {video: empty.mp4}\n  none: {video: none.mp4}\n"
      "sinks: [{jsonl: " +
      at("r.jsonl") + "}]\n");
  const auto report = run_pipeline(*pipe);
  ASSERT_FALSE(report);
  EXPECT_THAT(report.error().to_string(), HasSubstr("empty.mp4: the file is empty"));
  EXPECT_FALSE(fs::exists(at("r.jsonl")));
}

TEST_F(RunSourcesTest, SourcesComeAndGoWhileItRuns) {
  write_video("a.mp4", 25);
  const auto pipe = make(
      "sources: {gate: {scene: {width: 64, height: 48}}}\n"
      "sinks: [{jsonl: '" +
      at("{source}.jsonl") + "'}]\n");
  SourceControl control;
  Seen seen;
  RunOptions options = seeing(seen);
  options.control = &control;
  std::atomic<int> of_yard{0};
  const auto count = std::move(options.on_task);
  options.on_task = [&](const Task& task) {
    count(task);
    if (task.stream == "yard") ++of_yard;
  };
  std::atomic<bool> ended{false};
  Result<RunReport> report = Error(ErrorCode::kInternal, "it did not run");
  std::jthread run([&] {
    report = run_pipeline(*pipe, options);
    ended = true;
  });
  // The run takes sources over from its beginning to its end.
  Status added;
  while (!(added = control.add("yard", {.video = {at("a.mp4")}}))) {
    ASSERT_EQ(added.error().code, ErrorCode::kUnavailable) << added.error().to_string();
    std::this_thread::yield();
  }
  SourceSpec live{.scene = SceneSpec{.width = 64, .height = 48, .fps = 500}, .live = true};
  ASSERT_TRUE(control.add("camera", live));
  SourceSpec paced = live;
  paced.live = false;
  paced.pace = SourceSpec::Pace::kReal;
  paced.end = 0.05;
  ASSERT_TRUE(control.add("paced", paced));
  EXPECT_FALSE(control.add("none", {.video = {at("none.mp4")}}));
  while (of_yard < 25) std::this_thread::yield();
  EXPECT_FALSE(ended) << "the gate goes on";
  ASSERT_TRUE(control.remove("gate"));
  ASSERT_TRUE(control.remove("camera"));
  run.join();
  ASSERT_TRUE(report) << report.error().to_string();
  EXPECT_EQ(seen.done.at("yard"), 25);
  EXPECT_EQ(seen.done.at("paced"), 25);
  EXPECT_GT(seen.done.at("gate"), 0);
  EXPECT_TRUE(seen.errors.empty());
  EXPECT_EQ(control.add("late", live).error().code, ErrorCode::kUnavailable);
  EXPECT_TRUE(fs::exists(at("camera.jsonl")) || !seen.done.contains("camera"));
}

TEST_F(RunSourcesTest, StopEndsWhatIsAddedToo) {
  const auto pipe = make("sources: {gate: {scene: {width: 64, height: 48}, pace: real}}\n");
  SourceControl control;
  std::stop_source stop;
  RunOptions options;
  options.control = &control;
  options.stop = stop.get_token();
  std::atomic<int> of_yard{0};
  options.on_task = [&](const Task& task) { of_yard += task.stream == "yard" ? 1 : 0; };
  std::jthread run([&] {
    const auto report = run_pipeline(*pipe, options);
    EXPECT_TRUE(report && report->stopped);
  });
  while (!control.add("yard", {.scene = SceneSpec{.width = 64, .height = 48}})) {
    std::this_thread::yield();
  }
  while (of_yard < 3) std::this_thread::yield();
  stop.request_stop();
  run.join();
  EXPECT_FALSE(control.add("late", {.scene = SceneSpec{}}));
}

}  // namespace
}  // namespace weir
