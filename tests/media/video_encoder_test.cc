// Which encoder is taken on systems that have others than this one: what FFmpeg is asked for goes
// through here, and may be hidden, lent another name, or refuse to open.
#include <dlfcn.h>

#include <map>
#include <set>
#include <utility>

#include "tests/media/video_support.h"
#include "weir/media/video_writer.h"

extern "C" {
#include <libavcodec/avcodec.h>
}

namespace {

// Of one test; what is not named is as the system has it.
struct System {
  bool nothing = false;
  std::set<std::string> hidden;
  std::map<std::string, std::string> stands_for;
  std::set<std::string> closed;  // there, and refuses to open
  std::vector<std::string> opened;
};
System* now = nullptr;

template <class Function>
Function* real(const char* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

}  // namespace

// Instead of FFmpeg's, for this program.
extern "C" const AVCodec* avcodec_find_encoder_by_name(const char* name) {
  static auto* const find = real<const AVCodec*(const char*)>("avcodec_find_encoder_by_name");
  if (now == nullptr) return find(name);
  if (now->nothing || now->hidden.count(name) > 0) return nullptr;
  const auto stands = now->stands_for.find(name);
  return find(stands == now->stands_for.end() ? name : stands->second.c_str());
}

extern "C" int avcodec_open2(AVCodecContext* context, const AVCodec* codec,
                             AVDictionary** options) {
  static auto* const open =
      real<int(AVCodecContext*, const AVCodec*, AVDictionary**)>("avcodec_open2");
  if (now != nullptr && codec != nullptr && av_codec_is_encoder(codec) != 0) {
    if (now->closed.count(codec->name) > 0) return AVERROR(ENOSYS);
    now->opened.emplace_back(codec->name);
  }
  return open(context, codec, options);
}

namespace weir {
namespace {

class VideoEncoderTest : public testing::VideoTest {
 protected:
  static void SetUpTestSuite() { log_ffmpeg(); }
  VideoEncoderTest() { now = &system_; }
  ~VideoEncoderTest() override { now = nullptr; }

  static bool has(const char* encoder) {
    System* const kept = std::exchange(now, nullptr);
    const bool found = avcodec_find_encoder_by_name(encoder) != nullptr;
    now = kept;
    return found;
  }

  // The encoder that wrote ten frames which can be played; else what went wrong.
  std::string written_by(const VideoWriteSpec& spec = {}) const {
    Result<VideoWriter> video = VideoWriter::open(at("a.mp4"), 64, 48, spec);
    if (!video) return video.error().to_string();
    const Image picture = Image::allocate(PixelFormat::kBgr, 64, 48).value();
    for (int i = 0; i < 10; ++i) {
      const Status written = video->write(picture.view(), 40.0 * i);
      if (!written) return written.error().to_string();
    }
    if (const Status closed = video->close(); !closed) return closed.error().to_string();
    Result<VideoReader> file = VideoReader::open(at("a.mp4"));
    if (!file) return file.error().to_string();
    const testing::Played played = testing::play(*file);
    if (played.frames.size() != 10) return std::to_string(played.frames.size()) + " frames";
    return video->encoder();
  }

  System system_;
};

// It is there on this system or not: nobody asks for it who was not told to.
TEST_F(VideoEncoderTest, WithoutX264TheSameOneIsTakenAndPlays) {
  const std::string with = written_by();
  system_.hidden = {"libx264"};
  EXPECT_EQ(written_by(), with);
  EXPECT_EQ(with, has("libopenh264") ? "libopenh264" : "mpeg4");
  EXPECT_EQ(system_.opened, std::vector<std::string>(2, with));
  EXPECT_NE(written_by({.encoder = "libx264"}).find("this FFmpeg has no video encoder 'libx264'"),
            std::string::npos);
}

TEST_F(VideoEncoderTest, WithoutAnyH264Mpeg4IsTakenAndPlays) {
  system_.hidden = {"libx264", "libopenh264"};
  EXPECT_EQ(video_encoders(), std::vector<std::string>{"mpeg4"});
  EXPECT_EQ(written_by(), "mpeg4");
}

// Where libopenh264 is missing, another encoder goes by its name.
TEST_F(VideoEncoderTest, OpenH264IsTakenFirstWhereItIs) {
  std::string behind = "libopenh264";
  if (!has("libopenh264")) system_.stands_for["libopenh264"] = behind = "mpeg4";
  EXPECT_EQ(video_encoders(), (std::vector<std::string>{"libopenh264", "mpeg4"}));
  EXPECT_EQ(written_by(), "libopenh264");
  EXPECT_EQ(system_.opened, std::vector<std::string>{behind});
}

// It takes no more than 3840x2160 pixels, and is but a stub in some distributions.
TEST_F(VideoEncoderTest, OneThatRefusesToOpenIsPassedOver) {
  std::string behind = "libopenh264";
  if (!has("libopenh264")) system_.stands_for["libopenh264"] = behind = "mpeg2video";
  system_.closed = {behind};
  EXPECT_EQ(written_by(), "mpeg4");
  // Who named it wants it, or to be told.
  EXPECT_NE(written_by({.encoder = "libopenh264"})
                .find("the encoder 'libopenh264' does not take 64x48 pixels, or not here"),
            std::string::npos);
}

TEST_F(VideoEncoderTest, WhereThereIsNoneItSaysSo) {
  system_.nothing = true;
  EXPECT_NE(written_by().find("this FFmpeg has no encoder for MP4"), std::string::npos);
}

}  // namespace
}  // namespace weir
