#include "weir/step/keep.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace weir {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const auto kLabels = std::make_shared<const LabelSet>(LabelSet::from_lines("person\ncar\ndog\n"));

// Findings of step 0 in a picture of 100 x 50: label, score, box.
TaskWork work_of(std::vector<Finding> findings) {
  Task task;
  task.input = Image::allocate(PixelFormat::kGrey, 100, 50).value();
  TaskWork work(std::move(task), 1, 0);
  work.steps[0].origins.resize(findings.size());
  work.steps[0].findings = std::move(findings);
  return work;
}

Finding finding(int32_t label, float score, Box box) {
  return {.box = box, .best = ClassScore{label, score}};
}

// The places of those that are kept.
std::vector<int32_t> kept(const KeepSpec& spec, const TaskWork& work) {
  auto filter = KeepFilter::make(spec, {{0, kLabels}}, "steps.x.keep");
  EXPECT_TRUE(filter) << filter.error().to_string();
  std::vector<FindingRef> refs;
  for (std::size_t i = 0; i < work.steps[0].findings.size(); ++i) {
    refs.push_back({0, static_cast<int32_t>(i)});
  }
  filter->apply(work, refs);
  std::vector<int32_t> places;
  for (const FindingRef ref : refs) places.push_back(ref.index);
  return places;
}

const TaskWork kWork = work_of({finding(0, 0.9F, {0, 0, 40, 40}),
                                finding(1, 0.7F, {50, 0, 90, 10}),
                                finding(2, 0.8F, {0, 0, 5, 50}),
                                {.box = Box{0, 0, 50, 50}}});

TEST(KeepFilter, LetsEverythingThroughThatIsNotAskedFor) {
  EXPECT_THAT(kept({}, kWork), ElementsAre(0, 1, 2, 3));
}

TEST(KeepFilter, KnowsLabels) {
  EXPECT_THAT(kept({.labels = {"dog", "person"}}, kWork), ElementsAre(0, 2));
}

TEST(KeepFilter, KeepsAScoreThatIsExactlyEnough) {
  EXPECT_THAT(kept({.min_score = 0.7}, kWork), ElementsAre(0, 1, 2));
  EXPECT_THAT(kept({.min_score = 0.71}, kWork), ElementsAre(0, 2));
}

TEST(KeepFilter, MeasuresTheShorterSide) {
  EXPECT_THAT(kept({.min_side = 10}, kWork), ElementsAre(0, 1, 3));
}

TEST(KeepFilter, KeepsTheSurestInTheirOrder) {
  EXPECT_THAT(kept({.max_count = 2}, kWork), ElementsAre(0, 2));
}

TEST(KeepFilter, LooksWhereAThingStands) {
  // The right half of the lower half.
  const KeepSpec right{.zone = {{0.5, 0.1}, {1, 0.1}, {1, 1}, {0.5, 1}}};
  EXPECT_THAT(kept(right, kWork), ElementsAre(1));
}

TEST(KeepFilter, LetsNoNumberThroughThatIsNone) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const TaskWork work = work_of({finding(0, nan, {0, 0, 9, 9}), finding(0, 1, {0, 0, nan, 9})});
  EXPECT_THAT(kept({.min_score = 0.1}, work), ElementsAre(1));
  EXPECT_THAT(kept({.min_side = 0.1}, work), ElementsAre(0));
}

TEST(KeepFilter, SuggestsALabel) {
  const auto filter = KeepFilter::make({.labels = {"persn"}}, {{0, kLabels}}, "p.yaml:3:5");
  ASSERT_FALSE(filter);
  EXPECT_EQ(filter.error().to_string(),
            "p.yaml:3:5: no label is called 'persn'; did you mean 'person'?");
  const auto none = KeepFilter::make({.labels = {"x"}}, {{0, nullptr}}, "p.yaml:3:5");
  EXPECT_THAT(none.error().to_string(), HasSubstr("there are no labels"));
}

}  // namespace
}  // namespace weir
