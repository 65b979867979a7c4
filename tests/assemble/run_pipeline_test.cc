// Whole runs: sources of all kinds side by side, sinks that break.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <stop_token>
#include <thread>

#include "tests/assemble/run_support.h"
#include "weir/ops/draw/synthetic_scene.h"

namespace weir {
namespace {

namespace fs = std::filesystem;
using ::testing::Contains;
using ::testing::HasSubstr;

class RunPipelineTest : public testing::RunTest {
 protected:
  // A long scene, into a pipe and into good.jsonl.
  auto into_pipe_and_file(const std::string& format) {
    EXPECT_EQ(mkfifo(at("pipe").c_str(), 0600), 0);
    return make(
        "sources: {street: {scene: {width: 64, height: 48, fps: 10}, end: 1000}}\n"
        "sinks: [{" +
        format + ": " + at("pipe") + "}, {jsonl: " + at("good.jsonl") + "}]\n");
  }
};

// One that is told to end, and soon gives up a sink that is stuck.
RunOptions impatient(const std::stop_source& stop) {
  RunOptions options;
  options.stop = stop.get_token();
  options.progress_ms = 20;
  options.sink_patience = std::chrono::milliseconds(50);
  return options;
}

// Nobody reads the pipe: its sink waits for ever in the middle of a write.
TEST_F(RunPipelineTest, EndsThoughASinkIsStuck) {
  const auto pipe = into_pipe_and_file("jsonl");
  const int pipe_end = open(at("pipe").c_str(), O_RDWR | O_CLOEXEC);
  ASSERT_GE(fcntl(pipe_end, F_SETPIPE_SZ, 4096), 4096);
  std::stop_source stop;
  RunOptions options = impatient(stop);
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

// Nobody ever opens the pipe: the others write what they were given.
TEST_F(RunPipelineTest, EndsThoughNobodyOpensAPipe) {
  const auto pipe = into_pipe_and_file("csv");
  std::stop_source stop;
  RunOptions options = impatient(stop);
  options.on_task = [&](const Task&) { stop.request_stop(); };
  const auto report = run_pipeline(*pipe, options);
  ASSERT_TRUE(report) << report.error().to_string();
  EXPECT_EQ(report->sinks[0].written, 0U);
  ASSERT_TRUE(report->sinks[0].first_error);
  EXPECT_EQ(report->sinks[0].first_error->code, ErrorCode::kDeadline);
  EXPECT_GT(report->sinks[1].written, 0U);
}

// As with `| head -1`: where nobody is left who reads a result, none is made.
TEST_F(RunPipelineTest, EndsWhenAllWhoReadHaveGone) {
  ASSERT_EQ(mkfifo(at("pipe").c_str(), 0600), 0);
  for (const bool file_too : {false, true}) {
    const auto pipe =
        make("sources: {street: {scene: {width: 64, height: 48, fps: 10}, end: " +
             std::string(file_too ? "30" : "0") + "}}\nsinks: [{jsonl: " + at("pipe") + "}" +
             (file_too ? ", {csv: " + at("r.csv") + "}" : "") + "]\n");
    std::jthread reader([this] {
      const int pipe_end = open(at("pipe").c_str(), O_RDONLY | O_CLOEXEC);
      char first = 0;
      EXPECT_EQ(read(pipe_end, &first, 1), 1);
      close(pipe_end);
    });
    const auto report = run_pipeline(*pipe);
    ASSERT_TRUE(report) << report.error().to_string();
    EXPECT_EQ(report->stopped, !file_too);
    ASSERT_TRUE(report->sinks[0].first_error);
    EXPECT_EQ(report->sinks[0].first_error->message, "nobody reads what is written any more");
    if (file_too) {
      EXPECT_EQ(report->sinks[1].written, 300U);
    }
  }
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

TEST_F(RunPipelineTest, TheReportHasAllStreamsWhateverTheirPace) {
  const auto pipe = make(
      "sources:\n"
      "  free: {scene: {width: 64, height: 48, fps: 100}, end: 0.05}\n"
      "  paced: {scene: {width: 64, height: 48, fps: 100}, end: 0.05, pace: real}\n"
      "  live: {scene: {width: 64, height: 48, fps: 100}, end: 0.05, live: true}\n");
  const auto report = run_pipeline(*pipe);
  ASSERT_TRUE(report) << report.error().to_string();
  std::map<std::string, uint64_t> offered;
  for (const flow::StreamStats& stream : report->stats.streams) {
    offered[stream.name] = stream.total.offered;
  }
  EXPECT_EQ(offered, (std::map<std::string, uint64_t>{{"free", 5}, {"live", 5}, {"paced", 5}}));
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

// Each format says which file it was, and what is on another disk is whole.
TEST_F(RunPipelineTest, AFullDiskStopsEveryFormatOnItAndNoOther) {
  fs::create_directory(at("disk"));
  if (::mount("tmpfs", at("disk").c_str(), "tmpfs", 0, "size=64k") != 0) {
    GTEST_SKIP() << "a tmpfs cannot be mounted here";
  }
  std::ofstream(at("disk/filler")) << std::string(48'000, 'x');
  const std::vector<std::string> formats = {
      "jsonl: disk/r.jsonl", "csv: disk/r.csv",        "coco: disk/coco.json", "yolo: disk/yolo",
      "pictures: disk/p",    "crops: 'disk/{source}'", "video: disk/v.mp4",    "mot: disk/mot.txt"};
  std::string sinks = "sinks:\n";
  for (std::string format : formats) {
    format.replace(format.find("disk"), 4, at("disk"));
    sinks += "  - {" + format + "}\n";
  }
  {
    const auto pipe =
        make("sources: {street: {scene: {width: 320, height: 200, people: 9}, end: 16}}\n" + sinks +
                 "  - {jsonl: " + at("good.jsonl") + "}\n",
             "steps:\n  real: {truth: true}\n  things: {model: m, on: real}\n");
    const auto report = run_pipeline(*pipe);
    ASSERT_TRUE(report) << report.error().to_string();
    EXPECT_FALSE(report->stopped);
    ASSERT_EQ(report->sinks.size(), formats.size() + 1);
    for (std::size_t i = 0; i < formats.size(); ++i) {
      const SinkReport& sink = report->sinks[i];
      ASSERT_TRUE(sink.first_error) << sink.name;
      EXPECT_EQ(sink.first_error->code, ErrorCode::kExhausted) << sink.first_error->to_string();
      EXPECT_EQ(sink.first_error->where.find(at("disk/")), 0U) << sink.first_error->to_string();
    }
    EXPECT_EQ(report->sinks.back().written, 400U);
    EXPECT_EQ(report->sinks.back().failed, 0U);
  }
  ::umount2(at("disk").c_str(), MNT_DETACH);
}

}  // namespace
}  // namespace weir
