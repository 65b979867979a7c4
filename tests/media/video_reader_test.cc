#include "weir/media/video_reader.h"

#include <cstring>
#include <random>

#include "tests/media/video_support.h"

namespace weir {
namespace {

using testing::bytes_of_file;
using testing::mean_of;
using testing::play;
using testing::Played;
using testing::write_bytes;
using testing::fs::exists;

const std::string kVideos = WEIR_SOURCE_DIR "/../shared/assets/videos/";

class VideoReaderTest : public testing::VideoTest {
 protected:
  static void SetUpTestSuite() { log_ffmpeg(); }
};
using RealVideos = VideoReaderTest;

TEST_F(RealVideos, HaveAllTheirFrames) {
  if (!exists(kVideos)) GTEST_SKIP() << "no videos at " << kVideos;
  struct Row {
    const char* file;
    int width, height;
    int64_t frames;
    double fps;
  };
  for (const Row& row :
       {Row{"vtest.avi", 768, 576, 795, 10}, Row{"bottle-detection.mp4", 640, 360, 1189, 0},
        Row{"drive_solidWhiteRight.mp4", 960, 540, 221, 25},
        Row{"drive_udacity_test_video.mp4", 1280, 720, 38, 0},
        Row{"pose_squats.mp4", 720, 1280, 65, 0}, Row{"preview_classroom.mp4", 480, 270, 45, 0},
        Row{"preview_store-aisle-detection.mp4", 480, 270, 67, 0}}) {
    VideoReader video = VideoReader::open(kVideos + row.file).value();
    EXPECT_EQ(video.info().width, row.width) << row.file;
    EXPECT_EQ(video.info().height, row.height) << row.file;
    if (row.fps > 0) {
      EXPECT_NEAR(video.info().fps, row.fps, 0.01) << row.file;
    }
    int64_t count = 0;
    double last_ms = -1;
    while (true) {
      Result<std::optional<VideoFrame>> frame = video.read();
      ASSERT_TRUE(frame) << frame.error().to_string();
      if (!*frame) break;
      EXPECT_EQ((*frame)->seq, count++);
      EXPECT_GT((*frame)->time_ms, last_ms) << row.file;
      last_ms = (*frame)->time_ms;
    }
    EXPECT_EQ(count, row.frames) << row.file;
    EXPECT_EQ(video.damaged_packets(), 0) << row.file;
    EXPECT_FALSE(video.read().value()) << "the end stays the end";
  }
}

TEST_F(RealVideos, StartEndAndSeekGiveTheSameFrames) {
  if (!exists(kVideos)) GTEST_SKIP() << "no videos at " << kVideos;
  const std::string file = kVideos + "drive_solidWhiteRight.mp4";  // 25 a second
  VideoReader whole = VideoReader::open(file).value();
  const Played all = play(whole, 100);
  VideoReader part =
      VideoReader::open(file, {.threads = 2, .start_ms = 2000, .end_ms = 2400}).value();
  const Played some = play(part);
  ASSERT_EQ(some.frames.size(), 10U);
  EXPECT_NEAR(some.frames[0].time_ms, 2000, 0.1);
  EXPECT_EQ(some.frames[0].seq, 0);
  const auto same = [](const Image& a, const Image& b) {
    return std::memcmp(a.view().row(0, 100), b.view().row(0, 100), a.view().row_bytes(0)) == 0 &&
           mean_of(a) == mean_of(b);
  };
  EXPECT_TRUE(same(some.frames[0].image, all.frames[50].image));
  EXPECT_TRUE(same(some.frames[9].image, all.frames[59].image));
  ASSERT_TRUE(whole.seek(400));
  const VideoFrame again = **whole.read();
  EXPECT_TRUE(same(again.image, all.frames[10].image));
  EXPECT_EQ(again.seq, 100);
  ASSERT_TRUE(whole.seek(1e9));
  EXPECT_FALSE(whole.seek(-1));
}

TEST_F(RealVideos, FramesOutliveTheReader) {
  if (!exists(kVideos)) GTEST_SKIP() << "no videos at " << kVideos;
  std::vector<VideoFrame> kept;
  {
    VideoReader video = VideoReader::open(kVideos + "preview_classroom.mp4").value();
    kept = play(video).frames;
  }
  EXPECT_EQ(kept.size(), 45U);
  for (const VideoFrame& frame : kept) EXPECT_GT(mean_of(frame.image), 10);
  EXPECT_EQ(kept[0].image.format(), PixelFormat::kI420);
}

TEST_F(VideoReaderTest, TakesEveryKindOfFrame) {
  struct Row {
    const char* pixels;
    const char* codec;
    PixelFormat format;
  };
  for (const Row& row :
       {Row{"yuv420p", "ffv1", PixelFormat::kI420}, Row{"yuv420p10le", "ffv1", PixelFormat::kI420},
        Row{"yuv422p", "ffv1", PixelFormat::kI420}, Row{"yuv444p16le", "ffv1", PixelFormat::kI420},
        Row{"yuva420p", "ffv1", PixelFormat::kI420}, Row{"bgr0", "ffv1", PixelFormat::kBgr},
        Row{"gbrp", "ffv1", PixelFormat::kBgr}, Row{"bgr24", "rawvideo", PixelFormat::kBgr},
        Row{"gray", "ffv1", PixelFormat::kGrey}, Row{"gray16le", "ffv1", PixelFormat::kGrey},
        Row{"nv12", "rawvideo", PixelFormat::kNv12},
        Row{"yuvj420p", "mjpeg", PixelFormat::kI420}}) {
    // Odd in both sides, where the codec can.
    if (!ffmpeg(std::string(
                    "-f lavfi -i color=c=0x40A0C0:s=64x48:r=10:d=0.5 -vf scale=67:45 -pix_fmt ") +
                    row.pixels + " -c:v " + row.codec,
                "clip.nut")) {
      GTEST_SKIP() << "no ffmpeg, or not one that writes " << row.pixels;
    }
    VideoReader video = VideoReader::open(at("clip.nut")).value();
    const Played played = play(video);
    ASSERT_EQ(played.frames.size(), 5U) << row.pixels;
    EXPECT_FALSE(played.error) << row.pixels;
    const Image& image = played.frames[4].image;
    EXPECT_EQ(image.format(), row.format) << row.pixels;
    EXPECT_EQ(image.width(), 67);
    EXPECT_EQ(image.height(), 45);
    EXPECT_NEAR(played.frames[4].time_ms, 400, 1);
    // 0x40A0C0 is 145 bright; 16 + 145 * 219 / 255 in the range of video.
    if (is_yuv(row.format)) {
      EXPECT_NEAR(mean_of(image), image.view().full_range ? 135 : 132, 5) << row.pixels;
      EXPECT_EQ(image.view().full_range, std::string(row.codec) == "mjpeg") << row.pixels;
    } else if (row.format == PixelFormat::kBgr) {
      EXPECT_NEAR(image.view().row(0, 44)[3 * 66], 0xC0, 2) << row.pixels;
      EXPECT_NEAR(image.view().row(0, 44)[3 * 66 + 2], 0x40, 2) << row.pixels;
    }
  }
}

TEST_F(VideoReaderTest, KeepsTheTurnOfTheFile) {
  if (!ffmpeg("-f lavfi -i testsrc=s=64x48:d=0.2 -c:v mpeg4", "flat.mp4") ||
      !ffmpeg("-i flat.mp4 -c copy -metadata:s:v:0 rotate=90", "turned.mp4")) {
    GTEST_SKIP() << "no ffmpeg";
  }
  VideoReader video = VideoReader::open(at("turned.mp4")).value();
  if (video.info().rotation == Rotation::k0) GTEST_SKIP() << "this ffmpeg does not write the mark";
  EXPECT_EQ(video.info().width, 48);
  EXPECT_EQ(video.info().height, 64);
  const VideoFrame frame = **video.read();
  EXPECT_EQ(frame.image.width(), 48);
  EXPECT_EQ(frame.image.view().width, 64);
  // ffmpeg turns it itself: the top row is the stored left column of a clockwise turn.
  ASSERT_TRUE(ffmpeg("-i turned.mp4 -c:v ffv1 -pix_fmt yuv420p", "upright.mkv"));
  const VideoFrame upright = **VideoReader::open(at("upright.mkv")).value().read();
  ASSERT_EQ(upright.image.view().width, 48);
  const bool clockwise = video.info().rotation == Rotation::k90;
  for (int x = 0; x < 48; ++x) {
    const int from = clockwise ? 47 - x : x;
    EXPECT_NEAR(upright.image.view().row(0, 0)[x],
                frame.image.view().row(0, from)[clockwise ? 0 : 63], 2);
  }
}

TEST_F(VideoReaderTest, GivesEachFrameItsOwnSize) {
  if (!ffmpeg("-f lavfi -i testsrc=s=64x48:d=0.4:r=10 -c:v mpeg2video", "a.ts") ||
      !ffmpeg("-f lavfi -i testsrc=s=96x80:d=0.4:r=10 -c:v mpeg2video", "b.ts")) {
    GTEST_SKIP() << "no ffmpeg";
  }
  std::vector<uint8_t> both = bytes_of_file(at("a.ts"));
  const std::vector<uint8_t> second = bytes_of_file(at("b.ts"));
  both.insert(both.end(), second.begin(), second.end());
  write_bytes(at("both.ts"), both);
  VideoReader video = VideoReader::open(at("both.ts")).value();
  const Played played = play(video);
  ASSERT_GE(played.frames.size(), 7U);
  EXPECT_EQ(played.frames.front().image.width(), 64);
  EXPECT_EQ(played.frames.back().image.width(), 96);
}

// Their clocks begin anew, and time does not.
TEST_F(VideoReaderTest, TimeGoesOnInRecordingsBehindEachOther) {
  if (!ffmpeg("-f lavfi -i testsrc=s=64x48:d=1.5:r=10 -c:v mpeg2video", "a.ts")) {
    GTEST_SKIP() << "no ffmpeg";
  }
  std::vector<uint8_t> twice = bytes_of_file(at("a.ts"));
  const std::vector<uint8_t> again = twice;
  twice.insert(twice.end(), again.begin(), again.end());
  write_bytes(at("twice.ts"), twice);
  VideoReader video = VideoReader::open(at("twice.ts")).value();
  const Played played = play(video);
  ASSERT_GE(played.frames.size(), 27U);
  for (std::size_t i = 0; i < played.frames.size(); ++i) {
    EXPECT_NEAR(played.frames[i].time_ms, 100.0 * static_cast<double>(i), 1) << i;
  }
}

// Files without an index, whose clock does not begin at 0 or is none: FFmpeg winds them too far.
TEST_F(VideoReaderTest, StartsWhereItIsToldInEveryKindOfFile) {
  const std::string source = "-f lavfi -i testsrc=s=64x48:d=9:r=10 ";
  const std::vector<std::pair<std::string, std::string>> rows = {
      {"-c:v mpeg2video -g 40", "a.ts"},  {"-c:v mpeg4 -g 200 -output_ts_offset 100", "b.ts"},
      {"-c:v mpeg2video -g 40", "c.mpg"}, {"-c:v mpeg4 -g 40 -bf 2", "d.mkv"},
      {"-c:v mpeg4 -g 40", "e.mp4"},      {"-c:v mpeg4 -g 40", "f.avi"},
      {"-c:v mpeg2video -g 40", "g.m2v"}, {"-c:v mjpeg", "h.mjpeg"}};
  for (const auto& [codec, file] : rows) {
    if (!ffmpeg(source + codec, file)) GTEST_SKIP() << "no ffmpeg that writes " << file;
    VideoReader whole = VideoReader::open(at(file)).value();
    const Played all = play(whole);
    ASSERT_GE(all.frames.size(), 89U) << file;
    for (const std::size_t from : {1U, 30U, 77U, 86U}) {
      const double start_ms = all.frames[from].time_ms;
      VideoReader part = VideoReader::open(at(file), {.start_ms = start_ms}).value();
      const Played rest = play(part);
      ASSERT_EQ(rest.frames.size(), all.frames.size() - from) << file << " from " << start_ms;
      EXPECT_NEAR(rest.frames[0].time_ms, start_ms, 1) << file;
      EXPECT_EQ(mean_of(rest.frames[0].image), mean_of(all.frames[from].image)) << file;
    }
    VideoReader behind = VideoReader::open(at(file), {.start_ms = 60'000}).value();
    const Played none = play(behind);
    ASSERT_TRUE(none.error) << file;
    EXPECT_NE(none.error->message.find("before 60.0 s, where to start"), std::string::npos)
        << none.error->to_string();
  }
}

TEST_F(VideoReaderTest, KeepsTimesThatAreNotEven) {
  if (!ffmpeg(
          "-f lavfi -i testsrc=s=64x48:d=1:r=10 -vf \"settb=1/1000,setpts=N*N*10+1000\" -vsync vfr "
          "-enc_time_base 1:1000 -c:v mpeg4",
          "vfr.mkv")) {
    GTEST_SKIP() << "no ffmpeg";
  }
  VideoReader video = VideoReader::open(at("vfr.mkv")).value();
  const Played played = play(video);
  ASSERT_GE(played.frames.size(), 8U);
  const double first = played.frames[0].time_ms;
  EXPECT_NEAR(played.frames[5].time_ms - first, 250, 2);
  EXPECT_NEAR(played.frames[7].time_ms - first, 490, 2);
}

TEST_F(VideoReaderTest, TakesInterlacedVideoAndAnimations) {
  if (!ffmpeg("-f lavfi -i testsrc=s=64x48:d=0.4:r=25 -c:v mpeg2video -flags +ilme+ildct",
              "i.mpg") ||
      !ffmpeg("-f lavfi -i testsrc=s=31x21:d=0.5:r=10", "a.gif")) {
    GTEST_SKIP() << "no ffmpeg";
  }
  for (const char* file : {"i.mpg", "a.gif"}) {
    VideoReader video = VideoReader::open(at(file)).value();
    EXPECT_GE(play(video).frames.size(), 5U) << file;
  }
}

TEST_F(VideoReaderTest, SaysThatAVideoIsCutOff) {
  if (!exists(kVideos)) GTEST_SKIP() << "no videos at " << kVideos;
  // The index of an MP4 is at its end, mostly: without it there is nothing.
  std::vector<uint8_t> bytes = bytes_of_file(kVideos + "vtest.avi");
  bytes.resize(bytes.size() / 2);
  write_bytes(at("half.avi"), bytes);
  VideoReader video = VideoReader::open(at("half.avi")).value();
  const Played played = play(video);
  EXPECT_GT(played.frames.size(), 300U);
  ASSERT_TRUE(played.error);
  EXPECT_EQ(played.error->code, ErrorCode::kCorrupt);
  EXPECT_NE(played.error->message.find("cut off"), std::string::npos) << played.error->to_string();
  EXPECT_EQ(played.error->where, at("half.avi"));
  EXPECT_FALSE(video.read().value());

  bytes = bytes_of_file(kVideos + "drive_solidWhiteRight.mp4");
  for (const std::size_t size : {std::size_t{10}, std::size_t{1000}, bytes.size() / 2}) {
    const Result<VideoReader> cut = VideoReader::open_bytes({bytes.data(), size}, {}, "cut.mp4");
    if (cut) continue;  // its index is in front: tested above
    EXPECT_EQ(cut.error().code, ErrorCode::kCorrupt) << cut.error().to_string();
    EXPECT_EQ(cut.error().where, "cut.mp4");
  }
}

TEST_F(VideoReaderTest, SaysWhatIsWrongWithAFile) {
  EXPECT_EQ(VideoReader::open("/nowhere.mp4").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(VideoReader::open("/tmp").error().code, ErrorCode::kInvalidArgument);
  write_bytes(at("empty.mp4"), {});
  EXPECT_EQ(VideoReader::open(at("empty.mp4")).error().message, "the file is empty");
  EXPECT_FALSE(VideoReader::open_bytes({}));
  const std::string text = "this is no video at all, whatever its name says\n";
  write_bytes(at("text.mp4"), {text.begin(), text.end()});
  EXPECT_EQ(VideoReader::open(at("text.mp4")).error().code, ErrorCode::kCorrupt);
  const std::string list = "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n/etc/passwd\n";
  write_bytes(at("list.m3u8"), {list.begin(), list.end()});
  EXPECT_FALSE(VideoReader::open(at("list.m3u8")));
  const std::string script = "ffconcat version 1.0\nfile /etc/passwd\n";
  write_bytes(at("script.mp4"), {script.begin(), script.end()});
  EXPECT_FALSE(VideoReader::open(at("script.mp4")));
  EXPECT_FALSE(VideoReader::open(at("http://example.org/a.mp4")));
  EXPECT_EQ(VideoReader::open("rtsp://camera/1").error().code, ErrorCode::kUnsupported);
  EXPECT_FALSE(VideoReader::open(at("text.mp4"), {.start_ms = 5, .end_ms = 4}));
  EXPECT_FALSE(VideoReader::open(at("text.mp4"), {.threads = 0}));
}

TEST_F(VideoReaderTest, SoundAloneIsNoVideo) {
  const std::string sound = WEIR_SOURCE_DIR "/../shared/assets/audio/asr_example_zh.wav";
  if (!exists(sound)) GTEST_SKIP() << "no " << sound;
  EXPECT_EQ(VideoReader::open(sound).error().message, "there is no picture in it");
}

TEST_F(VideoReaderTest, AFileThatIsDeletedIsReadToItsEnd) {
  if (!exists(kVideos)) GTEST_SKIP() << "no videos at " << kVideos;
  testing::fs::copy_file(kVideos + "preview_classroom.mp4", at("gone.mp4"));
  VideoReader video = VideoReader::open(at("gone.mp4")).value();
  ASSERT_TRUE(video.read().value());
  testing::fs::remove(at("gone.mp4"));
  EXPECT_EQ(play(video).frames.size(), 44U);
}

// A file that the fuzzer made: its matrix is a number that FFmpeg has no name for.
TEST_F(VideoReaderTest, ReadsColoursThatHaveNoName) {
  auto video =
      VideoReader::open(WEIR_SOURCE_DIR "/tests/media/video_corpus/strange_colours.mkv", {});
  ASSERT_TRUE(video) << video.error().to_string();
  const auto frame = video->read();
  ASSERT_TRUE(frame && *frame);
  EXPECT_EQ((*frame)->image.view().matrix, YuvMatrix::kBt601);
}

TEST_F(VideoReaderTest, DamageNeverCrashes) {
  if (!exists(kVideos)) GTEST_SKIP() << "no videos at " << kVideos;
  const std::vector<uint8_t> good = bytes_of_file(kVideos + "preview_people-detection.mp4");
  std::mt19937 random(23);
  for (int round = 0; round < 40; ++round) {
    std::vector<uint8_t> bytes = good;
    for (int i = 0; i < 30; ++i) bytes[random() % bytes.size()] = static_cast<uint8_t>(random());
    if (round % 4 == 0) bytes.resize(random() % bytes.size() + 1);
    Result<VideoReader> video = VideoReader::open_bytes(bytes);
    if (video) (void)play(*video, 200);
  }
}

}  // namespace
}  // namespace weir
