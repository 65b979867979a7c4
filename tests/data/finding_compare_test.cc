#include "weir/data/finding_compare.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/data/random_task.h"

namespace weir {
namespace {

Task two_boxes() {
  Task task{.stream = "gate", .seq = 3};
  task.add({.box = Box{1, 2, 3, 4}, .best = ClassScore{0, 0.5F}});
  task.add({.parent = 0, .text = "ABC"});
  return task;
}

TEST(FindingCompare, FindsNothingBetweenEqualTasks) {
  for (unsigned seed = 0; seed < 200; ++seed) {
    const Task task = RandomTask(seed).make();
    EXPECT_EQ(first_difference(task, task), std::nullopt);
    EXPECT_EQ(first_difference(task, task, {.any_order = true}), std::nullopt);
  }
}

TEST(FindingCompare, SaysTheFirstDifference) {
  Task actual = two_boxes();
  actual.findings[0].box->x2 = 3.5F;
  actual.findings[1].text = "ABD";
  EXPECT_EQ(first_difference(two_boxes(), actual),
            "gate 3: findings[0].box is [1,2,3.5,4], expected [1,2,3,4]");
  EXPECT_EQ(first_difference(two_boxes(), actual, {.box_px = 0.5F}),
            "gate 3: findings[1].text is \"ABD\", expected \"ABC\"");
}

TEST(FindingCompare, KnowsEveryField) {
  using Change = void (*)(Task&);
  for (const Change change : {
           Change([](Task& t) { t.stream = "yard"; }),
           Change([](Task& t) { t.seq = 4; }),
           Change([](Task& t) { t.time_ms = 1; }),
           Change([](Task& t) { t.outcome = Outcome::kSkipped; }),
           Change([](Task& t) { t.error = Error(ErrorCode::kInternal, "x"); }),
           Change([](Task& t) { t.findings.pop_back(); }),
           Change([](Task& t) { t.findings[0].id = 9; }),
           Change([](Task& t) { t.findings[1].parent = 9; }),
           Change([](Task& t) { t.findings[0].box.reset(); }),
           Change([](Task& t) { t.findings[0].best->score = 0.6F; }),
           Change([](Task& t) { t.findings[0].best->label_id = 1; }),
           Change([](Task& t) {
             t.findings[0].others.push_back({1, 0.1F});
           }),
           Change([](Task& t) { t.findings[0].keypoints.push_back({}); }),
           Change([](Task& t) { t.findings[0].depths = {1}; }),
           Change([](Task& t) {
             t.findings[0].mask = Mask{1, 1, {1}};
           }),
           Change([](Task& t) { t.findings[0].track = 1; }),
           Change([](Task& t) { t.findings[0].span = TimeSpan{}; }),
           Change([](Task& t) { t.findings[0].embedding = {1}; }),
           Change([](Task& t) { t.findings[0].reused_from = 1; }),
       }) {
    Task actual = two_boxes();
    change(actual);
    EXPECT_NE(first_difference(two_boxes(), actual), std::nullopt);
  }
}

TEST(FindingCompare, TakesAnyOrderWhenToldTo) {
  Task expected{.stream = "gate"};
  Task actual{.stream = "gate"};
  expected.add({.box = Box{0, 0, 1, 1}});
  expected.add({.box = Box{9, 9, 10, 10}});
  expected.add({.parent = 1, .text = "child of the second"});
  actual.add({.box = Box{9, 9, 10, 10.25F}});
  actual.add({.box = Box{0, 0, 1, 1}});
  actual.add({.parent = 0, .text = "child of the second"});
  const FindingTolerance tolerance{.box_px = 0.5F, .any_order = true};
  EXPECT_EQ(first_difference(expected, actual, tolerance), std::nullopt);
  actual.findings[2].parent = 1;
  EXPECT_NE(first_difference(expected, actual, tolerance), std::nullopt);
}

TEST(FindingCompare, CountsTasks) {
  EXPECT_EQ(first_difference(std::vector<Task>{two_boxes()}, std::vector<Task>{}),
            "the number of tasks is 0, expected 1");
}

TEST(FindingCompare, ComparesMasksByTheirOverlap) {
  Task expected{.stream = "s"};
  expected.add({.mask = Mask{4, 1, {0, 4}}});
  Task actual = expected;
  actual.findings[0].mask = Mask{4, 1, {1, 3}};
  EXPECT_EQ(first_difference(expected, actual, {.mask_iou = 0.75}), std::nullopt);
  EXPECT_NE(first_difference(expected, actual, {.mask_iou = 0.76}), std::nullopt);
}

}  // namespace
}  // namespace weir
