#include "weir/step/memory.h"

#include <gtest/gtest.h>

namespace weir {
namespace {

// Step 0 gives tracked boxes, step 1 remembers what it found on them.
TaskWork work_at(int64_t seq, std::vector<std::pair<int64_t, Box>> tracks) {
  Task task;
  task.seq = seq;
  TaskWork work(std::move(task), 2, seq);
  for (const auto& [track, box] : tracks) {
    Finding finding{.step = 0, .box = box};
    finding.track = track;
    work.steps[0].findings.push_back(finding);
    work.steps[0].origins.emplace_back();
    work.steps[1].candidates.push_back({0, static_cast<int32_t>(work.steps[1].candidates.size())});
  }
  return work;
}

void ask(TaskWork& work, std::vector<uint32_t> places, const std::string& text) {
  work.steps[1].asked = std::move(places);
  for (const uint32_t place : work.steps[1].asked) {
    const Finding* on = work.finding(work.steps[1].candidates[place]);
    ItemResult result;
    result.findings.push_back({.box = on->box, .text = text});
    work.steps[1].results.push_back(std::move(result));
  }
}

StepPlan per_track() {
  StepPlan plan;
  plan.name = "faces";
  plan.step = 1;
  plan.on = {0};
  plan.per = PerSpec::kTrack;
  plan.forget_after = 30;
  return plan;
}

TEST(Memory, GivesATrackItsLastAnswerAndMovesItAlong) {
  const StepPlan plan = per_track();
  Memory memory(plan);
  TaskWork first = work_at(0, {{7, {0, 0, 10, 10}}, {8, {50, 50, 60, 60}}});
  ask(first, {0, 1}, "a");
  memory.answer(first);
  ASSERT_EQ(first.steps[1].findings.size(), 2U);
  EXPECT_EQ(first.steps[1].findings[0].reused_from, Finding::kNone);

  // Track 8 has gone, 9 is new and asked, 7 has moved.
  TaskWork second = work_at(1, {{9, {1, 1, 2, 2}}, {7, {10, 20, 30, 40}}});
  ask(second, {0}, "b");
  memory.answer(second);
  const std::vector<Finding>& found = second.steps[1].findings;
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].text, "b");
  EXPECT_EQ(found[1].text, "a");
  EXPECT_EQ(found[1].reused_from, 0);
  EXPECT_EQ(found[1].box, (Box{10, 20, 30, 40}));
  EXPECT_EQ(second.steps[1].origins[1], (FindingRef{0, 1}));
}

TEST(Memory, RemembersThatNothingWasFound) {
  const StepPlan plan = per_track();
  Memory memory(plan);
  TaskWork first = work_at(0, {{7, {0, 0, 10, 10}}});
  first.steps[1].asked = {0};
  first.steps[1].results.resize(1);
  memory.answer(first);
  TaskWork second = work_at(1, {{7, {0, 0, 10, 10}}});
  memory.answer(second);
  EXPECT_TRUE(second.steps[1].findings.empty());
}

TEST(Memory, ForgetsTracksThatNeverComeBack) {
  const StepPlan plan = per_track();
  Memory memory(plan);
  for (int64_t seq = 0; seq < 5000; ++seq) {
    TaskWork work = work_at(seq, {{seq, {0, 0, 1, 1}}});
    ask(work, {0}, "x");
    memory.answer(work);
    ASSERT_LT(memory.tracks(), 100U);
  }
}

TEST(Memory, GivesTheWholeFrameAgain) {
  StepPlan plan;
  plan.step = 1;
  plan.every.frames = 5;
  Memory memory(plan);
  TaskWork first(Task{.seq = 3}, 2, 3);
  first.steps[1].candidates = {FindingRef()};
  first.steps[1].asked = {0};
  first.steps[1].results.resize(1);
  first.steps[1].results[0].findings = {{.text = "a"}, {.text = "b"}};
  memory.answer(first);
  TaskWork second(Task{.seq = 4}, 2, 4);
  second.steps[1].candidates = {FindingRef()};
  second.steps[1].reused = true;
  memory.answer(second);
  ASSERT_EQ(second.steps[1].findings.size(), 2U);
  EXPECT_EQ(second.steps[1].findings[1].text, "b");
  EXPECT_EQ(second.steps[1].findings[1].reused_from, 3);
}

}  // namespace
}  // namespace weir
