// A disk that is full: a small tmpfs, which only root can mount.
#include <sys/mount.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "tests/sink/support.h"
#include "weir/data/finding_json.h"
#include "weir/media/picture.h"
#include "weir/sink/sink.h"

namespace weir {
namespace {

using testing::street_task;
using testing::text_of_file;
using CocoOnTwoDisks = testing::SinkTest;

class FullDisk : public testing::SinkTest {
 protected:
  void SetUp() override {
    testing::fs::create_directory(at("disk"));
    mounted_ = ::mount("tmpfs", at("disk").c_str(), "tmpfs", 0, "size=64k") == 0;
    if (!mounted_) GTEST_SKIP() << "a tmpfs cannot be mounted here";
  }
  void TearDown() override {
    if (mounted_) ::umount2(at("disk").c_str(), MNT_DETACH);
  }

 private:
  bool mounted_ = false;
};

TEST_F(FullDisk, LinesStayWholeAndTheErrorSaysWhy) {
  auto sink = open_sink({.jsonl = at("disk/r.jsonl")}).value();
  Status written;
  int64_t count = 0;
  while ((written = sink->write(street_task("gate", count)))) {
    ASSERT_LT(++count, 10000);
  }
  EXPECT_EQ(written.error().code, ErrorCode::kExhausted);
  EXPECT_NE(written.error().message.find("No space left"), std::string::npos);
  EXPECT_EQ(written.error().where, at("disk/r.jsonl"));
  EXPECT_FALSE(sink->write(street_task("gate", count)));
  const auto tasks = read_task_lines(text_of_file(at("disk/r.jsonl")), "x");
  ASSERT_TRUE(tasks);
  EXPECT_EQ(static_cast<int64_t>(tasks->size()), count);
}

// What is on the disk of each format once `written` tasks of street_task() are, told as a count
// that grows with each.
struct OnFullDisk {
  SinkFormat format;
  std::string SinkSpec::*key;
  const char* path;
  std::size_t each;  // of a task
  std::size_t (*count)(const std::string& path);
};

void PrintTo(const OnFullDisk& row, std::ostream* out) {
  *out << name(row.format);
}

std::size_t lines_of(const std::string& path) {
  const std::string text = text_of_file(path);
  EXPECT_TRUE(text.empty() || text.back() == '\n') << "half a line";
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

// Each text in a row has a line break of its own; and there is the head.
std::size_t csv_lines(const std::string& path) {
  return lines_of(path) - 1;
}

std::size_t images_and_annotations(const std::string& path) {
  const auto coco = nlohmann::json::parse(text_of_file(path));
  const std::size_t images = coco["images"].size();
  for (const auto& annotation : coco["annotations"]) {
    EXPECT_LE(annotation["image_id"].get<std::size_t>(), images);
  }
  return images + coco["annotations"].size();
}

std::size_t label_files(const std::string& folder) {
  std::size_t files = 0;
  for (const std::string& file : testing::files_below(folder)) {
    EXPECT_TRUE(file.ends_with(".txt")) << file;
    if (file != "classes.txt") ++files;
  }
  return files;
}

std::size_t readable_pictures(const std::string& folder) {
  std::size_t pictures = 0;
  for (const std::string& file : testing::files_below(folder)) {
    const auto picture = read_picture(folder + "/" + file);
    EXPECT_TRUE(picture) << picture.error().to_string();
    ++pictures;
  }
  return pictures;
}

const OnFullDisk kFormats[] = {
    {SinkFormat::kJsonl, &SinkSpec::jsonl, "disk/r.jsonl", 1, lines_of},
    {SinkFormat::kCsv, &SinkSpec::csv, "disk/r.csv", 5, csv_lines},
    {SinkFormat::kMot, &SinkSpec::mot, "disk/r.txt", 2, lines_of},
    {SinkFormat::kCoco, &SinkSpec::coco, "disk/c.json", 5, images_and_annotations},
    {SinkFormat::kYolo, &SinkSpec::yolo, "disk/y", 1, label_files},
    {SinkFormat::kPictures, &SinkSpec::pictures, "disk/p", 1, readable_pictures},
    {SinkFormat::kCrops, &SinkSpec::crops, "disk/c", 4, readable_pictures},
};

class FormatOnFullDisk : public FullDisk, public ::testing::WithParamInterface<OnFullDisk> {
 protected:
  // Leaves so little that every format comes to the end of it.
  void fill() const { std::ofstream(at("disk/filler")) << std::string(40'000, 'x'); }
  void make_room() const {
    testing::fs::remove(at("disk/filler"));
    const std::string options = "size=4m";
    ASSERT_EQ(::mount(nullptr, at("disk").c_str(), nullptr, MS_REMOUNT, options.c_str()), 0);
  }
};

TEST_P(FormatOnFullDisk, NamesTheFileKeepsWhatIsThereAndGoesOnWhenThereIsRoom) {
  SinkSpec spec;
  spec.*GetParam().key = at(GetParam().path);
  auto sink = open_sink(spec).value();
  fill();
  std::size_t written = 0;
  Status last;
  for (int64_t seq = 0; last && seq < 3000; ++seq) {
    last = sink->write(street_task("gate", seq));
    written += last ? 1 : 0;
  }
  ASSERT_FALSE(last);
  EXPECT_EQ(last.error().code, ErrorCode::kExhausted);
  EXPECT_EQ(last.error().where.find(at(GetParam().path)), 0U) << last.error().where;
  EXPECT_EQ(last.error().message, "the file cannot be written: No space left on device");
  EXPECT_EQ(last.error().hint, "make room, or write elsewhere");
  EXPECT_GT(written, 0U);
  make_room();
  for (int64_t seq = 3000; seq < 3003; ++seq, ++written) {
    const Status after = sink->write(street_task("gate", seq));
    ASSERT_TRUE(after) << after.error().to_string();
  }
  const Status finished = sink->finish();
  ASSERT_TRUE(finished) << finished.error().to_string();
  EXPECT_EQ(GetParam().count(at(GetParam().path)), written * GetParam().each);
}

INSTANTIATE_TEST_SUITE_P(All, FormatOnFullDisk, ::testing::ValuesIn(kFormats),
                         [](const auto& row) { return std::string(name(row.param.format)); });

// Only one of its two lists is on a disk with room: what cannot be in both is in neither.
TEST_F(CocoOnTwoDisks, AnImageThatIsNotThereHasNoAnnotations) {
  testing::fs::create_symlink("/dev/full", at("c.json.images.part"));
  auto sink = open_sink({.coco = at("c.json")}).value();
  for (int64_t seq = 0; seq < 2; ++seq) {
    const Status written = sink->write(street_task("gate", seq));
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().code, ErrorCode::kExhausted);
    EXPECT_EQ(text_of_file(at("c.json.annotations.part")), "");
  }
}

// It is put together where there is no room for it: that is told, both parts stay, and it may be
// tried again.
TEST_F(FullDisk, ACocoFileThatCannotBePutTogetherKeepsItsParts) {
  auto sink = open_sink({.coco = at("disk/c.json")}).value();
  Status written;
  for (int64_t seq = 0; written && seq < 3000; ++seq) written = sink->write(street_task("g", seq));
  const Status finished = sink->finish();
  ASSERT_FALSE(finished);
  EXPECT_EQ(finished.error().code, ErrorCode::kExhausted);
  EXPECT_EQ(testing::files_below(at("disk")),
            (std::vector<std::string>{"c.json.annotations.part", "c.json.images.part"}));
  ASSERT_EQ(::mount(nullptr, at("disk").c_str(), nullptr, MS_REMOUNT, "size=4m"), 0);
  ASSERT_TRUE(sink->finish());
  EXPECT_EQ(testing::files_below(at("disk")), std::vector<std::string>{"c.json"});
}

}  // namespace
}  // namespace weir
