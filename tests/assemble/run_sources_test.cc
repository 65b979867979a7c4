// The sources of a run: those that cannot be opened, and those that come and go.
#include "weir/assemble/run_sources.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <atomic>
#include <stop_token>
#include <thread>

#include "tests/assemble/run_support.h"
#include "weir/media/video_reader.h"

namespace weir {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class RunSourcesTest : public testing::RunTest {
 protected:
  // Of files that are complete in three ways: at their end, at every line, at every second.
  std::string sinks() const {
    return "sinks:\n  - {coco: '" + at("{source}.json") + "'}\n  - {jsonl: '" +
           at("{source}.jsonl") + "'}\n  - {video: '" + at("{source}.mp4") + "'}\n";
  }
};

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
  const bool kept = seen.done.contains("camera") && report->sinks[0].dropped == 0;
  EXPECT_TRUE(fs::exists(at("camera.jsonl")) || !kept) << "nobody waits for a camera's results";
}

// A run beside the test, whose sources come and go; it ends with the last of them.
class RunBeside {
 public:
  explicit RunBeside(Pipeline& pipeline) {
    options_.control = &control;
    options_.on_task = [this](const Task& task) {
      const MutexLock lock(mutex_);
      ++done_[task.stream];
    };
    thread_ = std::jthread([this, &pipeline] { report_ = run_pipeline(pipeline, options_); });
  }
  int done(const std::string& stream) {
    const MutexLock lock(mutex_);
    return done_[stream];
  }
  void wait_for(const std::string& stream, int done_of_it) {
    while (done(stream) < done_of_it) std::this_thread::yield();
  }
  // It takes sources over once all of its file have started.
  Status add(const std::string& name, const SourceSpec& spec) {
    Status added = control.add(name, spec);
    while (!added && added.error().code == ErrorCode::kUnavailable) {
      std::this_thread::yield();
      added = control.add(name, spec);
    }
    return added;
  }
  Result<RunReport> end() {
    thread_.join();
    return std::move(report_);
  }

  SourceControl control;

 private:
  RunOptions options_;
  Mutex mutex_;
  std::map<std::string, int> done_ WEIR_GUARDED_BY(mutex_);
  Result<RunReport> report_ = Error(ErrorCode::kInternal, "it did not run");
  std::jthread thread_;
};

int lines_in(const std::string& path) {
  std::ifstream file(path);
  int lines = 0;
  for (std::string line; std::getline(file, line);) ++lines;
  return lines;
}

// -1: it cannot be played, yet.
int frames_in(const std::string& path) {
  auto video = VideoReader::open(path);
  if (!video) return -1;
  int frames = 0;
  auto frame = video->read();
  for (; frame && *frame; frame = video->read()) ++frames;
  return frame ? frames : -1;
}

bool is_open(const std::string& path) {
  for (const auto& entry : fs::directory_iterator("/proc/self/fd")) {
    std::error_code gone;  // it was closed meanwhile
    if (fs::read_symlink(entry.path(), gone) == path) return true;
  }
  return false;
}

// COCO is there when it is complete; the others are open from their first frames to their end.
void wait_for_files_of(const std::string& stem) {
  while (!fs::exists(stem + ".json")) std::this_thread::yield();
  while (!fs::exists(stem + ".jsonl") || is_open(stem + ".jsonl")) std::this_thread::yield();
  while (frames_in(stem + ".mp4") <= 0 || is_open(stem + ".mp4")) std::this_thread::yield();
}

const char* const kEndless = "{scene: {width: 64, height: 48}}";

// Goes on while the others come and go, and takes little of the machine.
const char* const kSlow = "{scene: {width: 64, height: 48, fps: 5}, pace: real}";

TEST_F(RunSourcesTest, TheFilesOfOneThatIsRemovedAreCompleteWhileTheOthersRun) {
  const auto pipe =
      make(std::string("sources:\n  gate: ") + kEndless + "\n  yard: " + kSlow +
           "\n  paced: {scene: {width: 64, height: 48, fps: 500}, pace: real}\n" + sinks());
  RunBeside run(*pipe);
  for (const char* name : {"gate", "paced"}) {
    run.wait_for(name, 3);
    ASSERT_TRUE(run.control.remove(name));
    wait_for_files_of(at(name));
    EXPECT_EQ(lines_in(at(std::string(name) + ".jsonl")), run.done(name)) << name;
    EXPECT_EQ(frames_in(at(std::string(name) + ".mp4")), run.done(name)) << name;
  }
  run.wait_for("yard", run.done("yard") + 1);  // it still runs
  ASSERT_TRUE(run.control.remove("yard"));
  const auto report = run.end();
  ASSERT_TRUE(report) << report.error().to_string();
  for (const SinkReport& sink : report->sinks) EXPECT_EQ(sink.failed, 0U) << sink.name;
  EXPECT_EQ(lines_in(at("yard.jsonl")), run.done("yard"));
}

// What its mailbox dropped has no result that could be waited for.
TEST_F(RunSourcesTest, TheFilesOfACameraThatIsRemovedAreCompleteToo) {
  const auto pipe =
      make(std::string("sources:\n  yard: ") + kSlow +
           "\n  camera: {scene: {width: 64, height: 48, fps: 200}, live: true}\n" + sinks());
  RunBeside run(*pipe);
  run.wait_for("camera", 20);
  ASSERT_TRUE(run.control.remove("camera"));
  wait_for_files_of(at("camera"));
  run.wait_for("yard", run.done("yard") + 1);
  ASSERT_TRUE(run.control.remove("yard"));
  const auto report = run.end();
  ASSERT_TRUE(report) << report.error().to_string();
  for (const SinkReport& sink : report->sinks) EXPECT_EQ(sink.failed, 0U) << sink.name;
}

TEST_F(RunSourcesTest, ANameThatIsUsedAgainIsAnotherStreamWithFilesOfItsOwn) {
  write_video("a.mp4", 25);
  const auto pipe =
      make(std::string("sources:\n  gate: ") + kEndless + "\n  yard: " + kSlow + "\n" + sinks() +
               "  - {csv: " + at("gate_only.csv") + ", sources: [gate], steps: [none]}\n",
           "steps: {things: {model: m}, none: {model: m, keep: {min_score: 1}}}\n");
  RunBeside run(*pipe);
  run.wait_for("gate", 3);
  EXPECT_EQ(run.add("gate", {.video = {at("a.mp4")}}).error().code, ErrorCode::kInvalidArgument);
  ASSERT_TRUE(run.control.remove("gate"));
  for (const char* stream : {"gate_2", "gate_3"}) {
    const Status added = run.add("gate", {.video = {at("a.mp4")}});
    ASSERT_TRUE(added) << added.error().to_string();
    run.wait_for(stream, 25);
    wait_for_files_of(at(stream));
  }
  ASSERT_TRUE(run.control.remove("yard"));
  const auto report = run.end();
  ASSERT_TRUE(report) << report.error().to_string();
  EXPECT_GE(run.done("gate"), 3);
  EXPECT_EQ(lines_in(at("gate.jsonl")), run.done("gate"));
  for (const char* stream : {"gate_2", "gate_3"}) {
    EXPECT_EQ(lines_in(at(std::string(stream) + ".jsonl")), 25);
    EXPECT_EQ(frames_in(at(std::string(stream) + ".mp4")), 25);
  }
  EXPECT_EQ(lines_in(at("gate_only.csv")), 1 + run.done("gate") + 25 + 25)
      << "a head, and a row each";
}

TEST_F(RunSourcesTest, DecodersOfWhatIsAddedAreInTheBudgetUntilItIsRemoved) {
  have_threads(8);
  write_video("a.mp4", 25);
  const auto pipe = make(std::string("flow: {threads: 2}\nsources: {gate: ") + kEndless + "}\n");
  const int before = pipe->threads().claimed();
  ASSERT_LT(before, 6) << pipe->threads().to_string();
  RunBeside run(*pipe);
  run.wait_for("gate", 1);
  ASSERT_TRUE(run.add("yard", {.video = {at("a.mp4")}, .loop = 0}));
  run.wait_for("yard", 3);
  EXPECT_THAT(pipe->threads().to_string(), HasSubstr("decode:yard "));
  EXPECT_GT(pipe->threads().claimed(), before + 1);
  ASSERT_TRUE(run.control.remove("yard"));
  while (pipe->threads().claimed() != before) std::this_thread::yield();
  ASSERT_TRUE(run.control.remove("gate"));
  EXPECT_TRUE(run.end());
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
