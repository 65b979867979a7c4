#include <signal.h>
#include <sys/resource.h>

#include "tests/sink/support.h"
#include "weir/media/video_reader.h"
#include "weir/sink/sink.h"

namespace weir {
namespace {

using testing::files_below;
using testing::grey_picture;
using testing::street_task;
using VideoSinkTest = testing::SinkTest;
namespace fs = std::filesystem;

std::vector<VideoFrame> frames_of(const std::string& path) {
  VideoReader video = VideoReader::open(path).value();
  std::vector<VideoFrame> frames;
  while (auto frame = video.read().value()) frames.push_back(std::move(*frame));
  return frames;
}

TEST_F(VideoSinkTest, EachStreamBecomesAVideoWithFindingsDrawnIn) {
  auto opened = open_sink({.video = at("out/{source}.mp4")});
  ASSERT_TRUE(opened) << opened.error().to_string();
  auto sink = std::move(opened).value();
  for (int64_t seq = 0; seq < 12; ++seq) {
    ASSERT_TRUE(sink->write(street_task("gate", seq)));
    if (seq < 1) {
      ASSERT_TRUE(sink->write(street_task("yard", seq)));
    }
    ASSERT_TRUE(sink->write(Task{.stream = "gate", .seq = seq}));  // failed before it had a picture
  }
  ASSERT_TRUE(sink->finish());
  EXPECT_EQ(files_below(at("out")), (std::vector<std::string>{"gate.mp4", "yard.mp4"}));
  const auto frames = frames_of(at("out/gate.mp4"));
  ASSERT_EQ(frames.size(), 12U);
  EXPECT_NEAR(frames[11].time_ms, 440, 1);
  const ImageView& view = frames[5].image.view();
  EXPECT_GT(std::abs(view.row(0, 60)[10] - view.row(0, 60)[70]), 10);  // the edge of the person
  EXPECT_EQ(frames_of(at("out/yard.mp4")).size(), 1U);
}

TEST_F(VideoSinkTest, FramesOfOtherSizesAndFormatsAreTaken) {
  auto sink = open_sink({.video = at("{source}.mp4"), .fps = 10}).value();
  int64_t seq = 0;
  Task task = street_task("gate", 0);
  for (const Image& image :
       {grey_picture(64, 48), grey_picture(48, 64).rotated(Rotation::k90), grey_picture(200, 99)}) {
    task.input = image;
    task.time_ms = 100.0 * static_cast<double>(seq++);
    ASSERT_TRUE(sink->write(task));
  }
  ASSERT_TRUE(sink->finish_stream("gate"));
  const auto frames = frames_of(at("gate.mp4"));
  ASSERT_EQ(frames.size(), 3U);
  EXPECT_EQ(frames[2].image.width(), 64);
}

// While it lives, files of this process are no longer than so many bytes.
class LongestFile {
 public:
  explicit LongestFile(rlim_t bytes) : handler_(::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit now = {bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &now);
  }
  ~LongestFile() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    ::signal(SIGXFSZ, handler_);
  }
  LongestFile(const LongestFile&) = delete;
  LongestFile& operator=(const LongestFile&) = delete;

 private:
  rlimit before_ = {};
  const sighandler_t handler_;
};

TEST_F(VideoSinkTest, WhatFindsNoRoomEndsWithAWholeFragment) {
  {
    const LongestFile limit(100'000);
    auto sink = open_sink({.video = at("a.mp4"), .fps = 25}).value();
    Task task = street_task("gate", 0);
    Status written;
    uint32_t noise = 1;
    for (int64_t seq = 0; seq < 500 && written; ++seq) {
      Image image = grey_picture(64, 48);
      for (int y = 0; y < 48; ++y) {  // noise, which takes room
        for (int x = 0; x < 3 * 64; ++x) {
          image.view().row(0, y)[x] =
              static_cast<uint8_t>((noise = noise * 1664525 + 1013904223) >> 24);
        }
      }
      task.input = std::move(image);
      task.time_ms = 40.0 * static_cast<double>(seq);
      written = sink->write(task);
    }
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().code, ErrorCode::kExhausted) << written.error().to_string();
    EXPECT_TRUE(sink->finish());
  }
  EXPECT_LT(fs::file_size(at("a.mp4")), 100'000U);
  VideoReader video = VideoReader::open(at("a.mp4")).value();
  std::size_t frames = 0;
  while (const auto frame = video.read().value()) ++frames;
  EXPECT_GT(frames, 0U);
  EXPECT_EQ(frames % 25, 0U) << "a fragment has a second";
  EXPECT_EQ(video.damaged_packets(), 0);
}

TEST_F(VideoSinkTest, ASizeThatNoEncoderTakesLeavesNoFile) {
  auto sink = open_sink({.video = at("wide.mp4")}).value();
  Task task = street_task("gate", 0);
  task.input = grey_picture(16'384, 16);
  ASSERT_TRUE(sink->write(task)) << "it waits for the second";
  task.time_ms = 40;
  EXPECT_EQ(sink->write(task).error().code, ErrorCode::kUnsupported);
  EXPECT_TRUE(sink->finish());
  EXPECT_FALSE(fs::exists(at("wide.mp4")));
}

TEST_F(VideoSinkTest, DoesNotWriteIntoTheVideoOfAnotherRun) {
  auto first = open_sink({.video = at("a.mp4"), .fps = 10}).value();
  auto second = open_sink({.video = at("a.mp4"), .fps = 10}).value();
  ASSERT_TRUE(first->write(street_task("gate", 0)));
  EXPECT_EQ(second->write(street_task("gate", 0)).error().code, ErrorCode::kUnavailable);
  ASSERT_TRUE(second->finish());
  ASSERT_TRUE(first->write(street_task("gate", 1)));
  ASSERT_TRUE(first->finish());
  EXPECT_EQ(frames_of(at("a.mp4")).size(), 2U);
}

TEST_F(VideoSinkTest, SaysWhatIsWrong) {
  EXPECT_EQ(open_sink({.video = at("a.avi")}).error().hint, "end the path in .mp4");
  EXPECT_FALSE(open_sink({.video = at("{seq}.mp4")}));
  auto one = open_sink({.video = at("a.mp4")}).value();
  ASSERT_TRUE(one->write(street_task("gate", 0)));
  EXPECT_FALSE(one->write(street_task("yard", 0)));
  std::ofstream(at("file")) << "x";
  auto below_a_file = open_sink({.video = at("file/a.mp4")}).value();
  EXPECT_EQ(below_a_file->write(street_task("gate", 0)).error().code, ErrorCode::kUnavailable);
  auto unknown = open_sink({.video = at("b.mp4"), .fps = 10, .encoder = "nonesuch"}).value();
  EXPECT_EQ(unknown->write(street_task("gate", 0)).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(unknown->write(street_task("gate", 1)).error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace weir
