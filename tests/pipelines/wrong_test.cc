// Every pipeline of wrong.txt is refused before anything runs, with exactly the place, the reason
// and the hint that stand below it.
#include <gtest/gtest.h>

#include <cctype>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "weir/assemble/pipeline_spec.h"
#include "weir/assemble/run_pipeline.h"

namespace weir {
namespace {

struct Wrong {
  std::string title;
  std::string yaml;
  std::string error;
};

void PrintTo(const Wrong& wrong, std::ostream* out) {
  *out << wrong.yaml;
}

// "## title", the file, "=> what is said".
std::vector<Wrong> read_table() {
  std::ifstream file(WEIR_SOURCE_DIR "/tests/pipelines/wrong.txt");
  std::vector<Wrong> table;
  bool open = false;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("## ")) {
      table.push_back({line.substr(3), {}, {}});
      open = true;
    } else if (line.starts_with("=> ") && open) {
      table.back().error = line.substr(3);
      open = false;
    } else if (open) {
      table.back().yaml += line + "\n";
    }
  }
  return table;
}

class WrongPipeline : public testing::TestWithParam<Wrong> {};

TEST_P(WrongPipeline, IsRefusedWithItsPlaceAndAHint) {
  const Wrong& wrong = GetParam();
  const auto root = config::load_text(wrong.yaml, "p.yaml");
  const auto spec = root ? read_pipeline_spec(*root) : Result<PipelineSpec>(root.error());
  ASSERT_FALSE(spec) << wrong.yaml;
  EXPECT_EQ(spec.error().to_string(), wrong.error) << wrong.yaml;
  EXPECT_EQ(exit_code(spec.error().code), 2) << "wrong config, not a failed run";
}

std::string test_name(const testing::TestParamInfo<Wrong>& info) {
  std::string name;
  bool upper = true;
  for (const char c : info.param.title) {
    const bool letter = std::isalnum(static_cast<unsigned char>(c)) != 0;
    if (letter) name += upper ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
    upper = !letter;
  }
  return name;
}

INSTANTIATE_TEST_SUITE_P(All, WrongPipeline, testing::ValuesIn(read_table()), test_name);

// What is only known when models, sources and sinks are opened.
TEST(WrongPipelines, HaveAPlaceWhereWhatTheyNameIsWrongToo) {
  const auto told = [](const std::string& model, const std::string& rest) {
    const auto root =
        config::load_text("models:\n  m: " + model + "\nsteps: {a: {model: m}}\n" + rest, "p.yaml");
    const auto runtime = Runtime::create({.threads = 1, .may_pull = false}).value();
    const auto pipe = Pipeline::make(*runtime, read_pipeline_spec(*root).value());
    if (!pipe) return pipe.error().to_string();
    const auto report = run_pipeline(**pipe);
    return report ? std::string("all is right") : report.error().to_string();
  };
  EXPECT_EQ(told("{file: none.onnx, family: yolox}", ""), "p.yaml:2:6: none.onnx: no such file");
  EXPECT_EQ(told("{use: yunett}", ""),
            "p.yaml:2:6: the catalogue has no 'yunett'; did you mean 'yunet'?");
  const std::string model =
      WEIR_SOURCE_DIR "/../shared/assets/models/detection/yolox_nano_416.onnx";
  if (!std::filesystem::exists(model)) GTEST_SKIP() << "no assets";
  EXPECT_EQ(told("{family: yolx, file: " + model + "}", ""),
            "p.yaml:2:15: unknown family 'yolx'; did you mean 'yolox'?");
  EXPECT_EQ(told("{backend: onx, family: yolox, file: " + model + "}", "").substr(0, 42),
            "p.yaml:2:16: unknown back end 'onx'; known");
  const std::string detector = "{file: " + model + ", family: yolox, labels: coco}";
  EXPECT_EQ(told(detector, "sources: {s: {video: gate.mp4}}"),
            "p.yaml:4:14: gate.mp4: there is no such file");
  EXPECT_EQ(told(detector,
                 "sources: {s: {scene: {people: 1}, end: 1}}\nsinks:\n  - {video: a.mp4, draw: "
                 "{font: none.ttf}}\n")
                .substr(0, 24),
            "p.yaml:6:5: none.ttf: th");
}

TEST(WrongPipelines, AreFiftyAndMoreAndEachNamesAPlace) {
  std::set<std::string> files;
  for (const Wrong& wrong : read_table()) {
    files.insert(wrong.yaml);
    EXPECT_TRUE(wrong.error.starts_with("p.yaml:")) << wrong.title;
  }
  EXPECT_GE(files.size(), 50U);
}

}  // namespace
}  // namespace weir
