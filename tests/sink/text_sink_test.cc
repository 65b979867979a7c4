#include <sys/wait.h>

#include <csignal>
#include <limits>

#include "tests/sink/support.h"
#include "weir/data/finding_json.h"
#include "weir/sink/sink.h"

namespace weir {
namespace {

using testing::files_below;
using testing::has_python;
using testing::python;
using testing::street_task;
using testing::text_of_file;
using TextSinkTest = testing::SinkTest;

TEST_F(TextSinkTest, JsonLinesAreReadBackAsTheyWere) {
  auto sink = open_sink({.jsonl = at("deep/er/results.jsonl")}).value();
  for (int64_t seq = 0; seq < 3; ++seq) ASSERT_TRUE(sink->write(street_task("gate", seq)));
  ASSERT_TRUE(sink->finish());
  ASSERT_TRUE(sink->finish());
  const auto tasks = read_task_lines(text_of_file(at("deep/er/results.jsonl")), "x").value();
  ASSERT_EQ(tasks.size(), 3U);
  EXPECT_EQ(tasks[2].seq, 2);
  EXPECT_EQ(tasks[2].findings[3].text, "A \"B\",\r\n東");
}

TEST_F(TextSinkTest, EachStreamMayHaveAFileOfItsOwn) {
  auto sink = open_sink({.jsonl = at("{source}.jsonl")}).value();
  for (const char* stream : {"gate", "yard", "a/../b", ".."}) {
    ASSERT_TRUE(sink->write(street_task(stream, 0)));
  }
  ASSERT_TRUE(sink->finish_stream("gate"));
  ASSERT_TRUE(sink->write(street_task("gate", 1)));
  ASSERT_TRUE(sink->finish());
  EXPECT_EQ(files_below(at("")),
            (std::vector<std::string>{"_.jsonl", "a_.._b.jsonl", "gate.jsonl", "yard.jsonl"}));
  EXPECT_EQ(read_task_lines(text_of_file(at("gate.jsonl")), "x").value().size(), 2U);
}

TEST_F(TextSinkTest, OfSomeStepsOnly) {
  auto sink = open_sink({.jsonl = at("r.jsonl"), .steps = {"faces"}}).value();
  ASSERT_TRUE(sink->write(street_task("gate", 0)));
  const auto tasks = read_task_lines(text_of_file(at("r.jsonl")), "x").value();
  ASSERT_EQ(tasks[0].findings.size(), 1U);
  EXPECT_EQ(tasks[0].step_name(tasks[0].findings[0]), "faces");
}

// The child writes without end until it is killed; what it left is whole lines.
TEST_F(TextSinkTest, WhatAKilledProcessLeavesIsWholeLines) {
  const std::string path = at("killed.jsonl");
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    auto sink = open_sink({.jsonl = path}).value();
    for (int64_t seq = 0;; ++seq) {
      if (!sink->write(street_task("gate", seq))) std::_Exit(1);
      if (seq == 500) (void)!::write(ready[1], "x", 1);
    }
  }
  char got = 0;
  ASSERT_EQ(::read(ready[0], &got, 1), 1);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  ::close(ready[0]);
  ::close(ready[1]);
  std::string text = text_of_file(path);
  text.resize(text.rfind('\n') + 1);
  const auto tasks = read_task_lines(text, "x");
  ASSERT_TRUE(tasks) << tasks.error().to_string();
  EXPECT_GT(tasks->size(), 500U);
}

TEST_F(TextSinkTest, CsvIsReadByPythonAsItWas) {
  if (!has_python()) GTEST_SKIP() << "no python3";
  auto sink = open_sink({.csv = at("r.csv")}).value();
  ASSERT_TRUE(sink->write(street_task("gate, north", 0)));
  Task nothing = street_task("gate", 1);
  nothing.findings.clear();
  nothing.fail(Error(ErrorCode::kCorrupt, "damaged"));
  ASSERT_TRUE(sink->write(nothing));
  ASSERT_TRUE(sink->finish());
  EXPECT_EQ(python("import csv\n"
                   "rows = list(csv.DictReader(open('" +
                   at("r.csv") +
                   "', newline='', encoding='utf8'), strict=True))\n"
                   "print(len(rows), rows[0]['stream'], rows[1]['label'], rows[2]['x2'])\n"
                   "print(ascii(rows[3]['text']), rows[3]['label'] == '', rows[3]['x1'])\n"
                   "print(rows[4]['outcome'], rows[4]['id'] == '', None in rows[4])"),
            "5 gate, north face 180.5\n"
            "'A \"B\",\\r\\n\\u6771' True -10\n"
            "failed True False\n");
}

TEST_F(TextSinkTest, CsvHasOnlyNumbersThatAreAny) {
  auto sink = open_sink({.csv = at("r.csv")}).value();
  Task task{.stream = "a", .time_ms = std::numeric_limits<double>::quiet_NaN()};
  const float nan = std::numeric_limits<float>::quiet_NaN();
  task.add({.box = Box{1, nan, 2, 3}, .best = ClassScore{-1, nan}, .text = "\xFF"});
  ASSERT_TRUE(sink->write(task));
  const std::string text = text_of_file(at("r.csv"));
  EXPECT_EQ(text.substr(text.find('\n') + 1), "a,0,,done,0,,,,,,,,,,,\xEF\xBF\xBD,\r\n");
}

TEST_F(TextSinkTest, MotHasEachTrackOnceAFrame) {
  auto sink = open_sink({.mot = at("{source}.txt")}).value();
  ASSERT_TRUE(sink->write(street_task("gate", 0)));
  ASSERT_TRUE(sink->write(street_task("gate", 1)));
  EXPECT_EQ(text_of_file(at("gate.txt")),
            "1,7,10,20,40,70,0.75,-1,-1,-1\n1,9,100,50,80.5,30,0.25,-1,-1,-1\n"
            "2,7,10,20,40,70,0.75,-1,-1,-1\n2,9,100,50,80.5,30,0.25,-1,-1,-1\n");
}

TEST_F(TextSinkTest, MotTakesOneStreamAFile) {
  auto sink = open_sink({.mot = at("tracks.txt")}).value();
  ASSERT_TRUE(sink->write(street_task("gate", 0)));
  const Status second = sink->write(street_task("yard", 0));
  ASSERT_FALSE(second);
  EXPECT_NE(second.error().hint.find("{source}"), std::string::npos);
}

TEST_F(TextSinkTest, SaysWhatIsWrong) {
  EXPECT_EQ(open_sink({}).error().hint,
            "give one path: jsonl, csv, mot, coco, yolo, pictures, crops, video");
  EXPECT_NE(open_sink({.jsonl = "a", .csv = "b"}).error().message.find("not both"),
            std::string::npos);
  EXPECT_NE(open_sink({.jsonl = at("{seq}.jsonl")}).error().message.find("{seq}"),
            std::string::npos);
  EXPECT_FALSE(open_sink({.jsonl = at("{source.jsonl")}));
  EXPECT_FALSE(open_sink({.jsonl = at("a}.jsonl")}));
  std::ofstream(at("file")) << "x";
  const auto below_a_file = open_sink({.jsonl = at("file/r.jsonl")});
  EXPECT_EQ(below_a_file.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(open_sink({.csv = at("")}).error().code, ErrorCode::kUnavailable);
}

TEST_F(TextSinkTest, AFolderThatMayNotBeWritten) {
  std::filesystem::create_directory(at("locked"));
  std::filesystem::permissions(at(""), std::filesystem::perms(0755));
  std::filesystem::permissions(at("locked"), std::filesystem::perms(0555));
  // Root may write everywhere, so it is nobody for a moment.
  const uid_t self = ::geteuid();
  if (self == 0 && ::seteuid(65534) != 0) GTEST_SKIP() << "root cannot be nobody here";
  const auto lines = open_sink({.jsonl = at("locked/r.jsonl")});
  const auto deeper = open_sink({.csv = at("locked/deeper/r.csv")});
  auto crops = open_sink({.crops = at("locked/crops")});
  const Status crop = crops ? (*crops)->write(street_task("gate", 0)) : Status(crops.error());
  auto video = open_sink({.video = at("locked/a.mp4")});
  const Status frame = video ? (*video)->write(street_task("gate", 0)) : Status(video.error());
  ASSERT_EQ(::seteuid(self), 0);
  ASSERT_FALSE(lines);
  EXPECT_EQ(lines.error().hint, "name a folder that you may write to");
  for (const Error& error : {lines.error(), deeper.error(), crop.error(), frame.error()}) {
    EXPECT_EQ(error.code, ErrorCode::kUnavailable) << error.to_string();
    EXPECT_NE(error.to_string().find(at("locked")), std::string::npos) << error.to_string();
    EXPECT_NE(error.message.find("ermission denied"), std::string::npos) << error.to_string();
  }
}

TEST(SinkSpec, IsReadFromItsNode) {
  const auto node = config::Node::map(
      {{"video", config::Node::string("out/{source}.mp4"), {}},
       {"steps", config::Node::string("faces"), {}},
       {"draw", config::Node::map({{"trail", config::Node::plain("5"), {}}}), {}}});
  const SinkSpec spec = config::read<SinkSpec>(node, "sinks[0]").value();
  EXPECT_EQ(spec.format().value(), SinkFormat::kVideo);
  EXPECT_EQ(spec.steps, std::vector<std::string>{"faces"});
  EXPECT_EQ(spec.draw.trail, 5);
  const auto wrong = config::read<SinkSpec>(config::Node::map({}), "sinks[0]");
  EXPECT_EQ(wrong.error().message, "'sinks[0]': a sink needs a format and a path");
}

}  // namespace
}  // namespace weir
