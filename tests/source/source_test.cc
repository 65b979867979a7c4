#include "weir/source/source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "weir/config/load.h"
#include "weir/media/picture.h"
#include "weir/source/picture_files.h"

namespace weir {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
namespace fs = std::filesystem;

class SourceTest : public testing::Test {
 protected:
  SourceTest() : folder_(fs::path(testing::TempDir()) / ("source_" + std::to_string(getpid()))) {
    fs::create_directories(folder_);
    for (const char* name : {"p10.png", "p2.png", "p1.png"}) {
      const Image picture = Image::allocate(PixelFormat::kBgr, 8, 6).value();
      EXPECT_TRUE(write_picture(picture, path(name)));
    }
  }
  ~SourceTest() override { fs::remove_all(folder_); }
  std::string path(const std::string& name) const { return (folder_ / name).string(); }

  // The files' names, "!" for one that could not be read.
  static std::vector<std::string> read(const SourceSpec& spec, std::size_t most = 100) {
    auto source = open_source(spec);
    EXPECT_TRUE(source) << source.error().to_string();
    std::vector<std::string> names;
    while (names.size() < most) {
      const std::optional<SourceInput> input = (*source)->next();
      if (!input) break;
      names.push_back(fs::path(input->file).filename().string() + (input->error ? "!" : ""));
    }
    if (names.size() < most) {
      EXPECT_FALSE((*source)->next()) << "it has ended for good";
    }
    return names;
  }

  fs::path folder_;
};

TEST_F(SourceTest, ReadsAFolderInTheOrderOfItsNumbers) {
  EXPECT_THAT(read({.pictures = {{folder_.string()}}}), ElementsAre("p1.png", "p2.png", "p10.png"));
}

TEST_F(SourceTest, GoesOnAfterAPictureThatCannotBeRead) {
  const SourceSpec spec{
      .pictures = {
          {path("p2.png")}, {path("none.png")}, {WEIR_SOURCE_DIR "/README.md"}, {path("*1.png")}}};
  EXPECT_THAT(read(spec), ElementsAre("p2.png", "none.png!", "README.md!", "p1.png"));
}

TEST_F(SourceTest, TakesEachNthAndGoesRound) {
  EXPECT_THAT(read({.pictures = {{folder_.string()}}, .every = 2, .loop = 2}),
              ElementsAre("p1.png", "p10.png", "p1.png", "p10.png"));
  EXPECT_EQ(read({.pictures = {{folder_.string()}}, .loop = 0}, 20).size(), 20U);
}

TEST_F(SourceTest, KnowsHowManyThereWillBe) {
  EXPECT_EQ((*open_source({.pictures = {{folder_.string()}}, .every = 2, .loop = 3}))->expected(),
            6);
  EXPECT_EQ((*open_source({.pictures = {{folder_.string()}}, .loop = 0}))->expected(), 0);
}

TEST_F(SourceTest, SaysThatAVideoIsNotThere) {
  const auto source = open_source({.video = {path("none.mp4")}});
  ASSERT_FALSE(source);
  EXPECT_THAT(source.error().to_string(), HasSubstr("none.mp4"));
}

TEST_F(SourceTest, ReadsAVideoWithItsTimes) {
  const std::string video = WEIR_SOURCE_DIR "/../shared/assets/videos/vtest.avi";
  if (!fs::exists(video)) GTEST_SKIP() << "no " << video;
  auto source = open_source({.video = {video}, .end = 1, .every = 3, .loop = 2});
  ASSERT_TRUE(source) << source.error().to_string();
  std::vector<int64_t> numbers;
  double last_ms = -1;
  while (const auto input = (*source)->next()) {
    EXPECT_FALSE(input->error);
    EXPECT_GT(input->time_ms, last_ms);
    last_ms = input->time_ms;
    numbers.push_back(input->number);
  }
  EXPECT_THAT(numbers, ElementsAre(0, 3, 6, 9, 12, 15, 18));
}

TEST(SourceSpec, SaysWhatIsWrong) {
  const std::pair<const char*, const char*> rows[] = {
      {"{every: 2}",
       "s.yaml:1:1: 'sources.x' does not say what to read; write one of video, pictures, sequence, "
       "scene, such as 'video: file.mp4'"},
      {"{video: a.mp4, pictures: b}",
       "s.yaml:1:2: 'sources.x' cannot be both video and pictures; make two sources"},
      {"{pictures: b, scene: {}}",
       "s.yaml:1:2: 'sources.x' cannot be both pictures and scene; make two sources"},
      {"{video: a.mp4, start: 5, end: 2}",
       "s.yaml:1:26: 'sources.x' ends before it starts; both are seconds of its time"},
      {"{pictures: b, start: 5}",
       "s.yaml:1:15: 'sources.x' has 'start', which is of a video or a scene; leave it out"},
      {"{video: a.mp4, first: 5}",
       "s.yaml:1:16: 'sources.x' has 'first', which is of a sequence; leave it out"},
      {"{scene: {}, rate: 5}",
       "s.yaml:1:13: 'sources.x' has 'rate', which is of pictures or a sequence; leave it out"},
      {"{pictures: b, threads: 2}",
       "s.yaml:1:15: 'sources.x' has 'threads', which is of a video; leave it out"},
      {"{pictures: b, fps: 5}",
       "s.yaml:1:15: 'sources.x' has no times to thin out by; say with 'rate: 25' how many "
       "pictures "
       "are a second, or take 'every: 5'"},
      {"{video: a.mp4, fps: 5, every: 2}",
       "s.yaml:1:24: 'sources.x' has both 'fps' and 'every'; one of them says which frames are "
       "taken"}};
  for (const auto& [yaml, message] : rows) {
    const auto node = config::load_text(yaml, "s.yaml");
    const auto spec = config::read<SourceSpec>(*node, "sources.x");
    ASSERT_FALSE(spec) << yaml;
    EXPECT_EQ(spec.error().to_string(), message);
  }
}

}  // namespace
}  // namespace weir
