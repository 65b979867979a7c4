// Pipeline files with real weights: what comes out is what the .jsonl beside each says. After a
// change that is meant, run this test with WEIR_UPDATE_EXPECTED=1 set, and read the difference.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <set>
#include <sstream>

#include "weir/assemble/run_pipeline.h"
#include "weir/data/finding_compare.h"
#include "weir/data/finding_json.h"
#include "weir/media/picture.h"

namespace weir {
namespace {

namespace fs = std::filesystem;

const std::string kFolder = WEIR_SOURCE_DIR "/tests/pipelines/";
const FindingTolerance kTolerance = {.box_px = 2,
                                     .score = 0.03F,
                                     .embedding = 0.01F,
                                     .time_ms = 0.5,
                                     .mask_iou = 0.97,
                                     .any_order = true};

struct Ran {
  std::vector<Task> tasks;
  std::map<std::string, uint64_t> runs;  // by stage
};

Result<Ran> run_file(const std::string& name, const std::vector<std::string>& overrides = {}) {
  config::LoadOptions options;
  options.overrides = overrides;
  WEIR_ASSIGN(PipelineSpec spec, read_pipeline_file(kFolder + name + ".yaml", options));
  spec.sinks.clear();  // nothing is left on the disk
  WEIR_ASSIGN(const auto runtime, Runtime::create({.threads = 2, .may_pull = false}));
  WEIR_ASSIGN(const auto pipe, Pipeline::make(*runtime, std::move(spec)));
  Ran ran;
  RunOptions run;
  run.on_task = [&](const Task& task) {
    ran.tasks.push_back(task);
    ran.tasks.back().input = {};
  };
  WEIR_ASSIGN(const RunReport report, run_pipeline(*pipe, run));
  for (const flow::StageStats& stage : report.stats.stages) ran.runs[stage.name] = stage.ended;
  return ran;
}

bool has_assets() {
  return fs::exists(WEIR_SOURCE_DIR "/../shared/assets/models/detection/yolox_nano_416.onnx");
}

std::string text_of(const fs::path& file) {
  std::stringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

// Embeddings are long, so that one file has them: the one that is about them.
std::string lines_of(const std::string& name, const std::vector<Task>& tasks) {
  std::string lines;
  for (const Task& task : tasks) {
    append_task_json(lines, task, {.embeddings = name == "faces"});
    lines += '\n';
  }
  return lines;
}

// From the .jsonl of the file. What is compared has been written, as numbers in lines are.
std::optional<std::string> difference(const std::string& name, const std::vector<Task>& tasks) {
  const std::string file = kFolder + name + ".jsonl";
  const auto expected = read_task_lines(text_of(file), file);
  if (!expected) return expected.error().to_string();
  const auto actual = read_task_lines(lines_of(name, tasks), "now");
  if (!actual) return actual.error().to_string();
  return first_difference(*expected, *actual, kTolerance);
}

// A model of the catalogue that the file uses and that was never pulled; empty: all are there.
std::string missing_model(const std::string& name) {
  const auto spec = read_pipeline_file(kFolder + name + ".yaml");
  const auto runtime = Runtime::create({.threads = 1, .may_pull = false});
  if (!spec || !runtime) return {};  // the test itself says what is wrong
  for (const auto& [called, model] : spec->models) {
    if (!model.use.empty() && !(*runtime)->locate(model.use)) return model.use;
  }
  return {};
}

class PipelineFile : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    if (!has_assets()) GTEST_SKIP() << "no assets";
    const std::string missing = missing_model(GetParam());
    if (!missing.empty()) GTEST_SKIP() << missing << " is not pulled";
  }
};

TEST_P(PipelineFile, FindsWhatIsExpected) {
  const auto ran = run_file(GetParam());
  ASSERT_TRUE(ran) << ran.error().to_string();
  const std::string file = kFolder + GetParam() + ".jsonl";
  if (std::getenv("WEIR_UPDATE_EXPECTED") != nullptr) {
    std::ofstream(file) << lines_of(GetParam(), ran->tasks);
  }
  EXPECT_EQ(difference(GetParam(), ran->tasks), std::nullopt);
}

TEST_P(PipelineFile, FindsTheSameInBatchesAndWithThreeExecutors) {
  const std::string name = GetParam();
  std::vector<std::string> overrides = {"flow.executors=three", "flow.credits=6"};
  const auto spec = read_pipeline_file(kFolder + name + ".yaml");
  ASSERT_TRUE(spec) << spec.error().to_string();
  for (const auto& [model, unused] : spec->models) {
    overrides.push_back("models." + model + ".batch=4");
    overrides.push_back("models." + model + ".instances=1");
  }
  const auto ran = run_file(name, overrides);
  ASSERT_TRUE(ran) << ran.error().to_string();
  EXPECT_EQ(difference(name, ran->tasks), std::nullopt);
}

INSTANTIATE_TEST_SUITE_P(All, PipelineFile,
                         testing::Values("street", "faces", "text", "pose", "drive", "hands"),
                         [](const auto& file) { return std::string(file.param); });

// The picture with its last pixel first.
fs::path upside_down(const std::string& file) {
  const Image image = read_picture(file).value();
  const ImageView from = image.view();
  const Image turned = Image::allocate(from.format, from.width, from.height).value();
  for (int y = 0; y < from.height; ++y) {
    for (int x = 0; x < from.width; ++x) {
      const uint8_t* const pixel = from.row(0, from.height - 1 - y) + 3 * (from.width - 1 - x);
      std::copy_n(pixel, 3, turned.view().row(0, y) + 3 * x);
    }
  }
  const fs::path written =
      fs::path(testing::TempDir()) / ("upside_down_" + std::to_string(getpid()) + ".png");
  EXPECT_TRUE(write_picture(turned, written.string()));
  return written;
}

TEST(Text, ThatStandsOnItsHeadIsReadAsWell) {
  if (!has_assets()) GTEST_SKIP() << "no assets";
  const fs::path page =
      upside_down(WEIR_SOURCE_DIR "/../shared/assets/images/ocr_text_synthetic.png");
  const auto ran = run_file("text", {"sources.pages.pictures=" + page.string()});
  fs::remove(page);
  ASSERT_TRUE(ran) << ran.error().to_string();
  ASSERT_EQ(ran->tasks.size(), 1U);
  std::set<std::string> read;
  for (const Finding& finding : ran->tasks[0].findings) {
    if (!finding.text.empty()) read.insert(finding.text);
  }
  EXPECT_THAT(read, testing::IsSupersetOf({"2026-11-21", "Plate ABC-1234"}));
}

TEST(Streams, SeveralInBatchesFindWhatOneFindsAlone) {
  if (!has_assets()) GTEST_SKIP() << "no assets";
  const std::string video =
      "{video: " WEIR_SOURCE_DIR
      "/../shared/assets/videos/preview_face-demographics-walking.mp4, end: 1.5}";
  const auto ran = run_file(
      "street", {"models.detector.batch=4", "models.detector.instances=1", "models.face.batch=4",
                 "models.identity.batch=4", "sources.b=" + video, "sources.c=" + video});
  ASSERT_TRUE(ran) << ran.error().to_string();
  std::map<std::string, std::vector<Task>> by_stream;
  for (const Task& task : ran->tasks) {
    std::vector<Task>& tasks = by_stream[task.stream];
    EXPECT_EQ(task.seq, static_cast<int64_t>(tasks.size())) << task.stream;
    tasks.push_back(task);
    tasks.back().stream = "street";
  }
  ASSERT_EQ(by_stream.size(), 3U);
  for (const auto& [stream, tasks] : by_stream) {
    EXPECT_EQ(difference("street", tasks), std::nullopt) << stream;
  }
}

// What was said last of each track: of its face's embedding.
std::map<int64_t, std::vector<float>> identities(const Ran& ran) {
  std::map<int64_t, std::vector<float>> last;
  for (const Task& task : ran.tasks) {
    std::map<int32_t, const Finding*> by_id;
    for (const Finding& finding : task.findings) by_id[finding.id] = &finding;
    for (const Finding& finding : task.findings) {
      if (finding.embedding.empty()) continue;
      const Finding* above = &finding;
      while (above->track == Finding::kNone && above->parent != Finding::kNone) {
        above = by_id.at(above->parent);
      }
      last[above->track] = finding.embedding;
    }
  }
  return last;
}

double cosine(const std::vector<float>& a, const std::vector<float>& b) {
  double product = 0, of_a = 0, of_b = 0;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    product += static_cast<double>(a[i]) * b[i];
    of_a += static_cast<double>(a[i]) * a[i];
    of_b += static_cast<double>(b[i]) * b[i];
  }
  return product / std::sqrt(of_a * of_b);
}

TEST(FaceChain, CostsAThirdWithMemoryAndTellsTheSamePeople) {
  if (!has_assets()) GTEST_SKIP() << "no assets";
  // Two heads, near enough for every frame to tell who they are.
  const std::string video =
      "sources.street={video: " WEIR_SOURCE_DIR
      "/../shared/assets/videos/preview_head-pose-face-detection-female-and-male.mp4}";
  const auto with = run_file("street", {video});
  ASSERT_TRUE(with) << with.error().to_string();
  const auto without = run_file(
      "street", {video, "steps.faces.every=1", "steps.faces.per=frame", "steps.who.per=frame"});
  ASSERT_TRUE(without) << without.error().to_string();
  const auto calls = [](const Ran& ran) { return ran.runs.at("faces") + ran.runs.at("who"); };
  EXPECT_LE(3 * calls(*with), calls(*without));
  EXPECT_GT(calls(*with), 0U);
  const std::map<int64_t, std::vector<float>> who = identities(*with);
  const std::map<int64_t, std::vector<float>> each_frame = identities(*without);
  EXPECT_GE(who.size(), 2U);
  EXPECT_EQ(who.size(), each_frame.size());
  // Of all whom the other run knows, each is most like itself.
  for (const auto& one : who) {  // clang 14 lets no lambda see the names of its parts
    const auto nearest =
        std::max_element(each_frame.begin(), each_frame.end(), [&](const auto& a, const auto& b) {
          return cosine(a.second, one.second) < cosine(b.second, one.second);
        });
    ASSERT_NE(nearest, each_frame.end());
    EXPECT_EQ(nearest->first, one.first);
  }
}

}  // namespace
}  // namespace weir
