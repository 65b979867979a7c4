// A tracker as a step of a stream: what it is told of the time between two frames.
#include "weir/step/track_step.h"

#include <gtest/gtest.h>

#include <optional>

#include "weir/flow/unit.h"
#include "weir/step/work.h"

namespace weir {
namespace {

// Step 0 finds boxes, step 1 follows them: one stream, whose frames run through the body as the
// flow would hand them in.
class Followed {
 public:
  explicit Followed(TrackSpec track) {
    StepPlan plan;
    plan.name = "follow";
    plan.step = 1;
    plan.on = {0};
    plan.track = track;
    stage_ = track_stage(std::make_shared<const StepPlan>(std::move(plan)));
    state_ = stage_.body->open_stream();
  }

  // The track of what stands at `x` in this frame; nothing: none is told.
  std::optional<Finding> at(float x, int64_t frame, bool reused = false) {
    Task task;
    task.seq = seq_++;
    TaskWork work(std::move(task), 2, frame);
    work.steps[0].findings.push_back({.box = Box{x, 0, x + 40, 100}, .best = ClassScore{0, 0.9F}});
    work.steps[0].origins.emplace_back();
    work.steps[0].reused = reused;
    run(work);
    const std::vector<Finding>& found = work.steps[1].findings;
    return found.empty() ? std::nullopt : std::optional<Finding>(found.front());
  }

 private:
  void run(TaskWork& work) {
    flow::Task task;
    task.task = &task;
    task.payload = flow::Payload::lent(&work);
    flow::Node node;
    node.unit = &task;
    node.state_of_stream = state_.get();
    flow::Slot slot(&task, &node);
    EXPECT_EQ(stage_.body->run(slot, {}).verdict, flow::Verdict::kDone);
  }

  flow::StageSpec stage_;
  std::unique_ptr<flow::StreamState> state_;
  int64_t seq_ = 0;
};

class TrackStep : public testing::TestWithParam<TrackSpec::By> {
 protected:
  // Moves by 20 pixels a frame: what is expected two frames too early shares nothing with it.
  static float place(int64_t frame) { return 20.0F * static_cast<float>(frame); }
  TrackSpec spec() const { return {.by = GetParam(), .min_hits = 1, .lost_frames = 5}; }
};

TEST_P(TrackStep, FramesThatWereDroppedAreMotion) {
  Followed stream(spec());
  int64_t frame = 100;  // wherever the source begins
  for (; frame < 110; ++frame) ASSERT_EQ(stream.at(place(frame), frame)->track, 1);
  for (const int64_t passed : {3, 1, 2, 4}) {
    frame += passed;
    const auto found = stream.at(place(frame), frame);
    ASSERT_TRUE(found) << frame;
    EXPECT_EQ(found->track, 1) << frame;
  }
}

// The same boxes, told as if nothing had been dropped: another track, so that the numbers matter.
TEST_P(TrackStep, AGapThatIsNotToldBreaksTheTrack) {
  Followed stream(spec());
  for (int64_t frame = 0; frame < 10; ++frame) ASSERT_EQ(stream.at(place(frame), frame)->track, 1);
  const auto found = stream.at(place(13), 10);
  EXPECT_TRUE(!found || found->track != 1);
}

TEST_P(TrackStep, WhatIsFromMemoryMovesNothingAndTheNextLookSeesTheWholeGap) {
  Followed stream(spec());
  for (int64_t frame = 0; frame < 10; ++frame) ASSERT_EQ(stream.at(place(frame), frame)->track, 1);
  for (int64_t frame = 10; frame < 13; ++frame) {
    const auto again = stream.at(place(9), frame, /*reused=*/true);
    ASSERT_TRUE(again);
    EXPECT_EQ(again->track, 1);
    EXPECT_EQ(again->reused_from, 9);
  }
  const auto found = stream.at(place(13), 13);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->track, 1);
  EXPECT_EQ(found->reused_from, Finding::kNone);
}

// A source that was wound back, or has no numbers of its own.
TEST_P(TrackStep, NumbersThatDoNotRiseAreOneFrameEach) {
  Followed stream(spec());
  for (int64_t frame = 0; frame < 10; ++frame) ASSERT_EQ(stream.at(place(frame), frame)->track, 1);
  for (int64_t frame = 10; frame < 20; ++frame) {
    const auto found = stream.at(place(frame), 3);
    ASSERT_TRUE(found) << frame;
    EXPECT_EQ(found->track, 1) << frame;
  }
}

INSTANTIATE_TEST_SUITE_P(Both, TrackStep,
                         testing::Values(TrackSpec::By::kByteTrack, TrackSpec::By::kSort),
                         [](const auto& by) {
                           return by.param == TrackSpec::By::kSort ? "Sort" : "ByteTrack";
                         });

}  // namespace
}  // namespace weir
