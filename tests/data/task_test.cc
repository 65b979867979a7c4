#include "weir/data/task.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace weir {
namespace {

TEST(Task, HoldsOneKindOfInput) {
  Task task;
  EXPECT_EQ(task.image(), nullptr);
  task.input = Image::allocate(PixelFormat::kGrey, 4, 4).value();
  EXPECT_NE(task.image(), nullptr);
  EXPECT_EQ(task.audio(), nullptr);
  const Task copy = task;
  EXPECT_EQ(copy.image()->view().planes[0].data, task.image()->view().planes[0].data);
}

TEST(Task, GivesFindingsIdsThatAreUnique) {
  Task task;
  EXPECT_EQ(task.add({}), 0);
  EXPECT_EQ(task.add({}), 1);
  task.findings.push_back({.id = 7});
  EXPECT_EQ(task.add({}), 8);
}

TEST(Task, NamesStepsAndLabels) {
  const auto labels = std::make_shared<const LabelSet>(LabelSet::from_lines("Person\r\nCar\n\n"));
  Task task;
  const Finding finding{.step = 0, .best = ClassScore{1, 0.5F}};
  EXPECT_EQ(task.step_name(finding), "");
  task.steps = std::make_shared<const StepTable>(std::vector<StepEntry>{{"objects", labels}});
  EXPECT_EQ(task.step_name(finding), "objects");
  EXPECT_EQ(task.label_name(finding, *finding.best), "Car");
  EXPECT_EQ(task.label_name(finding, {2, 0.5F}), "");
  EXPECT_EQ(task.step_name({.step = 5}), "");
  EXPECT_EQ(task.steps->find("objects"), 0);
  EXPECT_EQ(task.steps->find("faces"), Finding::kNone);
}

TEST(LabelSet, IdsNeedNotBeDense) {
  const LabelSet labels(
      std::vector<std::pair<int32_t, std::string>>{{90, "b"}, {2, "a"}, {2, "c"}});
  EXPECT_EQ(labels.name(2), "a");
  EXPECT_EQ(labels.name(90), "b");
  EXPECT_EQ(labels.name(0), "");
  EXPECT_EQ(labels.name(-1), "");
  EXPECT_EQ(labels.find("b"), 90);
  EXPECT_EQ(labels.find("c"), std::nullopt);
}

TEST(LabelSet, EmptyLinesInTheMiddleKeepTheirNumber) {
  const LabelSet labels = LabelSet::from_lines("a\n\nb");
  EXPECT_EQ(labels.size(), 3U);
  EXPECT_EQ(labels.name(2), "b");
  EXPECT_EQ(LabelSet::from_lines("").size(), 0U);
}

}  // namespace
}  // namespace weir
