#include "apps/cli/report/run_page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "apps/cli/report/charts.h"
#include "apps/cli/report/frame_picker.h"
#include "apps/cli/report/run_recorder.h"

namespace weir::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

flow::StreamStats street() {
  flow::StreamStats stream;
  stream.name = "street";
  stream.window.offered = stream.window.admitted = 100;
  stream.window.by_outcome[static_cast<int>(Outcome::kDone)] = 100;
  stream.total = stream.window;
  stream.delays = {{10'000'000, 11'000'000, 60}, {40'000'000, 42'000'000, 40}};
  stream.delay_from_admission = {100, 2e7, 10'500'000, 41'000'000, 41'000'000, 41'000'000};
  return stream;
}

RunRecord record() {
  RunRecord record;
  record.title = "a <street>";
  record.workers = 2;
  record.stages = {"begin", "objects"};
  for (int i = 0; i < 4; ++i) {
    RunSample sample;
    sample.from_s = i;
    sample.to_s = i + 1;
    sample.busy = {0.1, 1.5};
    sample.per_second = {{"street", 25.0}};
    record.samples.push_back(sample);
  }
  record.config = "steps: {a: '</pre>'}";
  record.shots.push_back({{1, 2, 3}, 10, 20, "street, 1.0 s", "street, 1.0 s", {"objects: 2 Car"}});
  record.report.stats.to_ns = 4'000'000'000;
  record.report.stats.streams = {street()};
  record.report.stats.stages.resize(1);
  record.report.stats.stages[0].name = "objects";
  record.report.stats.stages[0].ended = 100;
  record.report.verdict.words = "the CPU is full";
  SinkReport sink;
  sink.name = "jsonl out.jsonl";
  sink.written = 99;
  sink.dropped = 2;
  sink.failed = 1;
  sink.first_error = Error(ErrorCode::kUnavailable, "full");
  record.report.sinks.push_back(sink);
  return record;
}

TEST(RunPage, ShowsFramesFiguresChartsAndVerdict) {
  const std::string page = run_page(record());
  for (const char* part : {"The CPU is full.", "objects: 2 Car", "data:image/jpeg;base64,AQID",
                           "Occupancy", "Delay of street", "median 10.5 ms",
                           "99 written, 2 dropped, 1 failed", "jsonl out.jsonl: full"}) {
    EXPECT_THAT(page, HasSubstr(part));
  }
}

TEST(RunPage, EscapesAndNeedsNothingFromOutside) {
  const std::string page = run_page(record());
  EXPECT_THAT(page, HasSubstr("a &lt;street&gt;"));
  EXPECT_THAT(page, Not(HasSubstr("'</pre>'")));
  for (const char* outside :
       {"http:", "https:", "<script", "@import", "url(", "<link rel=\"style"}) {
    EXPECT_THAT(page, Not(HasSubstr(outside)));
  }
}

TEST(RunPage, IsMadeOfARunThatDidNothing) {
  EXPECT_THAT(run_page(RunRecord()), HasSubstr("</html>"));
}

TEST(DelayChart, SharesBucketsOutOverBarsOfOneWidth) {
  const std::string svg = delay_chart(street());
  EXPECT_THAT(svg, HasSubstr("<rect class=\"c0\""));
  EXPECT_THAT(svg, HasSubstr("95 % below 41.0 ms"));
  EXPECT_THAT(delay_chart({}), HasSubstr("</svg>"));
}

// Frame `seq`, with that many findings of as many steps.
Task frame(int64_t seq, int findings, const std::string& stream = "s") {
  Task task{.stream = stream, .seq = seq};
  task.input = Image::allocate(PixelFormat::kGrey, 2, 2).value();
  for (int i = 0; i < findings; ++i) task.add({.step = i});
  return task;
}

std::vector<int64_t> numbers(const std::vector<Task>& tasks) {
  std::vector<int64_t> list;
  for (const Task& task : tasks) list.push_back(task.seq);
  return list;
}

TEST(FramePicker, TakesTheRichestFramesSpreadOverTheStream) {
  FramePicker picker(3);
  for (int i = 0; i < 300; ++i) picker.see(frame(i, i % 100 == 50 ? 5 : 1));
  EXPECT_THAT(numbers(picker.take()), testing::ElementsAre(50, 150, 250));
}

TEST(FramePicker, GivesAllOfAFewAndKeepsStreamsApart) {
  FramePicker picker(3);
  for (int i = 0; i < 2; ++i) {
    picker.see(frame(i, 1, "a"));
    picker.see(frame(i, 1, "b"));
  }
  Task failed = frame(2, 9, "a");
  failed.fail({ErrorCode::kInternal, "no"});
  picker.see(failed);
  EXPECT_THAT(numbers(picker.take()), testing::ElementsAre(0, 1, 0, 1));
}

TEST(FoundIn, CountsLabelsByStepAndSaysWhatWasRead) {
  auto labels = std::make_shared<const LabelSet>(std::vector<std::string>{"Car", "Person"});
  Task task;
  task.steps = std::make_shared<const StepTable>(
      std::vector<StepEntry>{{"objects", labels}, {"words", nullptr}});
  task.add({.step = 0, .best = ClassScore{0, 0.9F}});
  task.add({.step = 0, .best = ClassScore{1, 0.9F}});
  task.add({.step = 0, .best = ClassScore{0, 0.9F}});
  task.add({.step = 1, .text = "EXIT"});
  EXPECT_THAT(found_in(task),
              testing::ElementsAre("objects: 2 Car, 1 Person", "words: 1", "“EXIT”"));
}

}  // namespace
}  // namespace weir::cli
