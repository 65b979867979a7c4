// Models that are replaced and moved while pipelines use them: no task fails, and none sees half of
// an update.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <bit>
#include <chrono>
#include <filesystem>
#include <set>
#include <thread>

#include "tests/assemble/level_family.h"
#include "weir/assemble/pipeline.h"

namespace weir {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
namespace fs = std::filesystem;

constexpr int kBoxes = 6;  // whose score is the number of the model's file

class LiveUpdate : public testing::Test {
 protected:
  static constexpr int kFiles = 16;

  LiveUpdate() : folder_(fs::path(testing::TempDir()) / ("live_" + std::to_string(getpid()))) {
    fs::create_directories(folder_);
    for (int i = 0; i < kFiles; ++i) test::write_level_model(file(i), i);
    runtime_ = Runtime::create({.threads = 2, .may_pull = false}).value();
    EXPECT_TRUE(runtime_->families().add(test::level_family(kBoxes, {0, 0, 2, 4})));
  }
  ~LiveUpdate() override { fs::remove_all(folder_); }

  std::string file(int number) const {
    return (folder_ / (std::to_string(number) + ".fake")).string();
  }
  ModelSpec spec(int number) const { return test::level_model(file(number)); }
  // Both steps use the model: one on the frame, the other on each of the boxes.
  std::unique_ptr<Pipeline> pipeline(const std::string& name = "street") {
    PipelineSpec spec;
    spec.loaded_as = name;
    spec.loaded_models = {"m"};
    spec.steps.push_back({"objects", {.model = "m"}});
    spec.steps.push_back({"parts", {.model = "m", .on = {"objects"}}});
    auto pipe = Pipeline::make(*runtime_, std::move(spec));
    EXPECT_TRUE(pipe) << pipe.error().to_string();
    return std::move(pipe).value();
  }
  static Task black() { return {.input = test::grey(0, 8, 4)}; }
  ModelRow row(const std::string& name) const {
    for (const ModelRow& row : runtime_->loaded()) {
      if (row.name == name) return row;
    }
    return {};
  }
  static std::string error_of(const Status& status) {
    return status ? "" : status.error().to_string();
  }

  fs::path folder_;
  std::unique_ptr<Runtime> runtime_;
};

// What came out of a stream: how many, and what was wrong with any.
struct Seen {
  std::atomic<uint64_t> done = 0;
  std::atomic<uint64_t> failed = 0;
  std::atomic<uint64_t> mixed = 0;
  std::atomic<uint64_t> numbers = 0;  // a bit for each file that answered

  void take(const Task& task) {
    task.outcome == Outcome::kDone ? ++done : ++failed;
    std::set<float> versions;
    for (const Finding& finding : task.findings) versions.insert(finding.best->score);
    if (versions.size() != 1 || task.findings.size() != kBoxes + kBoxes * kBoxes) ++mixed;
    for (const float number : versions) numbers |= uint64_t{1} << static_cast<int>(number);
  }
};

TEST_F(LiveUpdate, AThousandUpdatesAndMovesUnderLoadAreSeenByNoTask) {
  constexpr int kChanges = 1000;
  ASSERT_TRUE(runtime_->submit("m", spec(0)));
  Seen seen;
  uint64_t posted = 0;
  {
    const auto pipe = pipeline();
    std::atomic<bool> ended = false;
    std::array<uint64_t, 2> counts{};
    {
      std::vector<std::jthread> posters;
      for (uint64_t& count : counts) {
        posters.emplace_back([&] {
          const flow::StreamId stream =
              pipe->open_stream(
                      {.credits = 4,
                       .on_done = [&](const Task& task, flow::StreamId) { seen.take(task); }})
                  .value();
          for (; !ended; ++count) EXPECT_TRUE(pipe->post(stream, black()));
        });
      }
      for (int i = 1; i <= kChanges; ++i) {
        const Device fake{Device::Kind::kFake, 0};
        const Status changed =
            i % 4 == 0 ? runtime_->to("m", fake) : runtime_->update("m", spec(i % kFiles));
        EXPECT_TRUE(changed) << error_of(changed);
      }
      ended = true;
    }
    posted = counts[0] + counts[1];
    pipe->flow().drain();
    EXPECT_EQ(row("m").version, 1U + kChanges);
  }
  EXPECT_EQ(seen.done, posted);
  EXPECT_EQ(seen.failed, 0U);
  EXPECT_EQ(seen.mixed, 0U) << "tasks whose findings are not all of one version";
  EXPECT_GT(std::popcount(seen.numbers.load()), 4) << "too few versions were seen to prove it";
  EXPECT_EQ(row("m").calls, posted * (1 + kBoxes));
  RecordProperty("tasks", static_cast<int>(posted));
}

TEST_F(LiveUpdate, ChangesOfOneModelFromManyThreadsAllCount) {
  ASSERT_TRUE(runtime_->submit("m", spec(0)));
  const auto pipe = pipeline();
  {
    std::vector<std::jthread> changers;
    for (int n = 0; n < 4; ++n) {
      changers.emplace_back([&, n] {
        for (int i = 0; i < 25; ++i) {
          EXPECT_TRUE(runtime_->update("m", spec((n + i) % kFiles)));
          EXPECT_EQ(runtime_->loaded().size(), 1U);
          EXPECT_EQ(pipe->solve(black())->outcome, Outcome::kDone);
        }
      });
    }
  }
  EXPECT_EQ(row("m").version, 101U);
  EXPECT_EQ(row("m").calls, 100U * (1 + kBoxes));
}

TEST_F(LiveUpdate, TheTableSaysWhatIsLoaded) {
  ASSERT_TRUE(runtime_->submit("m", spec(0)));
  EXPECT_TRUE(row("m").used_by.empty());
  {
    const auto pipe = pipeline();
    ASSERT_TRUE(pipe->solve(black()));
    const ModelRow used = row("m");
    EXPECT_THAT(used.used_by, ElementsAre("street: steps.objects", "street: steps.parts"));
    EXPECT_EQ(used.family, "level");
    EXPECT_EQ(used.backend, "fake");
    EXPECT_EQ(used.instances, 2);
    EXPECT_EQ(used.calls, 1U + kBoxes);
    EXPECT_GT(used.memory_bytes, 0U);
    ASSERT_TRUE(runtime_->to("m", {Device::Kind::kFake, 0}));
    EXPECT_EQ(to_string(row("m").device), "fake:0");
    EXPECT_EQ(row("m").version, 2U);
  }
  EXPECT_TRUE(row("m").used_by.empty());
}

// Of each item, on the average: no shorter than the model takes, no longer than whoever asked
// waited.
TEST_F(LiveUpdate, TheTableSaysHowLongACallTakes) {
  constexpr double kDelayMs = 5;
  constexpr int kCalls = 10;
  std::ofstream(file(0)) << "weir-fake 1\ninput x float32 1x3x4x8\noutput y = identity x\n"
                         << "delay_ms " << kDelayMs << "\n";
  ASSERT_TRUE(runtime_->submit("m", spec(0)));
  EXPECT_EQ(row("m").mean_ms, 0) << "nobody has asked it anything";
  PipelineSpec of;
  of.loaded_as = "street";
  of.loaded_models = {"m"};
  of.steps.push_back({"objects", {.model = "m"}});
  const auto pipe = Pipeline::make(*runtime_, std::move(of)).value();
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < kCalls; ++i) ASSERT_TRUE(pipe->solve(black()));
  const std::chrono::duration<double, std::milli> waited = std::chrono::steady_clock::now() - begin;
  EXPECT_EQ(row("m").calls, static_cast<uint64_t>(kCalls));
  EXPECT_GE(row("m").mean_ms, kDelayMs);
  EXPECT_LE(row("m").mean_ms, waited.count() / kCalls);
}

TEST_F(LiveUpdate, APipelinesOwnModelsAreUpdatedByName) {
  PipelineSpec of;
  of.loaded_as = "yard";
  of.models.push_back({"m", spec(3)});
  of.steps.push_back({"objects", {.model = "m"}});
  auto pipe = Pipeline::make(*runtime_, of).value();
  auto again = Pipeline::make(*runtime_, of).value();
  ASSERT_EQ(runtime_->loaded().size(), 2U);
  EXPECT_EQ(runtime_->loaded()[1].name, "yard.m#2");
  ASSERT_TRUE(runtime_->update("yard.m", spec(5)));
  EXPECT_EQ(pipe->solve(black())->findings[0].best->score, 5.0F);
  EXPECT_EQ(again->solve(black())->findings[0].best->score, 3.0F);
  pipe.reset();
  EXPECT_EQ(runtime_->loaded().size(), 1U) << "it goes with its pipeline";
}

TEST_F(LiveUpdate, AChangeThatFailsChangesNothing) {
  ASSERT_TRUE(runtime_->submit("m", spec(1)));
  const auto pipe = pipeline();
  ModelSpec absent = spec(2);
  absent.file.path = "nowhere.fake";
  EXPECT_THAT(error_of(runtime_->update("m", absent)), HasSubstr("no such file"));
  ModelSpec other = spec(2);
  other.labels.names = {"person"};
  EXPECT_THAT(error_of(runtime_->update("m", other)),
              HasSubstr("does not fit to street: steps.objects: it has 1 labels"));
  EXPECT_THAT(error_of(runtime_->to("m", {Device::Kind::kCuda, 0})), HasSubstr("cuda:0"));
  EXPECT_EQ(row("m").version, 1U);
  EXPECT_EQ(pipe->solve(black())->findings[0].best->score, 1.0F);
}

TEST_F(LiveUpdate, WhatIsUsedIsNotUnloaded) {
  ASSERT_TRUE(runtime_->submit("m", spec(1)));
  auto pipe = pipeline();
  EXPECT_THAT(error_of(runtime_->unload("m")),
              HasSubstr("it is used by street: steps.objects, street: steps.parts"));
  pipe.reset();
  EXPECT_EQ(error_of(runtime_->unload("m")), "");
  EXPECT_THAT(error_of(runtime_->unload("m")), HasSubstr("no model is called 'm'"));
  EXPECT_TRUE(runtime_->loaded().empty());
}

TEST_F(LiveUpdate, ANameIsGivenOnce) {
  ASSERT_TRUE(runtime_->submit("detector", spec(1)));
  EXPECT_THAT(error_of(runtime_->submit("detector", spec(2))), HasSubstr("called 'detector'"));
  EXPECT_THAT(error_of(runtime_->update("detecter", spec(2))),
              HasSubstr("did you mean 'detector'?"));
}

}  // namespace
}  // namespace weir
