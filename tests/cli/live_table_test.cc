#include "apps/cli/pipeline/live_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "apps/cli/pipeline/detection_count.h"
#include "apps/cli/text.h"
#include "weir/config/load.h"

namespace weir::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

LiveWindow window_of(int stages) {
  LiveWindow window;
  window.progress = {.ended = 250, .expected = 1000, .seconds = 5};
  window.per_second = 50;
  window.stats.to_ns = 2'000'000'000;
  flow::StreamStats stream;
  stream.name = "street";
  stream.window.offered = 120;
  stream.window.by_outcome[static_cast<int>(Outcome::kDone)] = 100;
  stream.total.by_outcome[static_cast<int>(Outcome::kDone)] = 250;
  stream.total.by_outcome[static_cast<int>(Outcome::kSkipped)] = 3;
  stream.total.dropped_at_source = 17;
  stream.delay_from_admission.p50_ns = 48'000'000;
  stream.delay_from_admission.p95_ns = 62'000'000;
  window.stats.streams = {stream};
  window.detections = {{"street", 12.5}};
  for (int i = 0; i < stages; ++i) {
    flow::StageStats stage;
    stage.name = "stage" + std::to_string(i);
    stage.busy_mean = i * 0.1;
    stage.full_share = 0.25;
    stage.ended = 100;
    stage.service.p50_ns = 9'000'000;
    window.stats.stages.push_back(stage);
  }
  return window;
}

Terminal eighty() {
  Terminal terminal;
  terminal.is_terminal = true;
  terminal.width = 100;
  return terminal;
}

TEST(LiveTable, SaysHowFarItIsAndHowLongItTakes) {
  EXPECT_EQ(progress_line(window_of(0)),
            "run  [######..................]  25 %  250/1,000  50.0/s  15 s left");
  LiveWindow endless = window_of(0);
  endless.progress.expected = 0;
  EXPECT_EQ(progress_line(endless), "run  250  50.0/s");
}

TEST(LiveTable, HasARowForEachStreamAndStage) {
  const auto lines = live_lines(window_of(2), eighty(), 40);
  ASSERT_EQ(lines.size(), 7U);
  EXPECT_THAT(lines[1], HasSubstr("in/s"));
  EXPECT_THAT(lines[2],
              testing::ContainsRegex("street +60.0 +50.0 +12.5 +250 +3 +17 +0 +48.0 ms +62.0 ms"));
  EXPECT_THAT(lines[5], testing::ContainsRegex("stage1 +25 % +0.10 +50.0 +9.00 ms"));
}

TEST(LiveTable, ShowsTheBusiestStagesWhereThereIsNoRoomAndNeverMoreThanFits) {
  for (std::size_t rows = 2; rows < 30; ++rows) {
    const auto lines = live_lines(window_of(30), eighty(), rows);
    EXPECT_LE(lines.size(), rows - 1);
    for (const std::string& line : lines) EXPECT_LT(display_width(line), 100U);
  }
  const auto lines = live_lines(window_of(30), eighty(), 12);
  EXPECT_THAT(lines, testing::Contains(HasSubstr("stage29")));
  EXPECT_THAT(lines, testing::Not(testing::Contains(HasSubstr("stage0 "))));
}

TEST(DetectionCount, CountsTheFramesThatAModelLookedAt) {
  const auto root = config::load_text(
      "models: {m: {use: yunet}}\nsteps: {a: {model: m, every: 4}, b: {model: m, on: a}}\n", "p");
  const PipelineSpec spec = read_pipeline_spec(*root).value();
  DetectionCount count(spec);
  for (int i = 0; i < 10; ++i) {
    Task task{.stream = "s", .seq = i};
    task.todo = StepSet::all();
    count.see(task);
    task.stream = "only b";
    task.todo = StepSet::of(1);
    count.see(task);
  }
  EXPECT_EQ(count.of("s"), 3U);
  EXPECT_EQ(count.of("only b"), 0U);
  EXPECT_EQ(count.of("other"), 0U);
}

}  // namespace
}  // namespace weir::cli
