#include "weir/data/finding_json.h"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "tests/data/random_task.h"
#include "weir/base/json_text.h"
#include "weir/data/finding_compare.h"

namespace weir {
namespace {

std::string to_json(const Task& task, bool embeddings = true) {
  std::string out;
  append_task_json(out, task, {.embeddings = embeddings});
  return out;
}

Task street() {
  Task task{.stream = "gate", .seq = 12, .time_ms = 480};
  const auto people = std::make_shared<const LabelSet>(std::vector<std::string>{"?", "Person"});
  const auto faces = std::make_shared<const LabelSet>(std::vector<std::string>{"face"});
  task.steps = std::make_shared<const StepTable>(
      std::vector<StepEntry>{{"objects", people}, {"faces", faces}});
  task.add(
      {.step = 0, .box = Box{412.5F, 96, 508.25F, 377}, .best = ClassScore{1, 0.93F}, .track = 7});
  task.add({.parent = 0,
            .step = 1,
            .box = Box{440, 104, 482, 158},
            .best = ClassScore{0, 0.99F},
            .keypoints = {{450, 125, 1}, {471, 124, 1}},
            .reused_from = 10});
  return task;
}

// The first fenced block of that language in a page.
std::string example(const std::string& page, const std::string& language) {
  std::ifstream file(page);
  const std::string text((std::istreambuf_iterator<char>(file)), {});
  const std::string fence = "```" + language + "\n";
  const std::size_t start = text.find(fence);
  if (start == std::string::npos) return {};
  const std::size_t from = start + fence.size();
  return text.substr(from, text.find("\n```", from) - from);
}

TEST(FindingJson, WritesTheExampleOfItsPageAndReadsItBack) {
  const std::string line = example(WEIR_SOURCE_DIR "/docs/finding.md", "json");
  EXPECT_EQ(to_json(street()), line);
  const Result<Task> task = read_task_json(line);
  ASSERT_TRUE(task) << task.error().to_string();
  EXPECT_EQ(first_difference(street(), *task), std::nullopt);
  EXPECT_EQ(task->label_name(task->findings[0], *task->findings[0].best), "Person");
  EXPECT_EQ(task->findings[1].reused_from, 10);
}

TEST(FindingJson, ReadsBackExactlyWhatItWrote) {
  for (unsigned seed = 0; seed < 3000; ++seed) {
    const Task task = RandomTask(seed).make();
    const std::string line = to_json(task);
    ASSERT_EQ(line.find('\n'), std::string::npos);
    const Result<Task> again = read_task_json(line);
    ASSERT_TRUE(again) << again.error().to_string() << "\n" << line;
    const auto difference = first_difference(task, *again);
    ASSERT_FALSE(difference) << *difference << "\n" << line;
    ASSERT_EQ(to_json(*again), line);
  }
}

TEST(FindingJson, IsJsonForAnotherReaderToo) {
  for (unsigned seed = 0; seed < 300; ++seed) {
    ASSERT_TRUE(nlohmann::json::accept(to_json(RandomTask(seed).make())));
  }
}

TEST(FindingJson, NeverWritesANumberThatIsNotFinite) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const float inf = std::numeric_limits<float>::infinity();
  Task task{.stream = "s", .seq = 1, .time_ms = std::nan("")};
  task.add({.box = Box{0, nan, 1, 1},
            .best = ClassScore{0, inf},
            .others = {{1, nan}},
            .keypoints = {{1, 2, nan}},
            .depths = {1},
            .span = TimeSpan{0, HUGE_VAL},
            .embedding = {1, -inf}});
  EXPECT_EQ(to_json(task),
            R"({"v":1,"stream":"s","seq":1,"time_ms":0,"outcome":"done","findings":[{"id":0}]})");
}

TEST(FindingJson, NeverWritesAMaskThatCannotBeRead) {
  Task task{.stream = "s", .seq = 1};
  task.add({.mask = Mask{2, 2, {5}}});
  EXPECT_EQ(to_json(task).find("mask"), std::string::npos);
}

TEST(FindingJson, WritesEmbeddingsOnlyWhenAsked) {
  Task task{.stream = "s", .seq = 1};
  task.add({.embedding = {0.5F, -1}});
  EXPECT_EQ(to_json(task, false).find("embedding"), std::string::npos);
  EXPECT_NE(to_json(task, true).find(R"("embedding":[0.5,-1])"), std::string::npos);
}

TEST(FindingJson, CarriesTheErrorOfATaskThatFailed) {
  Task task{.stream = "yard", .seq = 3};
  task.fail(Error(ErrorCode::kCorrupt, "broken frame", "yard.mp4", "look at the file"));
  const Task again = read_task_json(to_json(task)).value();
  EXPECT_EQ(again.outcome, Outcome::kFailed);
  EXPECT_EQ(again.error, task.error);
}

TEST(FindingJson, SaysWhatIsWrongAndWhere) {
  const std::string head = R"({"v":1,"stream":"s","seq":1,"time_ms":0,"outcome":"done",)";
  struct Row {
    std::string line;
    std::string_view message;
  };
  for (const Row& row : {
           Row{"", "not JSON"},
           Row{"[]", "the line: an object is expected, not a list"},
           Row{R"({"stream":"s"})", "v is missing"},
           Row{R"({"v":2})", "findings of version 2"},
           Row{R"({"v":1,"stream":7})", "stream: a string is expected, not a number"},
           Row{R"({"v":1,"stream":"s","seq":1.5})", "seq: 1.5 is not an integer"},
           Row{R"({"v":1,"stream":"s","seq":-1})", "seq: -1 is below 0"},
           Row{head + R"("x":1})", "findings is missing"},
           Row{head + R"("findings":[3]})", "findings[0]: an object is expected"},
           Row{head + R"("findings":[{},{"box":[1,2,"3",4]}]})",
               "findings[1].box[2]: a number is expected, not a string"},
           Row{head + R"("findings":[{"box":[1,2,3]}]})", "findings[0].box: 4 numbers"},
           Row{head + R"("findings":[{"box":[1,2,3,1e39]}]})", "findings[0].box[3]: 1e39"},
           Row{head + R"("findings":[{"keypoints":[[1,2,1]],"depths":[1,2]}]})",
               "findings[0].depths: 1 numbers are expected, one for each keypoint, not 2"},
           Row{head + R"("findings":[{"depths":[1]}]})", "findings[0].depths: 0 numbers"},
           Row{head + R"("findings":[{"id":3000000000}]})", "not an integer of 32 bits"},
           Row{head + R"("findings":[{"label":"x"}]})", "findings[0].score is missing"},
           Row{head + R"("findings":[{"label":"x","score":1}]})", "a name but no number"},
           Row{head + R"("findings":[{"others":[{"score":null}]}]})",
               "findings[0].others[0].score: a number is expected, not null"},
           Row{head + R"("findings":[{"mask":{"size":[2,2],"counts":"1"}}]})",
               "findings[0].mask: the runs"},
           Row{head + R"("error":{"code":"odd","message":""},"findings":[]})", "error.code: 'odd'"},
           Row{head + R"("findings":[{"text":"\ud800"}]})", "not JSON"},
           Row{std::string(100, '['), "nested deeper"},
       }) {
    const Result<Task> task = read_task_json(row.line);
    ASSERT_FALSE(task) << row.line;
    EXPECT_NE(task.error().message.find(row.message), std::string::npos)
        << task.error().message << " for " << row.line;
  }
}

TEST(FindingJson, IsBoundedInWhatItBuilds) {
  std::string line = R"({"v":1,"new":[0)";
  for (int i = 0; i < 1'100'000; ++i) line += ",0";
  EXPECT_EQ(read_task_json(line + "]}").error().code, ErrorCode::kExhausted);
}

TEST(FindingJson, IgnoresFieldsOfLaterVersions) {
  const Task task = read_task_json(R"({"v":1,"stream":"s","seq":1,"time_ms":0,"outcome":"done",)"
                                   R"("new":{"a":[1]},"findings":[{"depth":3,"text":"x"}]})")
                        .value();
  EXPECT_EQ(task.findings[0].text, "x");
}

TEST(FindingJson, ReadsAFileWithoutItsEvents) {
  const std::string good = to_json(street());
  const auto tasks =
      read_task_lines(good + "\r\n\n{\"event\":\"open\"}\n" + good, "out.jsonl").value();
  EXPECT_EQ(tasks.size(), 2U);
  const auto bad = read_task_lines(good + "\n\n{\"v\":1}", "out.jsonl");
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().to_string(), "out.jsonl:3: stream is missing");
}

}  // namespace
}  // namespace weir
