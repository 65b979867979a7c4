// Runtime::open_model with a spec: use, components, options, threads, and names that are wrong.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "weir/assemble/runtime.h"

namespace weir {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class OpenModel : public testing::Test {
 protected:
  OpenModel() : folder_(fs::path(testing::TempDir()) / ("open_" + std::to_string(getpid()))) {
    fs::create_directories(folder_ / "two");
    write("a.fake", "input x float32 1x3\noutput y = scale x 2 0\n");
    write("b.fake", "input z float32 1x4\noutput y = identity z\n");
    fs::copy_file(folder_ / "a.fake", folder_ / "two/encoder.fake");
    fs::copy_file(folder_ / "b.fake", folder_ / "two/decoder.fake");
    setenv("WEIR_CATALOGUE", (folder_ / "catalogue.yaml").c_str(), 1);
    std::ofstream(folder_ / "catalogue.yaml")
        << "catalogue:\n"
           "  one: {path: a.fake, licence: MIT, family: doubling, labels: [low, high],\n"
           "        input: {size: [32, 16], colour: bgr, scale: 0.5, mean: [1, 2, 3],\n"
           "                resize: letterbox}}\n"
           "  pair: {path: two, licence: MIT, family: doubling}\n";
    runtime_ = Runtime::create({.threads = 6}).value();
  }
  ~OpenModel() override {
    unsetenv("WEIR_CATALOGUE");
    fs::remove_all(folder_);
  }

  void write(const char* file, const char* graph) {
    std::ofstream(folder_ / file) << "weir-fake 1\n" << graph;
  }

  // The spec's paths are relative to the folder.
  Result<OpenedModel> open(const std::string& yaml) {
    const std::string file = (folder_ / "spec.yaml").string();
    WEIR_ASSIGN(const config::Node node, config::parse_yaml(yaml, file));
    WEIR_ASSIGN(const ModelSpec spec, read_model_spec(node, "models.m"));
    return runtime_->open_model(spec, "models.m");
  }

  OpenedModel must_open(const std::string& yaml) {
    auto opened = open(yaml);
    EXPECT_TRUE(opened) << opened.error().to_string();
    return opened ? std::move(opened).value() : OpenedModel();
  }

  std::string error_of(const std::string& yaml) {
    const auto opened = open(yaml);
    EXPECT_FALSE(opened);
    return opened ? "" : opened.error().to_string();
  }

  fs::path folder_;
  std::unique_ptr<Runtime> runtime_;
};

TEST_F(OpenModel, AModelOfOneFileHasOnePart) {
  const OpenedModel opened = must_open("file: a.fake");
  ASSERT_EQ(opened.parts.size(), 1U);
  EXPECT_EQ(opened.parts.at("")->inputs().front().name, "x");
}

TEST_F(OpenModel, ComponentsAreOpenedByTheirNames) {
  const OpenedModel opened =
      must_open("components: {encoder: a.fake, decoder: {file: b.fake, backend: fake}}");
  ASSERT_EQ(opened.parts.size(), 2U);
  EXPECT_EQ(opened.parts.at("encoder")->inputs().front().name, "x");
  EXPECT_EQ(opened.parts.at("decoder")->inputs().front().name, "z");
}

TEST_F(OpenModel, TheCatalogueGivesWhatTheSpecLeavesOpen) {
  const ModelSpec spec =
      must_open("{use: one, input: {colour: rgb}, thresholds: {score: 0.3}}").spec;
  EXPECT_EQ(spec.use, "");
  EXPECT_EQ(spec.file.path, (folder_ / "a.fake").string());
  EXPECT_EQ(spec.family, "doubling");
  EXPECT_EQ(spec.labels.names, (std::vector<std::string>{"low", "high"}));
  EXPECT_EQ(spec.input.size, (InputSize{32, 16}));
  EXPECT_EQ(spec.input.scale->value, 0.5);
  EXPECT_EQ(spec.input.mean, (std::vector<double>{1, 2, 3}));
  EXPECT_EQ(spec.input.resize.policy, ResizeSpec::Policy::kLetterbox);
  // What the user wrote stands over it.
  EXPECT_EQ(spec.input.colour, InputSpec::Colour::kRgb);
  EXPECT_EQ(spec.thresholds.score, 0.3);
}

TEST_F(OpenModel, AnEntryOfSeveralModelFilesBecomesComponents) {
  const OpenedModel opened = must_open("pair");
  ASSERT_EQ(opened.parts.size(), 2U);
  EXPECT_EQ(opened.parts.at("decoder")->inputs().front().name, "z");
  EXPECT_TRUE(opened.spec.file.empty());
}

TEST_F(OpenModel, OneFileOfAnEntryCanBeNamed) {
  const OpenedModel opened = must_open("use: pair/decoder.fake");
  ASSERT_EQ(opened.parts.size(), 1U);
  EXPECT_EQ(opened.parts.at("")->inputs().front().name, "z");
}

TEST_F(OpenModel, WithoutAWordTheBudgetIsDividedBetweenTheInstances) {
  const OpenedModel opened = must_open("{file: a.fake, instances: 2}");
  ASSERT_EQ(runtime_->threads().claims().size(), 1U);
  EXPECT_EQ(runtime_->threads().claims().front().who, "models.m");
  EXPECT_EQ(runtime_->threads().claimed(), 6);  // three each
}

TEST_F(OpenModel, ThePartsOfOneModelShareTheirThreads) {
  {
    const OpenedModel opened =
        must_open("{components: {e: {file: a.fake, threads: 2}, d: b.fake}, threads: 3}");
    EXPECT_EQ(runtime_->threads().claimed(), 3);
    const OpenedModel other = must_open("{file: a.fake, threads: 1}");
    EXPECT_EQ(runtime_->threads().claimed(), 4);
  }
  EXPECT_EQ(runtime_->threads().claimed(), 0);
}

TEST_F(OpenModel, ABackEndGetsItsOwnOptionsAndNoOthers) {
  must_open("{file: a.fake, options: {onnxruntime: {provider: cuda}}}");
  EXPECT_THAT(error_of("{file: a.fake, options: {fake: {nonsense: 1}}}"), HasSubstr("nonsense"));
}

TEST_F(OpenModel, AnAliasIsReadAsTheNameThatItStandsFor) {
  EXPECT_EQ(must_open("{file: a.fake, family: rt-detr}").spec.family, "detr");
  EXPECT_EQ(must_open("{file: a.fake, family: yolo11}").spec.family, "yolov8");
  EXPECT_THAT(error_of("{file: a.fake, family: rt-dert}"), HasSubstr("did you mean 'rt-detr'"));
  // Also where this build has neither.
  const ModelSpec options = must_open("{file: a.fake, options: {ort: {a: b}, ov: {c: d}}}").spec;
  EXPECT_EQ(options.options.count("onnxruntime"), 1U);
  EXPECT_EQ(options.options.count("openvino"), 1U);
  EXPECT_THAT(error_of("{file: a.fake, options: {ort: {a: b}, onnxruntime: {c: d}}}"),
              HasSubstr("models.m.options: the options of 'onnxruntime' stand twice"));
}

TEST_F(OpenModel, AnAliasOfABackEndOpensTheModelWithIt) {
  for (const auto& [alias, name] : {std::pair("ort", "onnxruntime"), std::pair("ov", "openvino")}) {
    if (!runtime_->backends().find(name)) continue;
    EXPECT_EQ(runtime_->backends().find(alias).value()->name(), name);
    // It is asked, and says what it thinks of the file.
    EXPECT_THAT(error_of(std::string("{file: a.fake, backend: ") + alias + "}"),
                testing::Not(HasSubstr("unknown back end")));
  }
}

TEST_F(OpenModel, AnUnknownNameSuggestsTheNearest) {
  const std::pair<const char*, const char*> rows[] = {
      {"{file: a.fake, backend: faek}",
       "models.m.backend: unknown back end 'faek'; did you mean 'fake'"},
      {"components: {e: {file: a.fake, backend: faek}}", "models.m.components.e.backend: unknown"},
      {"{file: a.fake, options: {onxruntime: {}}}",
       "models.m.options: unknown back end 'onxruntime'"},
      {"{file: a.fake, family: yolx}",
       "models.m.family: unknown family 'yolx'; did you mean 'yolox'"},
      {"{file: a.fake, family: dubling}", "did you mean 'doubling'"},
      {"use: onee", "did you mean 'one'"},
      {"use: pair/dekoder.fake", "did you mean 'decoder.fake'"},
  };
  for (const auto& [yaml, message] : rows) EXPECT_THAT(error_of(yaml), HasSubstr(message)) << yaml;
}

TEST_F(OpenModel, AMissingFileIsNamedWithItsPart) {
  EXPECT_THAT(error_of("components: {e: a.fake, d: nowhere.fake}"),
              testing::AllOf(HasSubstr("models.m.d"), HasSubstr("nowhere.fake"),
                             HasSubstr("no such file")));
}

TEST_F(OpenModel, OpensARealModel) {
  const fs::path real =
      WEIR_SOURCE_DIR "/../shared/assets/models/detection/yolox_nano_416_dynbatch.onnx";
  if (!fs::exists(real)) GTEST_SKIP() << "no " << real;
  if (!runtime_->backends().for_file(real.string())) GTEST_SKIP() << "no back end reads ONNX";
  const OpenedModel opened = must_open("{file: " + real.string() +
                                       ", family: yolox, threads: 1, batch: 2, "
                                       "shapes: {images: 1x3x416x416}}");
  EXPECT_EQ(opened.parts.at("")->inputs().front().name, "images");
}

}  // namespace
}  // namespace weir
