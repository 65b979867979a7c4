#include "weir/source/source_control.h"

#include <thread>

#include "tests/source/support.h"

namespace weir {
namespace {

using ::testing::ElementsAre;
using testing::inputs_of;

const SourceSpec kScene = {.scene = SceneSpec{.width = 32, .height = 32}};

// What a run does with the sources that it is given.
struct Taken {
  std::vector<std::string> names;
  std::vector<std::unique_ptr<Source>> sources;

  SourceControl::Start start() {
    return [this](const std::string& name, const SourceSpec&, std::unique_ptr<Source> source) {
      names.push_back(name);
      sources.push_back(std::move(source));
      return Status();
    };
  }
};

TEST(SourceControl, HandsOverWhatIsAddedWhileSomethingRuns) {
  SourceControl control;
  Taken taken;
  EXPECT_EQ(control.add("gate", kScene).error().code, ErrorCode::kUnavailable);
  control.attach(taken.start(), ThreadBudget(2));
  ASSERT_TRUE(control.add("gate", kScene));
  ASSERT_TRUE(control.add("yard", kScene));
  EXPECT_THAT(taken.names, ElementsAre("gate", "yard"));
  EXPECT_THAT(control.names(), ElementsAre("gate", "yard"));
  EXPECT_EQ(control.add("gate", kScene).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(control.add("none", {.video = {"/none.mp4"}}).error().code, ErrorCode::kNotFound);
  control.detach();
  EXPECT_EQ(control.add("late", kScene).error().code, ErrorCode::kUnavailable);
}

TEST(SourceControl, WhatIsRemovedEndsAtItsNextInput) {
  SourceControl control;
  Taken taken;
  control.attach(taken.start(), ThreadBudget(2));
  ASSERT_TRUE(control.add("gate", kScene));
  const auto own = control.watch("own", open_source(kScene).value());
  EXPECT_TRUE(taken.sources[0]->next());
  EXPECT_TRUE(own->next());
  ASSERT_TRUE(control.remove("gate"));
  EXPECT_FALSE(taken.sources[0]->next());
  EXPECT_FALSE(taken.sources[0]->next());
  EXPECT_TRUE(own->next()) << "the others go on";
  EXPECT_THAT(control.names(), ElementsAre("own"));
  EXPECT_EQ(control.remove("gate").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(control.remove("nobody").error().code, ErrorCode::kNotFound);
  ASSERT_TRUE(control.remove("own"));
  EXPECT_FALSE(own->next());
}

// At once, whether or not it has come to its end: its stream goes by another name.
TEST(SourceControl, TheNameOfOneThatIsRemovedIsFree) {
  SourceControl control;
  Taken taken;
  control.attach(taken.start(), ThreadBudget(2));
  ASSERT_TRUE(control.add("gate", kScene));
  ASSERT_TRUE(control.remove("gate"));
  ASSERT_TRUE(control.add("gate", kScene));
  EXPECT_EQ(control.add("gate", kScene).error().code, ErrorCode::kInvalidArgument);
  EXPECT_FALSE(taken.sources[0]->next()) << "the first one was removed";
  EXPECT_TRUE(taken.sources[1]->next()) << "and not the second";
  ASSERT_TRUE(control.remove("gate"));
  EXPECT_FALSE(taken.sources[1]->next());
}

class SourceControlVideo : public testing::SourceFolderTest {};

TEST_F(SourceControlVideo, ADecoderHasItsThreadsFromTheBudgetOfTheRun) {
  write_video("a.mp4", 20, 10);
  SourceControl control;
  Taken taken;
  ThreadBudget budget(8);
  const ThreadLease workers = budget.claim("workers", 5);
  control.attach(taken.start(), budget);
  ASSERT_TRUE(control.add("yard", {.video = {at("a.mp4")}}));
  EXPECT_EQ(budget.to_string(), "8 of 8 threads: workers 5, decode:yard 3");
  EXPECT_EQ(inputs_of(*taken.sources[0]).size(), 20U);
  EXPECT_EQ(budget.claimed(), 5) << "given back with the file, while the run goes on";
}

TEST(SourceControl, WhatHasEndedCannotBeRemoved) {
  SourceControl control;
  SourceSpec spec = kScene;
  spec.end = 0.2;
  const auto source = control.watch("short", open_source(spec).value());
  EXPECT_EQ(source->expected(), 5);
  EXPECT_EQ(inputs_of(*source).size(), 5U);
  EXPECT_EQ(control.remove("short").error().code, ErrorCode::kNotFound);
}

TEST(SourceControl, ARunDoesNotEndWithASourceThatItHasNotSeen) {
  SourceControl control;
  Taken taken;
  control.attach(taken.start(), ThreadBudget(2));
  const uint64_t seen = control.added();
  ASSERT_TRUE(control.add("gate", kScene));
  EXPECT_FALSE(control.detach(seen));
  EXPECT_TRUE(control.detach(control.added()));
  EXPECT_EQ(control.add("late", kScene).error().code, ErrorCode::kUnavailable);
}

TEST(SourceControl, ComesAndGoesUnderLoad) {
  SourceControl control;
  Mutex mutex;
  std::vector<std::jthread> readers;
  std::atomic<int> ended{0};
  control.attach(
      [&](const std::string&, const SourceSpec&, std::unique_ptr<Source> source) {
        const MutexLock lock(mutex);
        readers.emplace_back([&ended, source = std::move(source)] {
          while (source->next()) {
          }
          ++ended;
        });
        return Status();
      },
      ThreadBudget(2));
  {
    std::vector<std::jthread> users;
    for (int user = 0; user < 3; ++user) {
      users.emplace_back([&control, user] {
        for (int i = 0; i < 20; ++i) {
          const std::string name = std::to_string(user) + "/" + std::to_string(i);
          EXPECT_TRUE(control.add(name, kScene));
          EXPECT_TRUE(control.remove(name));
        }
      });
    }
  }
  control.detach();
  readers.clear();
  EXPECT_EQ(ended, 60);
}

}  // namespace
}  // namespace weir
