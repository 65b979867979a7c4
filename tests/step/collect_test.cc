#include "weir/step/collect.h"

#include <gtest/gtest.h>

namespace weir {
namespace {

void give(TaskWork& work, int32_t step, const std::string& text, FindingRef origin) {
  Finding finding{.step = step, .text = text};
  work.at(step).findings.push_back(finding);
  work.at(step).origins.push_back(origin);
}

std::string told(const Task& task) {
  std::string text;
  for (const Finding& finding : task.findings) {
    text += std::to_string(finding.id) + ":" + finding.text;
    if (finding.parent != Finding::kNone) text += "<" + std::to_string(finding.parent);
    text += " ";
  }
  return text;
}

TEST(Collect, NumbersFindingsInTheOrderOfTheSteps) {
  TaskWork work({}, 2, 0);
  give(work, 1, "object", {});
  give(work, 1, "object2", {});
  give(work, 0, "face", {1, 1});
  EXPECT_EQ(told(collect(work, {{1, 0}, {false, false}})), "0:object 1:object2 2:face<1 ");
}

TEST(Collect, LetsATruthStayBesideWhatFollowsIt) {
  TaskWork work({}, 2, 0);
  give(work, 0, "truth", {});
  give(work, 1, "tracked", {0, 0});
  EXPECT_EQ(told(collect(work, {{0, 1}, {false, true}, {true, false}})), "0:truth 1:tracked<0 ");
}

TEST(Collect, LetsATrackerTakeThePlaceOfWhatItFollows) {
  // 0 detects, 1 tracks, 2 looks at what was detected, 3 at what is tracked.
  TaskWork work({}, 4, 0);
  give(work, 0, "car", {});
  give(work, 0, "person", {});
  give(work, 1, "tracked", {0, 1});
  give(work, 2, "plate", {0, 1});
  give(work, 3, "face", {1, 0});
  const StepOrder order{{0, 2, 1, 3}, {false, true, false, false}};
  EXPECT_EQ(told(collect(work, order)), "0:car 1:plate<2 2:tracked 3:face<2 ");
}

TEST(Collect, LetsOnlyOneOfTwoTrackersTakeAPlace) {
  TaskWork work({}, 3, 0);
  give(work, 0, "person", {});
  give(work, 1, "first", {0, 0});
  give(work, 2, "second", {0, 0});
  EXPECT_EQ(told(collect(work, {{0, 1, 2}, {false, true, true}})), "0:first 1:second<0 ");
}

TEST(Collect, KeepsWhatTheTaskBrought) {
  Task task;
  task.add({.text = "before"});
  TaskWork work(std::move(task), 1, 0);
  give(work, 0, "new", {});
  EXPECT_EQ(told(collect(work, {{0}, {false}})), "0:before 1:new ");
}

TEST(Collect, LeavesOutAStepThatDidNotEnd) {
  TaskWork work({}, 1, 0);
  work.at(0).findings.emplace_back();
  EXPECT_EQ(told(collect(work, {{0}, {false}})), "");
}

}  // namespace
}  // namespace weir
