#include "weir/step/cadence.h"

#include <gtest/gtest.h>

#include <vector>

namespace weir {
namespace {

std::vector<int64_t> due_tasks(Cadence cadence, int64_t tasks, double frame_ms) {
  std::vector<int64_t> due;
  for (int64_t seq = 0; seq < tasks; ++seq) {
    if (cadence.is_due(-1, seq, static_cast<double>(seq) * frame_ms)) due.push_back(seq);
    cadence.end_task(seq);
  }
  return due;
}

TEST(Cadence, CountsTasks) {
  EXPECT_EQ(due_tasks(Cadence({.frames = 3}, false, 30), 8, 40), (std::vector<int64_t>{0, 3, 6}));
}

TEST(Cadence, CountsSeconds) {
  EXPECT_EQ(due_tasks(Cadence({.seconds = 0.1}, false, 30), 8, 100.0 / 3),
            (std::vector<int64_t>{0, 3, 6}));
}

TEST(Cadence, AsksATrackOnceWithoutEvery) {
  Cadence cadence({}, true, 30);
  EXPECT_TRUE(cadence.is_due(7, 0, 0));
  EXPECT_TRUE(cadence.is_due(7, 0, 0)) << "all that ask for it in the same task";
  EXPECT_FALSE(cadence.is_due(7, 1, 40));
  EXPECT_TRUE(cadence.is_due(8, 1, 40));
}

TEST(Cadence, WhatWasNotAnsweredIsDueAtOnce) {
  Cadence cadence({}, true, 30);
  Unanswered unanswered;
  EXPECT_TRUE(cadence.is_due(7, 0, 0));
  EXPECT_TRUE(cadence.is_due(8, 0, 0));
  unanswered.add(7, 0);
  unanswered.add(8, 1);  // asked before that
  unanswered.take_back_all(cadence);
  EXPECT_TRUE(cadence.is_due(7, 2, 0));
  EXPECT_FALSE(cadence.is_due(8, 2, 0));
  unanswered.take_back_all(cadence);
  EXPECT_FALSE(cadence.is_due(7, 3, 0));
}

TEST(Cadence, ForgetsTracksThatNeverComeBack) {
  Cadence cadence({}, true, 30);
  for (int64_t seq = 0; seq < 10'000; ++seq) {
    cadence.is_due(seq, seq, 0);
    cadence.end_task(seq);
    ASSERT_LT(cadence.tracks(), 100U);
  }
}

}  // namespace
}  // namespace weir
