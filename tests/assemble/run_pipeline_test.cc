// Whole runs: sources of all kinds side by side, good and bad, that come and go; sinks that break.
#include "weir/assemble/run_pipeline.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <map>
#include <stop_token>
#include <thread>

#include "weir/backend/fake/fake_backend.h"
#include "weir/data/finding_json.h"
#include "weir/media/picture.h"
#include "weir/media/video_writer.h"
#include "weir/model/picture_input.h"
#include "weir/ops/draw/synthetic_scene.h"

namespace weir {
namespace {

namespace fs = std::filesystem;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

// Finds one box in every picture.
class OneBoxFamily final : public Family {
 public:
  explicit OneBoxFamily(PictureInput picture) : picture_(std::move(picture)) {}

  Status shape_for(const ItemSource& item, std::span<Shape> inputs) const override {
    return picture_.shape_for(item, inputs[0]);
  }
  Status prepare(const ItemSource& item, std::span<const TensorView> inputs,
                 ItemPlan& plan) const override {
    return picture_.prepare(item, inputs[0], plan);
  }
  Status interpret(std::span<const TensorView>, const ItemSource&, const ItemPlan&,
                   std::vector<Finding>& found) const override {
    found.push_back({.box = Box{0, 0, 4, 4}, .best = ClassScore{0, 0.9F}});
    return {};
  }

 private:
  PictureInput picture_;
};

FamilyInfo one_box_family() {
  FamilyInfo info;
  info.name = "one-box";
  info.labels.names = {"thing"};
  info.make = [](const FamilyContext& context) -> Result<std::unique_ptr<const Family>> {
    WEIR_ASSIGN(PictureInput picture, PictureInput::make(context, context.model().inputs()[0], {}));
    return std::make_unique<const OneBoxFamily>(std::move(picture));
  };
  return info;
}

class RunPipelineTest : public testing::Test {
 protected:
  RunPipelineTest() {
    std::string pattern = (fs::temp_directory_path() / "weir_run_XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    std::ofstream(at("m.fake")) << "weir-fake 1\ninput x float32 1x3x4x16\noutput y = identity x\n";
    runtime_ = Runtime::create({.threads = 2, .may_pull = false}).value();
    EXPECT_TRUE(runtime_->families().add(one_box_family()));
  }
  ~RunPipelineTest() override {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  std::string at(const std::string& name) const { return (folder_ / name).string(); }

  void write_pictures(const std::vector<std::string>& names) const {
    const Image picture = Image::allocate(PixelFormat::kBgr, 16, 8).value();
    for (const std::string& name : names) ASSERT_TRUE(write_picture(picture, at(name)));
  }
  void write_video(const std::string& name, int frames) const {
    VideoWriter video = VideoWriter::open(at(name), 32, 16, {.fps = 50}).value();
    const Image picture = Image::allocate(PixelFormat::kBgr, 32, 16).value();
    for (int i = 0; i < frames; ++i) ASSERT_TRUE(video.write(picture.view(), 20.0 * i));
    ASSERT_TRUE(video.close());
  }

  std::unique_ptr<Pipeline> make(const std::string& rest,
                                 const std::string& steps = "steps: {things: {model: m}}\n") {
    const std::string head = "models: {m: {file: m.fake, family: one-box}}\n" + steps;
    const auto root = config::load_text(head + rest, at("p.yaml"));
    EXPECT_TRUE(root) << root.error().to_string();
    auto spec = read_pipeline_spec(*root);
    EXPECT_TRUE(spec) << spec.error().to_string();
    auto pipe = Pipeline::make(*runtime_, std::move(spec).value());
    EXPECT_TRUE(pipe) << pipe.error().to_string();
    return std::move(pipe).value();
  }

  // How many of each stream ended well, and what is wrong with the others.
  struct Seen {
    std::map<std::string, int> done;
    std::vector<std::string> errors;
  };
  static RunOptions seeing(Seen& seen) {
    RunOptions options;
    options.on_task = [&seen](const Task& task) {
      if (task.error) {
        seen.errors.push_back(task.error->to_string());
      } else {
        ++seen.done[task.stream];
      }
    };
    return options;
  }

  fs::path folder_;
  std::unique_ptr<Runtime> runtime_;
};

// Nobody reads the pipe: its sink waits for ever in the middle of a write.
TEST_F(RunPipelineTest, EndsThoughASinkIsStuck) {
  ASSERT_EQ(mkfifo(at("pipe").c_str(), 0600), 0);
  const int pipe_end = open(at("pipe").c_str(), O_RDWR | O_CLOEXEC);
  ASSERT_GE(fcntl(pipe_end, F_SETPIPE_SZ, 4096), 4096);
  const auto pipe = make(
      "sources: {street: {scene: {width: 64, height: 48, fps: 10}, end: 1000}}\n"
      "sinks: [{jsonl: " +
      at("pipe") + "}, {jsonl: " + at("good.jsonl") + "}]\n");
  std::stop_source stop;
  RunOptions options;
  options.stop = stop.get_token();
  options.progress_ms = 20;
  options.sink_patience = std::chrono::milliseconds(50);
  uint64_t ended = 0;
  options.progress = [&](const RunProgress& now) {
    if (now.ended > 0 && now.ended == ended) stop.request_stop();  // it is held up
    ended = now.ended;
  };
  const auto report = run_pipeline(*pipe, options);
  close(pipe_end);
  ASSERT_TRUE(report) << report.error().to_string();
  EXPECT_TRUE(report->stopped);
  ASSERT_TRUE(report->sinks[0].first_error);
  EXPECT_EQ(report->sinks[0].first_error->code, ErrorCode::kDeadline);
  EXPECT_EQ(report->sinks[1].written, report->sinks[0].written + report->sinks[0].dropped + 1);
}

TEST_F(RunPipelineTest, AnyMixtureRunsToItsEndAndWhatIsBadIsNamed) {
  write_video("a.mp4", 20);
  write_video("b.mp4", 10);
  write_pictures({"p1.png", "p3.png", "q.png"});
  std::ofstream(at("empty.png"));
  std::ofstream(at("text.jpg")) << "no picture";
  const auto pipe = make(
      "sources:\n"
      "  a: {video: a.mp4}\n"
      "  b: {video: b.mp4, loop: 2}\n"
      "  again: {video: a.mp4, every: 4}\n"
      "  photos: {pictures: [q.png, empty.png, none.png, text.jpg, 'p*.png']}\n"
      "  film: {sequence: 'p%d.png', rate: 10}\n"
      "  street: {scene: {width: 64, height: 48, fps: 10}, end: 1}\n"
      "sinks: [{jsonl: " +
      at("r.jsonl") + "}]\n");
  Seen seen;
  const auto report = run_pipeline(*pipe, seeing(seen));
  ASSERT_TRUE(report) << report.error().to_string();
  EXPECT_EQ(seen.done,
            (std::map<std::string, int>{
                {"a", 20}, {"again", 5}, {"b", 20}, {"film", 2}, {"photos", 3}, {"street", 10}}));
  EXPECT_EQ(seen.errors.size(), 4U);
  for (const char* message :
       {"empty.png", "none.png: no such file", "text.jpg: not a picture", "p2.png is missing"}) {
    EXPECT_THAT(seen.errors, Contains(HasSubstr(message)));
  }
  EXPECT_EQ(report->sinks[0].written, 64U);
  EXPECT_FALSE(report->stopped);
}

// What a scene knows is written like anything that is found, frame by frame beside it.
TEST_F(RunPipelineTest, WritesTheTruthOfASceneBesideWhatIsFound) {
  const auto pipe = make(
      "sources:\n"
      "  street: {scene: {width: 320, height: 180, people: 6}, end: 4}\n"
      "  film: {scene: {seed: 2, people: 3}, end: 1}\n"
      "sinks:\n  - {mot: '" +
          at("{source}.truth.txt") + "', steps: [real]}\n  - {mot: '" + at("{source}.found.txt") +
          "', steps: [follow]}\n",
      "steps:\n  real: {truth: true, keep: {labels: [person]}}\n"
      "  follow: {track: sort, on: real, keep: {min_side: 4}}\n  things: m\n");
  std::map<std::string, std::string> truth;
  RunOptions options;
  options.on_task = [&](const Task& task) {
    for (const Finding& finding : task.truth) {
      if (finding.best->label_id != SyntheticScene::kPerson) continue;
      truth[task.stream] +=
          std::to_string(task.seq + 1) + "," + std::to_string(finding.track) + " ";
    }
    for (const Finding& finding : task.findings) {
      if (task.step_name(finding) != "follow") continue;
      EXPECT_EQ(task.step_name(task.findings.at(static_cast<std::size_t>(finding.parent))), "real");
    }
  };
  const auto report = run_pipeline(*pipe, options);
  ASSERT_TRUE(report) << report.error().to_string();
  for (const char* stream : {"street", "film"}) {
    std::string written;
    std::ifstream file(at(std::string(stream) + ".truth.txt"));
    for (std::string line; std::getline(file, line);) {
      written += line.substr(0, line.find(',', line.find(',') + 1)) + " ";
    }
    EXPECT_EQ(written, truth[stream]) << stream;
    EXPECT_GT(written.size(), 20U) << stream;
  }
  EXPECT_GT(fs::file_size(at("street.found.txt")), 1000U);
}

TEST_F(RunPipelineTest, SourcesComeAndGoWhileItRuns) {
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

TEST_F(RunPipelineTest, StopEndsWhatIsAddedToo) {
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

// The frames of a part of a video that is played at its pace begin at once, not after its start.
TEST_F(RunPipelineTest, APacedPartBeginsAtOnce) {
  const auto pipe = make(
      "sources: {late: {scene: {width: 64, height: 48, fps: 100}, start: 3600, end: 3600.05, "
      "pace: real}}\n");
  const auto report = run_pipeline(*pipe);
  ASSERT_TRUE(report) << report.error().to_string();
  EXPECT_EQ(report->findings, 5U);
  EXPECT_LT(report->seconds, 60);
}

TEST_F(RunPipelineTest, ABrokenSinkStopsNothingButItself) {
  fs::create_directory(at("disk"));
  if (::mount("tmpfs", at("disk").c_str(), "tmpfs", 0, "size=16k") != 0) {
    GTEST_SKIP() << "a tmpfs cannot be mounted here";
  }
  const std::string sources = "sources: {street: {scene: {width: 64, height: 48}, end: 20}}\n";
  {
    const auto pipe = make(sources + "sinks: [{jsonl: " + at("disk/full.jsonl") +
                           "}, {jsonl: " + at("good.jsonl") + "}]\n");
    const auto report = run_pipeline(*pipe);
    ASSERT_TRUE(report) << report.error().to_string();
    EXPECT_FALSE(report->stopped);
    EXPECT_GT(report->sinks[0].failed, 0U);
    EXPECT_EQ(report->sinks[0].first_error->code, ErrorCode::kExhausted);
    EXPECT_EQ(report->sinks[0].first_error->where, at("disk/full.jsonl"));
    EXPECT_EQ(report->sinks[1].written, 500U);
  }
  {
    const auto pipe = make(sources + "sinks: [{jsonl: " + at("disk/full.jsonl") +
                           ", on_error: stop}, {jsonl: " + at("good.jsonl") + "}]\n");
    const auto report = run_pipeline(*pipe);
    ASSERT_TRUE(report) << report.error().to_string();
    EXPECT_TRUE(report->stopped);
    EXPECT_LT(report->sinks[1].written, 500U);
  }
  ::umount2(at("disk").c_str(), MNT_DETACH);
}

TEST_F(RunPipelineTest, WhatCannotBeOpenedIsKnownBeforeAnythingRuns) {
  std::ofstream(at("empty.mp4"));
  const auto pipe = make(
      "sources:\n  good: {scene: {}, end: 1}\n  bad: {video: empty.mp4}\n"
      "sinks: [{jsonl: " +
      at("r.jsonl") + "}]\n");
  const auto report = run_pipeline(*pipe);
  ASSERT_FALSE(report);
  EXPECT_THAT(report.error().to_string(), HasSubstr("empty.mp4: the file is empty"));
  EXPECT_FALSE(fs::exists(at("r.jsonl")));
}

}  // namespace
}  // namespace weir
