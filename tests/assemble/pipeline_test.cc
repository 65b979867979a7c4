// Pipelines over the fake back end, with a family of the test's own: the logic, without weights.
#include "weir/assemble/pipeline.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <thread>

#include "weir/backend/fake/fake_backend.h"
#include "weir/base/mutex.h"
#include "weir/data/finding_json.h"
#include "weir/model/picture_input.h"

namespace weir {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;
namespace fs = std::filesystem;

// Finds as many boxes as its option says, or as the first pixel says, side by side; an option makes
// it fail on pictures whose first pixel is 13.
class BoxesFamily : public Family {
 public:
  BoxesFamily(PictureInput picture, int count, bool fails)
      : picture_(std::move(picture)), count_(count), fails_(fails) {}

  Status shape_for(const ItemSource& item, std::span<Shape> inputs) const override {
    return picture_.shape_for(item, inputs[0]);
  }
  Status prepare(const ItemSource& item, std::span<const TensorView> inputs,
                 ItemPlan& plan) const override {
    return picture_.prepare(item, inputs[0], plan);
  }
  Status interpret(std::span<const TensorView>, const ItemSource& item, const ItemPlan&,
                   std::vector<Finding>& found) const override {
    const uint8_t level = item.picture->row(0, 0)[0];
    if (fails_ && level == 13) return Error(ErrorCode::kInternal, "thirteen");
    const int count = count_ < 0 ? level : count_;
    for (int i = 0; i < count; ++i) {
      const auto x = static_cast<float>(i % 16);
      found.push_back({.box = Box{x, 0, x + 1, 4},
                       .best = ClassScore{i % 2, 1.0F - static_cast<float>(i) / 1000}});
    }
    return {};
  }

 private:
  PictureInput picture_;
  int count_;
  bool fails_;
};

// Runs only when so many are prepared.
class GatheringFamily final : public BoxesFamily, public OwnInfer {
 public:
  GatheringFamily(PictureInput picture, int gathers)
      : BoxesFamily(std::move(picture), -1, false), gathers_(gathers) {}

  Status prepare(const ItemSource& item, std::span<const TensorView> inputs,
                 ItemPlan& plan) const override {
    const MutexLock lock(mutex_);
    if (++prepared_ >= gathers_) gathered_.notify_all();
    return BoxesFamily::prepare(item, inputs, plan);
  }
  Status infer(std::span<Session* const> sessions) const override {
    {
      const MutexLock lock(mutex_);
      while (prepared_ < gathers_) gathered_.wait(mutex_);
    }
    return sessions.front()->run();
  }

 private:
  int gathers_;
  mutable Mutex mutex_;
  mutable CondVar gathered_;
  mutable int prepared_ WEIR_GUARDED_BY(mutex_) = 0;
};

FamilyInfo boxes_family() {
  FamilyInfo info;
  info.name = "boxes";
  info.labels.names = {"even", "odd"};
  info.options = {
      {"count", "how many"}, {"fails", "whether it fails"}, {"gathers", "how many it waits for"}};
  info.make = [](const FamilyContext& context) -> Result<std::unique_ptr<const Family>> {
    const auto option = [&](const char* name) {
      const auto& values = context.spec.family_options.values;
      const auto found = values.find(name);
      return found == values.end() ? std::string() : found->second;
    };
    WEIR_ASSIGN(PictureInput picture, PictureInput::make(context, context.model().inputs()[0], {}));
    const std::string count = option("count"), gathers = option("gathers");
    if (!gathers.empty()) {
      return std::make_unique<const GatheringFamily>(std::move(picture), std::stoi(gathers));
    }
    return std::make_unique<const BoxesFamily>(
        std::move(picture), count.empty() ? -1 : std::stoi(count), option("fails") == "yes");
  };
  return info;
}

class PipelineTest : public testing::Test {
 protected:
  PipelineTest() : folder_(fs::path(testing::TempDir()) / ("pipe_" + std::to_string(getpid()))) {
    fs::create_directories(folder_);
    std::ofstream(folder_ / "m.fake")
        << "weir-fake 1\ninput x float32 1x3x4x16\noutput y = identity x\n";
    std::ofstream(folder_ / "b.fake")
        << "weir-fake 1\ninput x float32 ?x3x4x16\noutput y = identity x\n";
    std::ofstream(folder_ / "refuses.fake")
        << "weir-fake 1\ninput x float32 ?x3x4x16\noutput y = identity x\nmax_batch 1\n";
    runtime_ = Runtime::create({.threads = 2, .may_pull = false}).value();
    EXPECT_TRUE(runtime_->families().add(boxes_family()));
  }
  ~PipelineTest() override { fs::remove_all(folder_); }

  Result<std::unique_ptr<Pipeline>> try_make(const std::string& steps) {
    const std::string models =
        "models:\n  pixel: {file: m.fake, family: boxes}\n"
        "  one: {file: m.fake, family: boxes, family_options: {count: 1}}\n"
        "  many: {file: m.fake, family: boxes, family_options: {count: 500}}\n"
        "  fails: {file: m.fake, family: boxes, family_options: {count: 1, fails: 'yes'}}\n"
        "  batch: {file: b.fake, family: boxes, batch: 4, instances: 1}\n"
        "  batch_fails: {file: b.fake, family: boxes, batch: 4, instances: 1,\n"
        "    family_options: {count: 1, fails: 'yes'}}\n"
        "  gathers: {file: b.fake, family: boxes, batch: 4, instances: 1,\n"
        "    family_options: {gathers: 9}}\n"
        "  batch_refused: {file: refuses.fake, family: boxes, batch: 4, instances: 1}\n"
        "  device: {file: b.fake, family: boxes, batch: 4, device: 'fake:0'}\n";
    WEIR_ASSIGN(const config::Node root,
                config::load_text(models + steps, (folder_ / "p.yaml").string()));
    WEIR_ASSIGN(PipelineSpec spec, read_pipeline_spec(root));
    return Pipeline::make(*runtime_, std::move(spec));
  }
  std::unique_ptr<Pipeline> make(const std::string& steps) {
    auto pipe = try_make(steps);
    EXPECT_TRUE(pipe) << pipe.error().to_string();
    return std::move(pipe).value();
  }

  // A picture whose first pixel says how many boxes it has.
  static Task task(int level) {
    const Image image = Image::allocate(PixelFormat::kGrey, 16, 4).value();
    for (int y = 0; y < 4; ++y)
      std::fill_n(image.view().row(0, y), 16, static_cast<uint8_t>(level));
    return {.input = image};
  }

  // Posts them all, and gives what came out, in order.
  static std::vector<Task> run(Pipeline& pipe, const std::vector<int>& levels,
                               const std::string& name = "s") {
    const flow::StreamId stream = pipe.open_stream({.name = name, .credits = 4}).value();
    std::vector<Task> done;
    std::jthread poster([&] {
      for (const int level : levels) EXPECT_TRUE(pipe.post(stream, task(level)));
    });
    for (std::size_t i = 0; i < levels.size(); ++i) {
      auto result = pipe.wait(stream);
      EXPECT_TRUE(result) << result.error().to_string();
      done.push_back(std::move(result).value());
    }
    return done;
  }

  // How many findings each step has: "objects 3, faces 3".
  static std::string counts(const Task& task) {
    std::string text;
    for (std::size_t step = 0; step < task.steps->size(); ++step) {
      const auto number = static_cast<int32_t>(step);
      const auto count = std::count_if(task.findings.begin(), task.findings.end(),
                                       [&](const Finding& f) { return f.step == number; });
      text += (text.empty() ? "" : ", ") + std::string(task.steps->name(number)) + " " +
              std::to_string(count);
    }
    return text;
  }

  fs::path folder_;
  std::unique_ptr<Runtime> runtime_;
};

constexpr const char* kChain =
    "steps:\n  objects: pixel\n  faces: {model: one, on: objects}\n"
    "  who: {model: one, on: faces}\n";

TEST_F(PipelineTest, GivesWhatEachStepFoundWithItsParents) {
  const auto pipe = make(kChain);
  const Task done = pipe->solve(task(3)).value();
  EXPECT_EQ(done.outcome, Outcome::kDone);
  EXPECT_EQ(counts(done), "objects 3, faces 3, who 3");
  for (const Finding& finding : done.findings) {
    EXPECT_EQ(finding.parent, finding.step == 0 ? Finding::kNone : finding.id - 3);
  }
}

TEST_F(PipelineTest, FindsNothingAndIsDone) {
  const auto pipe = make(kChain);
  const std::vector<Task> done = run(*pipe, {0, 2, 0});
  EXPECT_EQ(counts(done[0]), "objects 0, faces 0, who 0");
  EXPECT_EQ(counts(done[1]), "objects 2, faces 2, who 2");
  for (const Task& task : done) EXPECT_EQ(task.outcome, Outcome::kDone);
}

TEST_F(PipelineTest, GoesOnWhereAllIsRejected) {
  const auto pipe = make(
      "steps:\n  objects: {model: pixel, keep: {min_side: 100}}\n"
      "  faces: {model: one, on: objects}\n  odd: {model: one, on: all, keep: {labels: odd}}\n"
      "  all: pixel\n");
  EXPECT_EQ(counts(pipe->solve(task(5)).value()), "objects 0, faces 0, odd 2, all 5");
}

TEST_F(PipelineTest, LooksAtFiveHundredFindingsOfOnePicture) {
  const auto pipe = make(
      "steps:\n  objects: many\n  faces: {model: one, on: objects}\n"
      "  few: {model: one, on: objects, keep: {max_count: 7}}\n");
  EXPECT_EQ(counts(pipe->solve(task(0)).value()), "objects 500, faces 500, few 7");
}

TEST_F(PipelineTest, FailsATaskAndGoesOnWithTheStream) {
  const auto pipe = make("steps:\n  objects: one\n  bad: {model: fails, on: objects}\n");
  const std::vector<Task> done = run(*pipe, {1, 13, 2, 13, 3});
  for (std::size_t i = 0; i < done.size(); ++i) {
    EXPECT_EQ(done[i].seq, static_cast<int64_t>(i));
    const bool fails = i % 2 == 1;
    EXPECT_EQ(done[i].outcome, fails ? Outcome::kFailed : Outcome::kDone);
    EXPECT_EQ(counts(done[i]), fails ? "objects 1, bad 0" : "objects 1, bad 1");
    if (!fails) continue;
    EXPECT_THAT(done[i].error->to_string(), HasSubstr("thirteen"));
    EXPECT_THAT(done[i].error->to_string(), HasSubstr("bad"));
  }
}

TEST_F(PipelineTest, FailsATaskThatComesWithAnError) {
  const auto pipe = make(kChain);
  Task broken;
  broken.fail({ErrorCode::kCorrupt, "no picture", "a.jpg"});
  const Task done = pipe->solve(std::move(broken)).value();
  EXPECT_EQ(done.outcome, Outcome::kFailed);
  EXPECT_EQ(done.error->to_string(), "a.jpg: no picture");
  EXPECT_TRUE(done.findings.empty());
}

TEST_F(PipelineTest, DoesTheStepsThatAreAskedForAndWhatTheyNeed) {
  const auto pipe = make(kChain);
  EXPECT_EQ(counts(pipe->solve(task(2), pipe->step_set({"objects"}).value()).value()),
            "objects 2, faces 0, who 0");
  EXPECT_EQ(counts(pipe->solve(task(2), pipe->step_set({"faces"}).value()).value()),
            "objects 2, faces 2, who 0");
  EXPECT_THAT(pipe->step_set({"face"}).error().to_string(), HasSubstr("did you mean 'faces'?"));
}

TEST_F(PipelineTest, DoesTheStepsThatAStreamIsOpenedForAndWhatTheyNeed) {
  const auto pipe = make(kChain);
  const auto open = [&](const char* name, const std::vector<std::string>& steps) {
    return pipe->open_stream({.name = name, .steps = pipe->step_set(steps).value()}).value();
  };
  const flow::StreamId street = open("street", {"objects"});
  const flow::StreamId photos = open("photos", {"faces"});
  ASSERT_TRUE(pipe->offer(street, task(2), 0));
  ASSERT_TRUE(pipe->offer(photos, task(2), 0));
  EXPECT_EQ(counts(pipe->wait(street).value()), "objects 2, faces 0, who 0");
  EXPECT_EQ(counts(pipe->wait(photos).value()), "objects 2, faces 2, who 0");
}

TEST_F(PipelineTest, GivesAnEarlierAnswerBetweenTimes) {
  const auto pipe = make("steps:\n  objects: {model: pixel, every: 3}\n  all: pixel\n");
  const std::vector<Task> done = run(*pipe, {1, 2, 3, 4, 5, 6, 7, 8});
  std::vector<std::string> seen;
  for (const Task& task : done) {
    const auto reused = std::count_if(
        task.findings.begin(), task.findings.end(),
        [&](const Finding& f) { return f.reused_from == task.seq / 3 * 3 && f.step == 0; });
    seen.push_back(counts(task) + (reused > 0 ? " again" : ""));
  }
  EXPECT_THAT(seen,
              ElementsAre("objects 1, all 1", "objects 1, all 2 again", "objects 1, all 3 again",
                          "objects 4, all 4", "objects 4, all 5 again", "objects 4, all 6 again",
                          "objects 7, all 7", "objects 7, all 8 again"));
}

TEST_F(PipelineTest, AsksOncePerTrack) {
  const auto pipe = make(
      "steps:\n  objects: pixel\n  tracks: {track: bytetrack, on: objects}\n"
      "  faces: {model: one, on: tracks, per: track}\n"
      "  again: {model: one, on: tracks, per: track, every: 4}\n");
  const std::vector<Task> done = run(*pipe, {2, 2, 2, 2, 2, 2});
  for (const Task& task : done) {
    EXPECT_EQ(counts(task), "objects 0, tracks 2, faces 2, again 2");
    for (const Finding& finding : task.findings) {
      if (finding.step == 1) {
        EXPECT_GT(finding.track, 0);
      }
      if (finding.step == 2) {
        EXPECT_EQ(finding.reused_from, task.seq == 0 ? Finding::kNone : 0);
      }
      if (finding.step == 3) {
        EXPECT_EQ(finding.reused_from, task.seq % 4 == 0 ? Finding::kNone : task.seq / 4 * 4);
      }
    }
  }
  flow::MeterCursor cursor;
  uint64_t runs = 0;
  for (const flow::StageStats& stage : pipe->flow().stats(cursor).stages) {
    if (stage.name == "faces") runs = stage.ended;
  }
  EXPECT_EQ(runs, 2U) << "12 without memory";
}

// One frame at a time, so that each knows how the one before it ended.
TEST_F(PipelineTest, AsksAgainWhereThereWasNoAnswer) {
  const auto pipe = make(
      "steps:\n  objects: one\n  tracks: {track: bytetrack, on: objects}\n"
      "  faces: {model: fails, on: tracks, per: track}\n"
      "  now_and_then: {model: fails, on: tracks, every: 9}\n"
      "  other: {model: one, on: tracks, per: track}\n");
  const flow::StreamId stream = pipe->open_stream({.name = "s", .credits = 1}).value();
  std::vector<std::string> seen;
  for (const int level : {13, 13, 2, 4}) {
    ASSERT_TRUE(pipe->post(stream, task(level)));
    const Task done = pipe->wait(stream).value();
    seen.push_back(std::string(name(done.outcome)) + ":");
    for (const Finding& finding : done.findings) {
      if (finding.step < 2) continue;
      seen.back() +=
          " " + std::string(done.steps->name(finding.step)) +
          (finding.reused_from == Finding::kNone ? ""
                                                 : " of " + std::to_string(finding.reused_from));
    }
  }
  EXPECT_EQ(seen[0], "failed:");
  EXPECT_EQ(seen[1], "failed:");
  // Of the step that does not fail, what it answered in a frame that failed may be kept.
  EXPECT_THAT(seen[2], StartsWith("done: faces now_and_then other"));
  EXPECT_THAT(seen[3], StartsWith("done: faces of 2 now_and_then of 2 other of "));
}

TEST_F(PipelineTest, GivesTheSameWhateverTheTiming) {
  const auto lines = [&](int threads) {
    const auto pipe =
        make("flow: {threads: " + std::to_string(threads) +
             "}\nsteps:\n  objects: {model: pixel, every: 2}\n"
             "  tracks: {track: sort, on: objects}\n"
             "  faces: {model: pixel, on: tracks, per: track, every: 3}\n  side: {model: one, on: "
             "[faces, objects]}\n");
    std::vector<int> levels;
    for (int i = 0; i < 60; ++i) levels.push_back(i * 7 % 5);
    std::string text;
    for (const Task& task : run(*pipe, levels)) append_task_json(text, task);
    return text;
  };
  const std::string one = lines(1);
  EXPECT_EQ(lines(4), one);
  EXPECT_EQ(lines(3), one);
}

// Three streams at once through a chain with memory; what each gave, as lines.
class InParts : public PipelineTest, public testing::WithParamInterface<const char*> {};

TEST_P(InParts, GivesTheSameAsInOneStage) {
  constexpr const char* kSteps =
      "steps:\n  objects: {model: MODEL, every: 2}\n  all: MODEL\n"
      "  tracks: {track: sort, on: objects}\n  side: {model: MODEL, on: [all, tracks]}\n"
      "  faces: {model: MODEL, on: tracks, per: track, every: 3}\n";
  const auto lines = [&](const std::string& flow, const std::string& model) {
    std::string steps = kSteps;
    for (std::size_t at = 0; (at = steps.find("MODEL")) != std::string::npos;) {
      steps.replace(at, 5, model);
    }
    const auto pipe = make("flow: {" + flow + "}\n" + steps);
    std::array<std::string, 3> text;
    std::vector<std::jthread> streams;
    for (std::size_t i = 0; i < text.size(); ++i) {
      streams.emplace_back([&, i] {
        std::vector<int> levels;
        for (std::size_t n = 0; n < 40; ++n) levels.push_back(static_cast<int>(n * (7 + i) % 5));
        const std::string name = "s" + std::to_string(i);
        for (const Task& task : run(*pipe, levels, name)) append_task_json(text[i], task);
      });
    }
    streams.clear();
    return text;
  };
  EXPECT_EQ(lines(GetParam(), "batch"), lines("threads: 2", "pixel"));
}

INSTANTIATE_TEST_SUITE_P(All, InParts,
                         testing::Values("threads: 1", "threads: 3", "executors: three",
                                         "executors: three, mode: latency"),
                         [](const auto& flow) { return "case" + std::to_string(flow.index); });

TEST_F(PipelineTest, FailsOneOfABatchAlone) {
  const auto pipe = make(
      "flow: {threads: 2}\nsteps:\n  bad: batch_fails\n"
      "  items: {model: batch_fails, on: bad}\n");
  const flow::StreamId stream = pipe->open_stream({.name = "s", .credits = 64}).value();
  for (int i = 0; i < 64; ++i) ASSERT_TRUE(pipe->offer(stream, task(i % 5 == 2 ? 13 : 1), i));
  for (int i = 0; i < 64; ++i) {
    const Task done = pipe->wait(stream).value();
    EXPECT_EQ(done.seq, i);
    EXPECT_EQ(done.outcome, i % 5 == 2 ? Outcome::kFailed : Outcome::kDone) << i;
  }
}

TEST_F(PipelineTest, RunsABatchThatTheModelRefusesOneByOne) {
  const auto pipe =
      make("steps:\n  objects: pixel\n  items: {model: batch_refused, on: objects}\n");
  EXPECT_EQ(counts(run(*pipe, {3}).front()), "objects 3, items 9");
}

TEST_F(PipelineTest, FormsBatchesOfSeveralStreams) {
  const auto pipe = make("flow: {threads: 2}\nsteps:\n  all: gathers\n");
  std::vector<flow::StreamId> streams;
  for (const char* name : {"a", "b", "c"}) {
    streams.push_back(pipe->open_stream({.name = name, .credits = 3}).value());
  }
  flow::MeterCursor cursor;
  static_cast<void>(pipe->flow().stats(cursor));
  for (int i = 0; i < 3; ++i) {
    for (const flow::StreamId stream : streams) ASSERT_TRUE(pipe->offer(stream, task(i), i));
  }
  for (const flow::StreamId stream : streams) {
    for (int i = 0; i < 3; ++i) {
      const Task done = pipe->wait(stream).value();
      EXPECT_EQ(done.seq, i);
      EXPECT_EQ(done.findings.size(), static_cast<std::size_t>(i));
    }
  }
  for (const flow::StageStats& stage : pipe->flow().stats(cursor).stages) {
    if (stage.name != "all") continue;
    EXPECT_EQ(stage.ended, 9U);
    EXPECT_GE(stage.batch_mean, 9 / 4.0) << "the first alone, then what is ready";
  }
}

TEST_F(PipelineTest, GivesADeviceThreadsOfItsOwn) {
  const auto pipe = make("steps:\n  objects: device\n  faces: {model: device, on: objects}\n");
  const std::vector<Task> done = run(*pipe, {3, 0, 2, 1});
  EXPECT_EQ(counts(done[0]), "objects 3, faces 9");
  EXPECT_EQ(counts(done[1]), "objects 0, faces 0");
  const auto& executors = pipe->flow().graph().executors();
  ASSERT_EQ(executors.size(), 2U);
  EXPECT_EQ(executors[1].kind, flow::ExecutorKind::kDevice);
  EXPECT_EQ(executors[1].lanes, 2U);
}

// The stages, the first to go first.
std::vector<std::string> ranked(const flow::Graph& graph) {
  std::vector<std::string> names(graph.stages().size());
  for (const flow::Stage& stage : graph.stages()) names[stage.rank] = stage.spec.name;
  return names;
}

TEST_F(PipelineTest, LetsAllStagesOfAStepGoByItsPriority) {
  const auto pipe = make(
      "flow: {nice: 7}\nsteps:\n  objects: pixel\n  last: {track: sort, on: objects, priority: "
      "-1}\n"
      "  first: {model: one, on: objects, priority: 5}\n  second: {model: batch, priority: 3}\n");
  const auto& graph = pipe->flow().graph();
  EXPECT_THAT(ranked(graph), ElementsAre("first.join", "first", "first.split", "second.interpret",
                                         "second", "second.prepare", "objects", "begin", "last"));
  for (const auto& executor : graph.executors()) EXPECT_EQ(executor.nice, 7);
}

TEST_F(PipelineTest, ACancelledTaskStillLeavesInItsOrder) {
  const auto pipe = make(kChain);
  const flow::StreamId stream = pipe->open_stream({.credits = 8}).value();
  std::vector<flow::Ticket> tickets;
  for (int i = 0; i < 8; ++i) tickets.push_back(pipe->post(stream, task(20)).value());
  pipe->flow().cancel(tickets[7]);
  for (int i = 0; i < 8; ++i) {
    const Task done = pipe->wait(stream).value();
    EXPECT_EQ(done.seq, i);
    const bool ended_first = done.outcome == Outcome::kDone;
    EXPECT_TRUE(ended_first || (i == 7 && done.outcome == Outcome::kDroppedCancelled));
  }
}

TEST_F(PipelineTest, SaysWhereALabelIsWrong) {
  const auto pipe = try_make("steps:\n  objects: {model: pixel, keep: {labels: [evn]}}\n");
  ASSERT_FALSE(pipe);
  EXPECT_THAT(pipe.error().to_string(),
              HasSubstr("p.yaml:14:33: no label is called 'evn'; did you mean 'even'?"));
}

TEST_F(PipelineTest, CountsItsThreadsOnce) {
  const auto pipe = make(kChain);
  EXPECT_EQ(runtime_->threads().claimed(), 2);
}

TEST_F(PipelineTest, SharesTheCoresWithAnother) {
  const auto pipe = make(kChain);
  const auto other = make("steps:\n  objects: pixel\n  again: one\n");
  EXPECT_EQ(runtime_->threads().claimed(), 2) << runtime_->threads().to_string();
  std::vector<int> levels(40);
  for (std::size_t i = 0; i < levels.size(); ++i) levels[i] = static_cast<int>(i % 5);
  std::vector<Task> of_other;
  {
    std::jthread beside([&] { of_other = run(*other, levels); });
    const std::vector<Task> done = run(*pipe, levels);
    for (std::size_t i = 0; i < done.size(); ++i) {
      EXPECT_EQ(done[i].findings.size(), 3 * static_cast<std::size_t>(levels[i]));
    }
  }
  ASSERT_EQ(of_other.size(), levels.size());
  for (std::size_t i = 0; i < levels.size(); ++i) {
    EXPECT_EQ(of_other[i].findings.size(), 1 + static_cast<std::size_t>(levels[i]));
  }
}

}  // namespace
}  // namespace weir
