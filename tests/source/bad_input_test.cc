// Media as they come from cameras, phones, broken disks and interrupted copies: each is read as
// well as it can be, or says clearly what is wrong with it, and whatever else is read goes on.
#include <sys/stat.h>

#include <cstdlib>
#include <fstream>
#include <map>

#include "tests/source/support.h"
#include "weir/media/video_reader.h"

namespace weir {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using testing::inputs_of;

class BadInputTest : public testing::SourceFolderTest {
 protected:
  static void SetUpTestSuite() { log_ffmpeg(); }

  // "ffmpeg … NAME" in the folder. False: there is no ffmpeg, or it cannot.
  bool ffmpeg(const std::string& arguments) const {
    const std::string command = "cd '" + folder_.string() + "' && ffmpeg -v quiet -nostdin -y " +
                                arguments + " >/dev/null 2>&1";
    return std::system(command.c_str()) == 0;
  }
  void write_text(const std::string& name, const std::string& text) const {
    std::ofstream(at(name), std::ios::binary) << text;
  }
  void cut(const std::string& from, const std::string& to, double share) const {
    fs::copy_file(at(from), at(to));
    fs::resize_file(at(to),
                    static_cast<uintmax_t>(static_cast<double>(fs::file_size(at(from))) * share));
  }
};

struct Clip {
  const char* what;
  const char* arguments;  // of ffmpeg, the last word being the file
  int width, height;      // upright, of the first frame
  std::size_t frames;
};

// Every clip is five frames long unless it is about something else.
const Clip kClips[] = {
    {"one pixel",
     "-f lavfi -i testsrc=s=16x16:r=10:d=0.5 -vf scale=1:1 -pix_fmt gray -c:v ffv1 one.mkv", 1, 1,
     5},
    {"16,000 pixels wide",
     "-f lavfi -i color=s=16000x16:r=10:d=0.5 -pix_fmt yuv420p -c:v ffv1 wide.mkv", 16000, 16, 5},
    {"odd in both sides",
     "-f lavfi -i testsrc=s=64x48:r=10:d=0.5 -vf scale=67:45 -pix_fmt yuv420p -c:v ffv1 odd.mkv",
     67, 45, 5},
    {"monochrome", "-f lavfi -i testsrc=s=64x48:r=10:d=0.5 -pix_fmt gray -c:v ffv1 grey.mkv", 64,
     48, 5},
    {"10 bits", "-f lavfi -i testsrc=s=64x48:r=10:d=0.5 -pix_fmt yuv420p10le -c:v ffv1 ten.mkv", 64,
     48, 5},
    {"4:4:4", "-f lavfi -i testsrc=s=64x48:r=10:d=0.5 -pix_fmt yuv444p -c:v ffv1 full.mkv", 64, 48,
     5},
    {"interlaced",
     "-f lavfi -i testsrc=s=64x48:r=25:d=0.2 -c:v mpeg2video -flags +ilme+ildct lines.mpg", 64, 48,
     5},
    {"transparent", "-f lavfi -i testsrc=s=64x48:r=10:d=0.5 -pix_fmt yuva420p -c:v ffv1 clear.mkv",
     64, 48, 5},
    {"uneven times",
     "-f lavfi -i testsrc=s=64x48:r=10:d=0.5 -vf settb=1/1000,setpts=N*N*40 -vsync vfr "
     "-enc_time_base 1:1000 -c:v mpeg4 uneven.mkv",
     64, 48, 5},
    {"an animation", "-f lavfi -i testsrc=s=31x21:r=10:d=0.5 moving.gif", 31, 21, 5},
    {"a wrong suffix", "-f lavfi -i testsrc=s=64x48:r=10:d=0.5 -c:v mpeg4 -f matroska wrong.jpg",
     64, 48, 5},
};

TEST_F(BadInputTest, OddVideosAreReadAsTheyAre) {
  for (const Clip& clip : kClips) {
    SCOPED_TRACE(clip.what);
    if (!ffmpeg(clip.arguments)) GTEST_SKIP() << "no ffmpeg, or not one that makes " << clip.what;
    const std::string words = clip.arguments;
    const auto inputs = inputs_of({.video = {at(words.substr(words.rfind(' ') + 1))}});
    ASSERT_EQ(inputs.size(), clip.frames);
    double last_ms = -1;
    for (const SourceInput& input : inputs) {
      ASSERT_FALSE(input.error) << input.error->to_string();
      EXPECT_GT(input.time_ms, last_ms);
      last_ms = input.time_ms;
    }
    const Image& image = std::get<Image>(inputs.front().input);
    EXPECT_EQ(image.width(), clip.width);
    EXPECT_EQ(image.height(), clip.height);
  }
}

TEST_F(BadInputTest, ARotatedVideoIsUpright) {
  if (!ffmpeg("-f lavfi -i testsrc=s=64x48:r=10:d=0.5 -c:v mpeg4 flat.mp4") ||
      !ffmpeg("-i flat.mp4 -c copy -metadata:s:v:0 rotate=90 turned.mp4")) {
    GTEST_SKIP() << "no ffmpeg";
  }
  const auto inputs = inputs_of({.video = {at("turned.mp4")}});
  ASSERT_EQ(inputs.size(), 5U);
  const Image& image = std::get<Image>(inputs[0].input);
  if (image.width() == 64) GTEST_SKIP() << "this ffmpeg does not write the mark";
  EXPECT_EQ(image.width(), 48);
  EXPECT_EQ(image.height(), 64);
}

TEST_F(BadInputTest, EachFrameHasItsOwnSize) {
  if (!ffmpeg("-f lavfi -i testsrc=s=64x48:r=10:d=0.4 -c:v mpeg2video a.ts") ||
      !ffmpeg("-f lavfi -i testsrc=s=96x80:r=10:d=0.4 -c:v mpeg2video b.ts") ||
      std::system(("cd '" + folder_.string() + "' && cat a.ts b.ts > both.ts").c_str()) != 0) {
    GTEST_SKIP() << "no ffmpeg";
  }
  std::map<int, int> widths;
  for (const SourceInput& input : inputs_of({.video = {at("both.ts")}})) {
    if (!input.error) ++widths[std::get<Image>(input.input).width()];
  }
  EXPECT_GE(widths[64], 3);
  EXPECT_GE(widths[96], 3);
}

// What cannot be opened is known before anything runs.
TEST_F(BadInputTest, WhatIsNoVideoSaysSo) {
  write_video("good.mp4", 30, 10);
  write_text("empty.mp4", "");
  write_text("text.mp4", "this is no video at all, whatever its name says\n");
  write_text("zeros.mp4", std::string(5000, '\0'));
  cut("good.mp4", "head.mp4", 0.001);
  fs::create_directory(at("folder.mp4"));
  const std::pair<const char*, const char*> rows[] = {
      {"none.mp4", "none.mp4: there is no such file"},
      {"empty.mp4", "empty.mp4: the file is empty"},
      {"text.mp4", "text.mp4: not a video, or a damaged one"},
      {"zeros.mp4", "zeros.mp4: not a video, or a damaged one"},
      {"head.mp4", "head.mp4: "},
      {"folder.mp4", "folder.mp4: not a file; name a video file"}};
  for (const auto& [name, message] : rows) {
    const auto source = open_source({.video = {at(name)}});
    ASSERT_FALSE(source) << name;
    EXPECT_THAT(source.error().to_string(), HasSubstr(message));
  }
}

// All that is there counts, and then it is told once that there should be more.
TEST_F(BadInputTest, ACutVideoIsReadToItsCut) {
  if (!ffmpeg("-f lavfi -i testsrc=s=64x48:r=10:d=10 -c:v mpeg4 whole.mkv") ||
      !ffmpeg("-f lavfi -i testsrc=s=64x48:r=10:d=10 -c:v mpeg4 whole.avi") ||
      !ffmpeg("-f lavfi -i testsrc=s=64x48:r=10:d=10 -c:v mpeg4 -movflags +faststart whole.mp4")) {
    GTEST_SKIP() << "no ffmpeg";
  }
  for (const char* name : {"whole.mkv", "whole.avi", "whole.mp4"}) {
    SCOPED_TRACE(name);
    const std::string part = std::string("part_") + name;
    cut(name, part, 0.5);
    const auto inputs = inputs_of({.video = {at(part)}});
    ASSERT_GT(inputs.size(), 20U);
    EXPECT_LT(inputs.size(), 80U);
    for (std::size_t i = 0; i + 1 < inputs.size(); ++i) EXPECT_FALSE(inputs[i].error) << i;
    ASSERT_TRUE(inputs.back().error);
    EXPECT_THAT(inputs.back().error->to_string(), HasSubstr(part + ": the video is cut off"));
  }
}

TEST_F(BadInputTest, AVideoThatGoesAwayIsReadToItsEndAndThenMissed) {
  write_video("gone.mp4", 12, 10);
  auto source = open_source({.video = {at("gone.mp4")}, .loop = 3}).value();
  ASSERT_TRUE(source->next());
  fs::remove(at("gone.mp4"));
  const auto rest = inputs_of(*source);
  ASSERT_EQ(rest.size(), 12U);
  EXPECT_FALSE(rest[10].error);
  ASSERT_TRUE(rest[11].error);
  EXPECT_THAT(rest[11].error->to_string(),
              HasSubstr("gone.mp4: the video cannot be gone through again: there is no such file"));
  EXPECT_FALSE(source->next());
}

TEST_F(BadInputTest, AVideoOfNothingButDamageEnds) {
  write_video("a.mp4", 12, 10);
  std::string bytes(static_cast<std::size_t>(fs::file_size(at("a.mp4"))), '\0');
  std::ifstream(at("a.mp4"), std::ios::binary)
      .read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  // What is between the marks of its fragments.
  for (std::size_t at = bytes.find("mdat"); at != std::string::npos; at = bytes.find("mdat", at)) {
    const std::size_t end = std::min(bytes.find("moof", at), bytes.size());
    for (at += 4; at + 4 < end; ++at) bytes[at] = static_cast<char>(0xA5);
  }
  write_text("noise.mp4", bytes);
  auto source = open_source({.video = {at("noise.mp4")}, .loop = 0});
  if (!source) {
    EXPECT_EQ(source.error().code, ErrorCode::kCorrupt);
    return;
  }
  // A decoder may make something of anything; but what makes nothing of it must not go on for ever.
  const auto inputs = inputs_of(**source, 1000);
  if (inputs.size() < 1000) {
    EXPECT_TRUE(inputs.back().error);
  }
}

TEST_F(BadInputTest, PicturesOfAllKindsInOneFolderAreEachReadOrNamed) {
  write_pictures({"a.png"});
  ASSERT_TRUE(write_picture(Image::allocate(PixelFormat::kBgr, 1, 1).value(), at("b1x1.png")));
  ASSERT_TRUE(write_picture(Image::allocate(PixelFormat::kBgr, 16000, 2).value(), at("b16k.png")));
  ASSERT_TRUE(write_picture(Image::allocate(PixelFormat::kGrey, 7, 5).value(), at("bgrey.jpg")));
  fs::copy_file(at("a.png"), at("c_png_named.jpg"));
  write_text("d_empty.png", "");
  cut("b16k.png", "e_cut.png", 0.6);
  write_text("f_text.jpg", "no picture");
  write_video("g.mp4", 2, 10);
  fs::rename(at("g.mp4"), at("g_video.png"));
  fs::create_directory(at("h_folder.png"));
  write_pictures({"z.png"});
  std::map<std::string, std::string> told;
  for (const SourceInput& input : inputs_of({.pictures = {{folder_.string()}}})) {
    const std::string name = fs::path(input.file).filename().string();
    told[name] = input.error ? input.error->to_string() : "";
    if (!input.error) continue;
    EXPECT_THAT(told[name], HasSubstr(at(name))) << "it names the file";
  }
  EXPECT_EQ(told.size(), 10U) << "a folder is no picture";
  for (const char* good :
       {"a.png", "b1x1.png", "b16k.png", "bgrey.jpg", "c_png_named.jpg", "z.png"}) {
    EXPECT_EQ(told.at(good), "") << good;
  }
  EXPECT_THAT(told.at("d_empty.png"), HasSubstr("empty"));
  EXPECT_THAT(told.at("e_cut.png"), HasSubstr("it ends before its picture does"));
  EXPECT_THAT(told.at("f_text.jpg"), HasSubstr("not a picture"));
  EXPECT_THAT(told.at("g_video.png"), HasSubstr("not a picture, but a video"));
}

TEST_F(BadInputTest, APictureThatIsDeletedWhileTheFolderIsReadIsNamed) {
  write_pictures({"1.png", "2.png", "3.png"});
  auto source = open_source({.pictures = {{folder_.string()}}}).value();
  ASSERT_FALSE(source->next()->error);
  fs::remove(at("2.png"));
  const auto rest = inputs_of(*source);
  ASSERT_EQ(rest.size(), 2U);
  ASSERT_TRUE(rest[0].error);
  EXPECT_THAT(rest[0].error->to_string(), HasSubstr("2.png: there is no such file"));
  EXPECT_FALSE(rest[1].error);
}

TEST_F(BadInputTest, AFolderThatMayNotBeReadIsNamedAndTheOthersGoOn) {
  fs::create_directories(at("locked"));
  write_pictures({"a.png", "locked/b.png"});
  ::chmod(folder_.c_str(), 0755);
  ::chmod(at("locked").c_str(), 0);
  // Root may read everything, so it is nobody for a moment.
  const uid_t self = ::geteuid();
  if (self == 0 && ::seteuid(65534) != 0) GTEST_SKIP() << "root cannot be nobody here";
  const auto inputs = inputs_of({.pictures = {{at("locked")}, {at("a.png")}}});
  const auto sequence = open_source({.sequence = {at("locked/%d.png")}});
  ASSERT_EQ(::seteuid(self), 0);
  ::chmod(at("locked").c_str(), 0700);
  ASSERT_EQ(inputs.size(), 2U);
  EXPECT_THAT(inputs[0].error->to_string(), HasSubstr("locked: cannot read the folder: "));
  EXPECT_FALSE(inputs[1].error);
  EXPECT_EQ(sequence.error().code, ErrorCode::kUnavailable);
}

}  // namespace
}  // namespace weir
