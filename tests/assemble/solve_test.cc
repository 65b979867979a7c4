// Requests to a Runtime, over the fake back end: any mixture of inputs, with models or a pipeline.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <thread>

#include "tests/assemble/level_family.h"
#include "weir/assemble/pipeline.h"
#include "weir/assemble/request.h"
#include "weir/media/picture.h"
#include "weir/media/video_writer.h"

namespace weir {
namespace {

using test::grey;
using testing::ElementsAre;
using testing::HasSubstr;
namespace fs = std::filesystem;

class Solve : public testing::Test {
 protected:
  Solve() : folder_(fs::path(testing::TempDir()) / ("solve_" + std::to_string(getpid()))) {
    fs::create_directories(folder_ / "photos");
    test::write_level_model(path("level.fake"), 0);
    test::write_level_model(path("plus.fake"), 1000);
    for (int i = 1; i <= 3; ++i) {
      EXPECT_TRUE(write_picture(grey(i), path("photos/" + std::to_string(i) + ".png")));
    }
    auto video = VideoWriter::open(path("gate.mp4"), 16, 8).value();
    for (int i = 0; i < 20; ++i) EXPECT_TRUE(video.write(grey(128).view(), i * 40.0));
    EXPECT_TRUE(video.close());
    runtime_ = Runtime::create({.threads = 2, .may_pull = false}).value();
    EXPECT_TRUE(runtime_->families().add(test::level_family()));
    EXPECT_TRUE(runtime_->submit("level", spec("level.fake")));
    EXPECT_TRUE(runtime_->submit("plus", spec("plus.fake")));
  }
  ~Solve() override { fs::remove_all(folder_); }

  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  ModelSpec spec(const std::string& file) const { return test::level_model(path(file)); }
  void load_street(FlowSpec::Executors executors = FlowSpec::Executors::kOne) {
    PipelineSpec spec;
    spec.flow.executors = executors;
    spec.loaded_models = {"level", "plus"};
    spec.steps.push_back({"objects", {.model = "level"}});
    spec.steps.push_back({"faces", {.model = "plus", .on = {"objects"}}});
    spec.steps.push_back({"other", {.model = "plus"}});
    const Status loaded = runtime_->load_pipeline("street", std::move(spec));
    ASSERT_TRUE(loaded) << loaded.error().to_string();
  }
  Answer solve(Request request) {
    auto answer = runtime_->solve(request);
    EXPECT_TRUE(answer) << answer.error().to_string();
    return answer ? std::move(answer).value() : Answer();
  }
  std::string error_of(const Request& request) {
    const auto answer = runtime_->solve(request);
    return answer ? "" : answer.error().to_string();
  }
  // The steps of a task that found something.
  static std::string steps_of(const Task& task) {
    std::string text;
    for (std::size_t i = 0; i < task.steps->size(); ++i) {
      const auto of = [&](const Finding& f) { return f.step == static_cast<int32_t>(i); };
      const auto count = std::count_if(task.findings.begin(), task.findings.end(), of);
      if (count > 0) {
        text +=
            std::string(task.steps->name(static_cast<int32_t>(i))) + std::to_string(count) + " ";
      }
    }
    return text;
  }

  fs::path folder_;
  std::unique_ptr<Runtime> runtime_;
};

TEST_F(Solve, AnswersForAPictureInMemory) {
  const Answer answer = solve({.inputs = {grey(7)}, .models = {"level"}});
  ASSERT_EQ(answer.tasks.size(), 1U);
  EXPECT_EQ(answer.done, 1U);
  EXPECT_EQ(answer.tasks[0].findings.size(), 3U);
  EXPECT_EQ(answer.tasks[0].findings[0].best->score, 7.0F);
  EXPECT_EQ(answer.tasks[0].step_name(answer.tasks[0].findings[0]), "level");
  EXPECT_NE(answer.tasks[0].image(), nullptr) << "what the user had is given back";
}

TEST_F(Solve, AnswersForAnyMixtureInItsOrder) {
  const Answer answer = solve({.inputs = {path("photos/2.png"), grey(9), path("photos"),
                                          path("photos/*.png"), path("gate.mp4"), grey(11)},
                               .models = {"level"}});
  std::vector<int> levels;
  for (const Task& task : answer.tasks) {
    levels.push_back(static_cast<int>(std::lround(task.findings.at(0).best->score)));
  }
  ASSERT_EQ(levels.size(), 1U + 1 + 3 + 3 + 20 + 1);
  EXPECT_THAT(std::vector(levels.begin(), levels.begin() + 8), ElementsAre(2, 9, 1, 2, 3, 1, 2, 3));
  EXPECT_EQ(levels.back(), 11);
  EXPECT_EQ(answer.tasks[8].stream, path("gate.mp4"));
  EXPECT_EQ(answer.tasks[27].seq, 19);
  EXPECT_EQ(answer.tasks[8].image(), nullptr) << "a long video must not stay in memory";
  EXPECT_EQ(answer.done, 29U);
}

TEST_F(Solve, AsksSeveralModelsAtOnce) {
  const Answer answer = solve({.inputs = {grey(1)}, .models = {"level", "plus"}});
  EXPECT_EQ(steps_of(answer.tasks.at(0)), "level3 plus3 ");
}

TEST_F(Solve, AModelThatNobodySubmittedIsLoaded) {
  EXPECT_THAT(error_of({.inputs = {grey(1)}, .models = {path("absent.onnx")}}),
              HasSubstr("absent.onnx"));
  EXPECT_EQ(runtime_->loaded().size(), 2U);
}

TEST_F(Solve, DoesTheStepsThatAreAskedForAndWhatTheyNeed) {
  load_street();
  const auto steps = [&](std::vector<std::string> names) {
    const Answer answer =
        solve({.inputs = {grey(1)}, .pipeline = "street", .steps = std::move(names)});
    return steps_of(answer.tasks.at(0));
  };
  EXPECT_EQ(steps({}), "objects3 faces9 other3 ");
  EXPECT_EQ(steps({"faces"}), "objects3 faces9 ");
  EXPECT_EQ(steps({"objects", "other"}), "objects3 other3 ");
}

class SolveInStages : public Solve, public testing::WithParamInterface<FlowSpec::Executors> {};

TEST_P(SolveInStages, KeepsTheTensorsOfTheStepsThatAreNamed) {
  load_street(GetParam());
  const Answer answer =
      solve({.inputs = {grey(5)}, .pipeline = "street", .keep_tensors = {"objects", "faces"}});
  const Task& task = answer.tasks.at(0);
  ASSERT_EQ(task.tensors.size(), 1U + 3);
  EXPECT_EQ(task.steps->name(task.tensors[0].step), "objects");
  EXPECT_EQ(task.tensors[0].finding, Finding::kNone);
  EXPECT_EQ(task.tensors[0].name, "y");
  EXPECT_EQ(task.tensors[0].tensor.shape(), (Shape{1, 3, 4, 8}));
  EXPECT_EQ(task.tensors[0].tensor.as<float>()[0], 5.0F);
  for (int i = 1; i <= 3; ++i) {
    const KeptTensor& kept = task.tensors[static_cast<std::size_t>(i)];
    EXPECT_EQ(task.steps->name(kept.step), "faces");
    EXPECT_EQ(kept.finding, task.findings[static_cast<std::size_t>(i - 1)].id);
    EXPECT_EQ(kept.tensor.as<float>()[0], 1005.0F);
  }
  EXPECT_TRUE(solve({.inputs = {grey(5)}, .pipeline = "street"}).tasks.at(0).tensors.empty());
}

INSTANTIATE_TEST_SUITE_P(All, SolveInStages,
                         testing::Values(FlowSpec::Executors::kOne, FlowSpec::Executors::kThree),
                         [](const auto& executors) {
                           const bool one = executors.param == FlowSpec::Executors::kOne;
                           return std::string(one ? "One" : "Three");
                         });

TEST_F(Solve, WhatCannotBeReadIsATaskThatFailed) {
  std::ofstream(path("broken.png")) << "no picture";
  const Answer answer =
      solve({.inputs = {path("broken.png"), path("absent.mp4"), grey(3)}, .models = {"level"}});
  ASSERT_EQ(answer.tasks.size(), 3U);
  EXPECT_EQ(answer.failed, 2U);
  EXPECT_EQ(answer.done, 1U);
  EXPECT_THAT(answer.tasks[0].error->to_string(), HasSubstr("broken.png"));
  EXPECT_THAT(answer.tasks[1].error->to_string(), HasSubstr("absent.mp4"));
}

TEST_F(Solve, GivesEachResultToACallBackInstead) {
  std::vector<int64_t> seen;
  const Answer answer =
      solve({.inputs = {path("gate.mp4")}, .models = {"level"}, .on_task = [&](const Task& task) {
               EXPECT_NE(task.image(), nullptr);
               seen.push_back(task.seq);
             }});
  EXPECT_TRUE(answer.tasks.empty());
  EXPECT_EQ(answer.done, 20U);
  EXPECT_EQ(seen.size(), 20U);
  EXPECT_TRUE(std::is_sorted(seen.begin(), seen.end()));
}

TEST_F(Solve, StopsReadingWhenAsked) {
  std::stop_source stop;
  const Answer answer = solve({.inputs = {path("gate.mp4"), grey(1)},
                               .models = {"level"},
                               .on_task = [&](const Task&) { stop.request_stop(); },
                               .stop = stop.get_token()});
  EXPECT_LT(answer.done, 20U);
  EXPECT_GE(answer.done, 1U);
}

TEST_F(Solve, AnswersManyRequestsAtTheSameTime) {
  load_street();
  std::vector<std::future<Result<Answer>>> answers;
  for (int i = 0; i < 8; ++i) {
    Request request{.inputs = {path("photos"), grey(i)}};
    if (i % 2 == 0) request.pipeline = "street";
    if (i % 2 == 1) request.models = {"level"};
    answers.push_back(runtime_->solve_later(std::move(request)));
  }
  for (auto& answer : answers) EXPECT_EQ(answer.get()->done, 4U);
}

TEST_F(Solve, ModelsThatRequestsUsedCanBeUnloaded) {
  solve({.inputs = {grey(1)}, .models = {"level"}});
  solve({.inputs = {grey(1)}, .models = {"level", "plus"}});
  EXPECT_TRUE(runtime_->unload("level"));
  EXPECT_EQ(runtime_->loaded().size(), 1U);
  EXPECT_EQ(solve({.inputs = {grey(1)}, .models = {"plus"}}).done, 1U);
}

TEST_F(Solve, SaysWhatIsWrongWithARequest) {
  EXPECT_THAT(error_of({.inputs = {grey(1)}}), HasSubstr("neither models nor a pipeline"));
  EXPECT_THAT(error_of({.models = {"level"}}), HasSubstr("nothing to look at"));
  EXPECT_THAT(error_of({.inputs = {grey(1)}, .pipeline = "street"}),
              HasSubstr("no pipeline is called 'street'"));
  load_street();
  EXPECT_THAT(error_of({.inputs = {grey(1)}, .pipeline = "stret"}),
              HasSubstr("did you mean 'street'?"));
  EXPECT_THAT(error_of({.inputs = {grey(1)}, .pipeline = "street", .steps = {"face"}}),
              HasSubstr("did you mean 'faces'?"));
  EXPECT_THAT(error_of({.inputs = {grey(1)}, .pipeline = "street", .models = {"level"}}),
              HasSubstr("models and a pipeline"));
}

TEST_F(Solve, APipelineEndsWithTheLastWhoHoldsIt) {
  load_street();
  const auto held = runtime_->pipeline("street").value();
  EXPECT_TRUE(runtime_->unload_pipeline("street"));
  EXPECT_FALSE(runtime_->pipeline("street"));
  EXPECT_EQ(held->solve({.input = grey(2)})->outcome, Outcome::kDone);
  EXPECT_FALSE(runtime_->unload("level")) << "it is still used";
}

}  // namespace
}  // namespace weir
