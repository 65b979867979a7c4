#include "weir/assemble/pipeline_spec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "weir/assemble/explain.h"
#include "weir/config/template.h"

namespace weir {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Result<PipelineSpec> read(const std::string& yaml) {
  WEIR_ASSIGN(const config::Node root, config::load_text(yaml, "p.yaml"));
  return read_pipeline_spec(root);
}

constexpr const char* kDesign = R"(models:
  detector: {use: ssd-mobilenet-v2-oid}
  face:     {use: yunet}
  identity: {use: sface, backend: openvino, instances: 2}
steps:
  faces:   {model: face, on: people, every: 5, per: track}
  objects: {model: detector, score: 0.4, keep: {labels: [Person, Car]}}
  people:  {track: bytetrack, on: objects, keep: {labels: [Person]}}
  who:     {model: identity, on: faces, keep: {min_side: 40}}
sources:
  gate: {video: gate.mp4}
sinks:
  - {jsonl: out/results.jsonl}
  - {video: 'out/{source}.mp4'}
)";

TEST(PipelineSpec, ReadsTheExampleOfTheDesign) {
  const auto spec = read(kDesign);
  ASSERT_TRUE(spec) << spec.error().to_string();
  EXPECT_EQ(spec->models.size(), 3U);
  EXPECT_EQ(spec->sinks.size(), 2U);
  EXPECT_THAT(order_of(*spec), ElementsAre(1, 2, 0, 3)) << "whatever the order of the file";
}

TEST(PipelineSpec, RefusesTheSixtyFifthStep) {
  std::string yaml = "models: {m: {use: yunet}}\nsteps:\n";
  for (int i = 0; i < 64; ++i) yaml += "  s" + std::to_string(i) + ": m\n";
  EXPECT_TRUE(read(yaml));
  const auto spec = read(yaml + "  last: m\n");
  ASSERT_FALSE(spec);
  EXPECT_EQ(spec.error().to_string(),
            "p.yaml:67:9: 'last' is step 65; a pipeline has 64 at most; make two pipelines");
}

TEST(PipelineSpec, AProgramMayMakeOne) {
  PipelineSpec spec;
  spec.models.emplace_back("m", ModelSpec());
  spec.steps = {{"a", {.model = "m", .on = {"b"}}}};
  const Status wrong = check(spec);
  ASSERT_FALSE(wrong);
  EXPECT_THAT(wrong.error().to_string(), HasSubstr("steps.a.on[0]: no step is called 'b'"));
}

TEST(Explain, DrawsWhoFeedsWhom) {
  const auto spec = read(kDesign);
  ASSERT_TRUE(spec) << spec.error().to_string();
  const std::string chart = to_mermaid(*spec);
  for (const char* line :
       {"flowchart LR\n", "source0([\"gate<br/>video gate.mp4\"])",
        "source0 -- \"as many frames as keep the workers busy\" --> step1\n",
        "subgraph executor[\"executor cpu, a worker per core", "step1 --> step2\n",
        "step2 --> step0\n", "step0 --> step3\n", "step3 --> sink0\n",
        "faces<br/>face, on people, every 5 frames, once per track<br/>yunet"}) {
    EXPECT_THAT(chart, HasSubstr(line));
  }
  EXPECT_THAT(chart, testing::Not(HasSubstr("source0 --> step2")));
}

// The page's tables are made from the field tables: after a change of those, run this test with
// WEIR_UPDATE_DOCS=1 set.
TEST(PipelineSpec, TheDocsPageIsWhatTheTablesSay) {
  const std::string path = WEIR_SOURCE_DIR "/docs/pipelines.md";
  const std::string marker =
      "<!-- made from the field tables; see tests/assemble/pipeline_spec_test.cc -->\n";
  const auto page = config::read_text_file(path);
  ASSERT_TRUE(page) << page.error().to_string();
  const std::size_t at = page->find(marker);
  ASSERT_NE(at, std::string::npos);
  const std::string made = page->substr(0, at) + marker + "\n" +
                           config::markdown_tables(config::table_of<StepSpec>()) + "\n" +
                           config::markdown_tables(config::table_of<SourceSpec>()) + "\n" +
                           config::markdown_tables(config::table_of<FlowSpec>());
  if (std::getenv("WEIR_UPDATE_DOCS") != nullptr) std::ofstream(path) << made;
  EXPECT_EQ(*page, made);
}

}  // namespace
}  // namespace weir
