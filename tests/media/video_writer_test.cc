#include "weir/media/video_writer.h"

#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <csignal>

#include "tests/media/video_support.h"

namespace weir {
namespace {

using testing::mean_of;
using testing::play;
using testing::Played;

class VideoWriterTest : public testing::VideoTest {
 protected:
  static void SetUpTestSuite() { log_ffmpeg(); }

  Played read_back(const std::string& name) const {
    Result<VideoReader> video = VideoReader::open(at(name));
    if (!video) return {{}, video.error()};
    return play(*video);
  }
};

// A colour that depends on the number.
Image coloured(PixelFormat format, int width, int height, int number) {
  const Image image = Image::allocate(format, width, height).value();
  for (int plane = 0; plane < plane_count(format); ++plane) {
    for (int y = 0; y < image.view().plane_rows(plane); ++y) {
      const int level = plane == 0 ? 40 + 8 * (number % 20) : 128;
      std::fill_n(image.view().row(plane, y), image.view().row_bytes(plane),
                  static_cast<uint8_t>(level));
    }
  }
  return image;
}

TEST_F(VideoWriterTest, FramesComeBackWithTheirTimes) {
  VideoWriter video = VideoWriter::open(at("a.mp4"), 64, 48, {.fps = 10}).value();
  const double times[] = {1000, 1100, 1200, 1250, 1400, 2400};
  for (int i = 0; i < 6; ++i) {
    ASSERT_TRUE(video.write(coloured(PixelFormat::kBgr, 64, 48, i).view(), times[i]));
  }
  ASSERT_TRUE(video.close());
  ASSERT_TRUE(video.close());
  EXPECT_FALSE(video.write(coloured(PixelFormat::kBgr, 64, 48, 0).view(), 9999));
  const Played played = read_back("a.mp4");
  ASSERT_EQ(played.frames.size(), 6U);
  for (std::size_t i = 0; i < 6; ++i) {
    EXPECT_NEAR(played.frames[i].time_ms, times[i] - 1000, 0.1);
    const double level = 40.0 + 8 * static_cast<double>(i);
    EXPECT_NEAR(mean_of(played.frames[i].image), 16 + level * 219 / 255, 3);
  }
}

TEST_F(VideoWriterTest, TakesEveryFormatAndSize) {
  for (const PixelFormat format : {PixelFormat::kBgr, PixelFormat::kRgb, PixelFormat::kGrey,
                                   PixelFormat::kNv12, PixelFormat::kI420}) {
    VideoWriter video = VideoWriter::open(at("a.mp4"), 65, 47).value();
    for (int i = 0; i < 3; ++i)
      ASSERT_TRUE(video.write(coloured(format, 65, 47, 7).view(), 40.0 * i));
    ASSERT_TRUE(video.write(coloured(format, 200, 100, 7).view(), 200));
    ASSERT_TRUE(video.close());
    const Played played = read_back("a.mp4");
    ASSERT_EQ(played.frames.size(), 4U);
    const Image& image = played.frames[1].image;
    EXPECT_EQ(image.width(), 66);
    EXPECT_EQ(image.height(), 48);
    // Of NV12 and I420 the level is that of Y itself.
    EXPECT_NEAR(mean_of(image), is_yuv(format) ? 96 : 16 + 96 * 219 / 255, 3);
    EXPECT_NEAR(image.view().row(0, 47)[65], image.view().row(0, 20)[20], 6);
  }
  VideoWriter tiny = VideoWriter::open(at("tiny.mp4"), 1, 1).value();
  ASSERT_TRUE(tiny.write(coloured(PixelFormat::kBgr, 1, 1, 3).view(), 0));
  ASSERT_TRUE(tiny.close());
  EXPECT_EQ(read_back("tiny.mp4").frames.size(), 1U);
}

TEST_F(VideoWriterTest, TimesAlwaysRise) {
  VideoWriter video = VideoWriter::open(at("a.mp4"), 64, 48).value();
  for (const double time : {5.0, 5.0, 1.0, std::nan(""), 1e300, 80.0}) {
    ASSERT_TRUE(video.write(coloured(PixelFormat::kI420, 64, 48, 1).view(), time));
  }
  ASSERT_TRUE(video.close());
  const Played played = read_back("a.mp4");
  ASSERT_EQ(played.frames.size(), 6U);
  for (std::size_t i = 1; i < 6; ++i) {
    EXPECT_GT(played.frames[i].time_ms, played.frames[i - 1].time_ms);
  }
}

TEST_F(VideoWriterTest, NeverTakesAGplEncoderByItself) {
  const std::vector<std::string> encoders = video_encoders();
  ASSERT_FALSE(encoders.empty());
  EXPECT_EQ(std::count(encoders.begin(), encoders.end(), "libx264"), 0);
  const VideoWriter video = VideoWriter::open(at("a.mp4"), 64, 48).value();
  EXPECT_EQ(video.encoder(), encoders[0]);
}

TEST_F(VideoWriterTest, TakesOneWhenItIsNamed) {
  auto video = VideoWriter::open(at("a.mp4"), 64, 48, {.encoder = "libx264"});
  if (!video) {
    EXPECT_EQ(video.error().code, ErrorCode::kNotFound);
    EXPECT_NE(video.error().message.find("no video encoder 'libx264'"), std::string::npos);
    return;
  }
  EXPECT_EQ(video->encoder(), "libx264");
  for (int i = 0; i < 5; ++i) {
    ASSERT_TRUE(video->write(coloured(PixelFormat::kI420, 64, 48, i).view(), 40.0 * i));
  }
  ASSERT_TRUE(video->close());
  EXPECT_EQ(read_back("a.mp4").frames.size(), 5U);
}

// The child writes without end until it is killed.
TEST_F(VideoWriterTest, WhatAKilledProcessLeavesCanBePlayed) {
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    VideoWriter video = VideoWriter::open(at("killed.mp4"), 64, 48, {.fps = 10}).value();
    for (int i = 0;; ++i) {
      if (!video.write(coloured(PixelFormat::kBgr, 64, 48, i).view(), 100.0 * i)) std::_Exit(1);
      if (i == 45) (void)!::write(ready[1], "x", 1);
    }
  }
  char got = 0;
  ASSERT_EQ(::read(ready[0], &got, 1), 1);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  ::close(ready[0]);
  ::close(ready[1]);
  const Played played = read_back("killed.mp4");
  EXPECT_GE(played.frames.size(), 40U);  // all but the last second
}

TEST_F(VideoWriterTest, SaysWhatIsWrong) {
  EXPECT_EQ(VideoWriter::open(at("a.mp4"), 64, 48, {.encoder = "nonesuch"}).error().code,
            ErrorCode::kNotFound);
  EXPECT_EQ(VideoWriter::open(at("no/a.mp4"), 64, 48).error().code, ErrorCode::kUnavailable);
  EXPECT_FALSE(VideoWriter::open(at("a.mp4"), 0, 48));
  EXPECT_FALSE(VideoWriter::open(at("a.mp4"), 64, 48, {.fps = 0}));
  const Result<VideoWriter> wide = VideoWriter::open(at("a.mp4"), 16386, 48);
  if (!wide) {
    EXPECT_NE(wide.error().message.find("16386x48"), std::string::npos);
  }
  VideoWriter video = VideoWriter::open(at("a.mp4"), 64, 48).value();
  EXPECT_FALSE(
      video.write(coloured(PixelFormat::kBgr, 64, 48, 0).rotated(Rotation::k90).view(), 0));
}

TEST_F(VideoWriterTest, SaysThatTheDiskIsFull) {
  testing::fs::create_directory(at("disk"));
  if (::mount("tmpfs", at("disk").c_str(), "tmpfs", 0, "size=64k") != 0) {
    GTEST_SKIP() << "a tmpfs cannot be mounted here";
  }
  {
    VideoWriter video = VideoWriter::open(at("disk/a.mp4"), 320, 240, {.fps = 5}).value();
    Status written;
    Image noise = coloured(PixelFormat::kBgr, 320, 240, 0);
    for (int i = 0; written && i < 300; ++i) {
      for (int y = 0; y < 240; ++y) {
        for (int x = 0; x < 960; ++x)
          noise.view().row(0, y)[x] = static_cast<uint8_t>((x * y * (i + 3)) >> 3);
      }
      written = video.write(noise.view(), 200.0 * i);
    }
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().code, ErrorCode::kExhausted) << written.error().to_string();
  }
  ::umount2(at("disk").c_str(), MNT_DETACH);
}

}  // namespace
}  // namespace weir
