// A video as a source: its part, its times, its threads.
#include "tests/source/support.h"
#include "weir/source/frame_gate.h"

namespace weir {
namespace {

using ::testing::ElementsAre;
using testing::inputs_of;
using testing::numbers_of;
using VideoSourceTest = testing::SourceFolderTest;

std::vector<int> times_of(const std::vector<SourceInput>& inputs) {
  std::vector<int> times;
  for (const SourceInput& input : inputs) times.push_back(static_cast<int>(input.time_ms + 0.5));
  return times;
}

TEST_F(VideoSourceTest, BeginsAndEndsWhereItIsTold) {
  write_video("a.mp4", 20, 10);
  EXPECT_EQ(inputs_of({.video = {at("a.mp4")}}).size(), 20U);
  EXPECT_THAT(times_of(inputs_of({.video = {at("a.mp4")}, .start = 0.55, .end = 0.95})),
              ElementsAre(600, 700, 800, 900));
  const auto behind = inputs_of({.video = {at("a.mp4")}, .start = 5});
  ASSERT_EQ(behind.size(), 1U);
  EXPECT_EQ(behind[0].error->message, "the video ends at 2.0 s, before 5.0 s, where to start");
}

TEST_F(VideoSourceTest, TimeGoesOnFromRoundToRound) {
  write_video("a.mp4", 3, 10);
  const auto inputs = inputs_of({.video = {at("a.mp4")}, .loop = 3});
  EXPECT_THAT(times_of(inputs), ElementsAre(0, 100, 200, 300, 400, 500, 600, 700, 800));
  EXPECT_THAT(numbers_of(inputs), ElementsAre(0, 1, 2, 3, 4, 5, 6, 7, 8));
  EXPECT_THAT(times_of(inputs_of({.video = {at("a.mp4")}, .start = 0.1, .loop = 3})),
              ElementsAre(100, 200, 300, 400, 500, 600))
      << "a part is gone through without a gap";
  EXPECT_EQ(inputs_of({.video = {at("a.mp4")}, .loop = 0}, 50).size(), 50U);
}

TEST_F(VideoSourceTest, IsThinnedOutByItsTime) {
  write_video("a.mp4", 30, 30);
  const auto inputs = inputs_of({.video = {at("a.mp4")}, .fps = 10});
  EXPECT_THAT(numbers_of(inputs), ElementsAre(0, 3, 6, 9, 12, 15, 18, 21, 24, 27));
  EXPECT_EQ(inputs_of({.video = {at("a.mp4")}, .fps = 100}).size(), 30U);
  EXPECT_EQ(inputs_of({.video = {at("a.mp4")}, .fps = 0.5}).size(), 1U);
}

// Whatever the distances of the frames, a second has so many and no more.
TEST(FrameGate, TakesTheFirstFrameOfEachPart) {
  FrameGate gate({.fps = 2});
  std::vector<double> taken;
  for (const double time_ms : {0.0, 10.0, 499.5, 900.0, 1700.0, 1710.0, 2000.0, 2499.0}) {
    if (gate.takes(0, time_ms)) taken.push_back(time_ms);
  }
  // 499.5 is 500, rounded by a file.
  EXPECT_THAT(taken, ElementsAre(0, 499.5, 1700, 2000, 2499));
}

TEST_F(VideoSourceTest, TheDecodersThreadsComeFromTheBudget) {
  write_video("a.mp4", 3, 10);
  const SourceSpec spec{.video = {at("a.mp4")}};
  ThreadBudget budget(8);
  {
    const ThreadLease others = budget.claim("executor", 2);
    const auto two_share = open_source(spec, {.name = "gate", .budget = &budget, .sharing = 2});
    EXPECT_EQ(budget.to_string(), "5 of 8 threads: executor 2, decode:gate 3");
    EXPECT_EQ(inputs_of(**two_share).size(), 3U);
  }
  EXPECT_EQ(budget.claimed(), 0) << "given back when the source goes";
  const ThreadLease all = budget.claim("executor", 8);
  const auto none_left = open_source(spec, {.budget = &budget});
  EXPECT_EQ(budget.claimed(), 8) << "the worker that reads decodes, and has claimed itself";
  SourceSpec wanted = spec;
  wanted.threads = 2;
  const auto by_choice = open_source(wanted, {.name = "yard", .budget = &budget});
  EXPECT_TRUE(budget.over_budget());
}

TEST_F(VideoSourceTest, AnyMixtureIsReadSideBySide) {
  write_video("a.mp4", 5, 10);
  write_video("b.mp4", 4, 25, 32);
  write_pictures({"i1.png", "i2.png", "x.png"});
  const std::vector<SourceSpec> specs = {
      {.video = {at("a.mp4")}},
      {.video = {at("b.mp4")}},
      {.pictures = {{at("x.png")}, {at("i*.png")}}},
      {.sequence = {at("i%d.png")}},
      {.scene = SceneSpec{.width = 64, .height = 64}, .end = 0.2}};
  std::vector<std::unique_ptr<Source>> sources;
  for (const SourceSpec& spec : specs) sources.push_back(open_source(spec).value());
  std::vector<int> counts(sources.size());
  for (bool any = true; any;) {
    any = false;
    for (std::size_t i = 0; i < sources.size(); ++i) {
      const auto input = sources[i]->next();
      if (!input) continue;
      EXPECT_FALSE(input->error);
      ++counts[i];
      any = true;
    }
  }
  EXPECT_THAT(counts, ElementsAre(5, 4, 3, 2, 5));
}

}  // namespace
}  // namespace weir
