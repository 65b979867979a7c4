// A sink whose path has {source}: each stream has files of its own, which are complete as soon as
// the stream has ended, whatever the others do.
#include <nlohmann/json.hpp>

#include "tests/sink/support.h"
#include "weir/media/video_reader.h"
#include "weir/sink/sink.h"

namespace weir {
namespace {

using testing::files_below;
using testing::street_task;
using testing::text_of_file;

struct PathOfStream {
  SinkFormat format;
  std::string SinkSpec::*key;
  const char* path;
  std::vector<std::string> gate;         // its files, after two frames
  std::vector<std::string> of_all = {};  // beside those of the streams
};

void PrintTo(const PathOfStream& row, std::ostream* out) {
  *out << row.path;
}

const PathOfStream kPaths[] = {
    {SinkFormat::kJsonl, &SinkSpec::jsonl, "{source}.jsonl", {"gate.jsonl"}},
    {SinkFormat::kCsv, &SinkSpec::csv, "{source}/rows.csv", {"gate/rows.csv"}},
    {SinkFormat::kMot, &SinkSpec::mot, "{source}.txt", {"gate.txt"}},
    {SinkFormat::kCoco, &SinkSpec::coco, "{source}.json", {"gate.json"}},
    {SinkFormat::kYolo,
     &SinkSpec::yolo,
     "{source}/{seq}.txt",
     {"gate/000000.txt", "gate/000001.txt"},
     {"classes.txt"}},
    {SinkFormat::kPictures,
     &SinkSpec::pictures,
     "{source}/{seq}.jpg",
     {"gate/000000.jpg", "gate/000001.jpg"}},
    {SinkFormat::kCrops,
     &SinkSpec::crops,
     "{source}/{seq}_{id}.png",
     {"gate/000000_0.png", "gate/000000_1.png", "gate/000000_2.png", "gate/000000_3.png",
      "gate/000001_0.png", "gate/000001_1.png", "gate/000001_2.png", "gate/000001_3.png"}},
    {SinkFormat::kVideo, &SinkSpec::video, "{source}.mp4", {"gate.mp4"}},
};

class PerStream : public testing::SinkTest, public ::testing::WithParamInterface<PathOfStream> {
 protected:
  std::vector<std::string> files_of(const std::string& stream) const {
    std::vector<std::string> files;
    for (const std::string& file : files_below(at(""))) {
      if (file.starts_with(stream)) files.push_back(file);
    }
    return files;
  }
  // Whether this process has a file open whose path begins so.
  bool is_open(const std::string& stream) const {
    for (const auto& entry : testing::fs::directory_iterator("/proc/self/fd")) {
      std::error_code gone;  // that of the folder itself
      const std::string file = testing::fs::read_symlink(entry.path(), gone).string();
      if (file.starts_with(at(stream))) return true;
    }
    return false;
  }
  std::vector<std::string> texts_of(const std::vector<std::string>& files) const {
    std::vector<std::string> texts;
    for (const std::string& file : files) texts.push_back(text_of_file(at(file)));
    return texts;
  }
};

TEST_P(PerStream, HasItsOwnFilesThatAreCompleteOnceItHasEnded) {
  SinkSpec spec;
  spec.*GetParam().key = at(GetParam().path);
  auto sink = open_sink(spec).value();
  for (int64_t seq = 0; seq < 2; ++seq) {
    ASSERT_TRUE(sink->write(street_task("gate", seq)));
    ASSERT_TRUE(sink->write(street_task("yard", seq)));
  }
  ASSERT_TRUE(sink->finish_stream("gate"));
  EXPECT_FALSE(is_open("gate"));
  EXPECT_EQ(files_of("gate"), GetParam().gate);
  const std::vector<std::string> complete = texts_of(GetParam().gate);
  for (const std::string& text : complete) EXPECT_FALSE(text.empty());
  ASSERT_TRUE(sink->write(street_task("yard", 2)));
  ASSERT_TRUE(sink->finish_stream("yard"));
  ASSERT_TRUE(sink->finish());
  EXPECT_EQ(texts_of(GetParam().gate), complete) << "nobody touched them any more";
  EXPECT_GE(files_of("yard").size(), files_of("gate").size());
  EXPECT_EQ(files_below(at("")).size(),
            files_of("yard").size() + files_of("gate").size() + GetParam().of_all.size());
  for (const std::string& file : GetParam().of_all) EXPECT_TRUE(testing::fs::exists(at(file)));
}

INSTANTIATE_TEST_SUITE_P(All, PerStream, ::testing::ValuesIn(kPaths),
                         [](const auto& row) { return std::string(name(row.param.format)); });

using CocoPerStream = testing::SinkTest;

nlohmann::json json_of(const std::string& path) {
  return nlohmann::json::parse(text_of_file(path));
}

// Each file is whole by itself: its numbers begin anew, its categories are those of all.
TEST_F(CocoPerStream, EachFileStandsForItself) {
  auto sink = open_sink({.coco = at("out/{source}.json")}).value();
  EXPECT_TRUE(files_below(at("")).empty()) << "nobody has said anything yet";
  ASSERT_TRUE(sink->write(street_task("gate", 0)));
  ASSERT_TRUE(sink->write(street_task("yard", 0)));
  ASSERT_TRUE(sink->write(street_task("gate", 1)));
  ASSERT_TRUE(sink->finish_stream("nobody"));
  ASSERT_TRUE(sink->finish());
  ASSERT_TRUE(sink->finish());
  EXPECT_EQ(files_below(at("out")), (std::vector<std::string>{"gate.json", "yard.json"}));
  const nlohmann::json gate = json_of(at("out/gate.json"));
  const nlohmann::json yard = json_of(at("out/yard.json"));
  EXPECT_EQ(gate["images"].size(), 2U);
  EXPECT_EQ(gate["annotations"].size(), 8U);
  EXPECT_EQ(yard["images"][0]["id"], 1);
  EXPECT_EQ(yard["images"][0]["stream"], "yard");
  EXPECT_EQ(yard["annotations"].size(), 4U);
  EXPECT_EQ(yard["annotations"][0]["id"], 1);
  EXPECT_EQ(gate["categories"], yard["categories"]);
}

TEST_F(CocoPerStream, TwoNamesThatAreOnePathAreRefused) {
  auto sink = open_sink({.coco = at("{source}.json")}).value();
  ASSERT_TRUE(sink->write(street_task("a/b", 0)));
  const Status second = sink->write(street_task("a_b", 0));
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().message, "the streams 'a/b' and 'a_b' have one file");
  ASSERT_TRUE(sink->finish());
  EXPECT_EQ(json_of(at("a_b.json"))["images"].size(), 1U);
}

}  // namespace
}  // namespace weir
