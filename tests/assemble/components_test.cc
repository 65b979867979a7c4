// A model of several parts in a pipeline: its files are opened one by one, run as one model, and
// feed each other in the order that its family says.
#include <gmock/gmock.h>

#include <algorithm>

#include "tests/assemble/run_support.h"

namespace weir {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

// The class with the largest number that `then` makes of what `first` makes of a picture.
class ChainFamily final : public family::OneInput<PictureInput>, public OwnInfer {
 public:
  using OneInput::OneInput;

  Status infer(std::span<Session* const> sessions) const override {
    WEIR_TRY(sessions[0]->run());
    const TensorView& made = sessions[0]->output(0);
    WEIR_TRY(sessions[1]->set_input_shape(0, made.shape));
    WEIR_TRY(sessions[1]->bind_input(0, made));
    return sessions[1]->run();
  }
  Status interpret(std::span<const TensorView> outputs, const ItemSource&, const ItemPlan&,
                   std::vector<Finding>& found) const override {
    const float* const scores = outputs[0].as<float>();
    const auto count = static_cast<std::ptrdiff_t>(outputs[0].bytes() / sizeof(float));
    const float* const best = std::max_element(scores, scores + count);
    found.push_back({.best = ClassScore{static_cast<int32_t>(best - scores), *best}});
    return {};
  }
};

FamilyInfo chain_family() {
  FamilyInfo info;
  info.name = "chain";
  info.parts = {"first", "then"};
  info.input.colour = InputSpec::Colour::kRgb;
  info.input.resize.policy = ResizeSpec::Policy::kStretch;
  info.make = [](const FamilyContext& context) -> Result<std::unique_ptr<const Family>> {
    WEIR_ASSIGN(PictureInput picture,
                PictureInput::make(context, context.parts.at("first")->inputs()[0], {}));
    return std::make_unique<const ChainFamily>(std::move(picture));
  };
  return info;
}

class ComponentsTest : public testing::RunTest {
 protected:
  ComponentsTest() {
    EXPECT_TRUE(runtime_->families().add(chain_family()));
    std::ofstream(at("double.fake"))
        << "weir-fake 1\ninput x float32 ?x3x4x8\noutput y = scale x 2 0\n";
    std::ofstream(at("add.fake"))
        << "weir-fake 1\ninput y float32 ?x3x4x8\noutput z = scale y 1 5\n";
  }

  Result<std::unique_ptr<Pipeline>> open(const std::string& text) const {
    const auto root = config::load_text(text, at("p.yaml"));
    EXPECT_TRUE(root) << root.error().to_string();
    auto spec = read_pipeline_spec(*root);
    if (!spec) return spec.error();
    return Pipeline::make(*runtime_, std::move(spec).value());
  }
  static Image grey(uint8_t level) {
    const Image image = Image::allocate(PixelFormat::kBgr, 8, 4).value();
    for (int y = 0; y < 4; ++y) std::fill_n(image.view().row(0, y), 3 * 8, level);
    return image;
  }
};

const char* const kChain =
    "models: {m: {family: chain, components: {then: {file: add.fake}, first: {file: double.fake}}";

// Alone, in batches across streams, and in three stages.
TEST_F(ComponentsTest, FeedEachOtherHoweverTheyAreRun) {
  for (const char* how : {"}}\n", ", batch: 4, instances: 1}}\n",
                          ", batch: 4}}\nflow: {executors: three, credits: 6}\n"}) {
    SCOPED_TRACE(how);
    const auto pipe = open(kChain + std::string(how) + "steps: {a: m}\n");
    ASSERT_TRUE(pipe) << pipe.error().to_string();
    const auto stream = (*pipe)->open_stream({.name = "s"}).value();
    std::vector<flow::Ticket> tickets;
    for (int level = 0; level < 12; ++level) {
      const Image picture = grey(static_cast<uint8_t>(level));
      tickets.push_back((*pipe)->post(stream, {.input = picture}).value());
      if (tickets.size() < 4) continue;
      for (std::size_t i = 0; i < tickets.size(); ++i) {
        const Task done = (*pipe)->wait(tickets[i]).value();
        ASSERT_EQ(done.outcome, Outcome::kDone) << done.error->to_string();
        const int expected = 2 * (level - 3 + static_cast<int>(i)) + 5;
        EXPECT_FLOAT_EQ(done.findings.at(0).best->score, static_cast<float>(expected));
      }
      tickets.clear();
    }
  }
}

TEST_F(ComponentsTest, OneThatIsMissingIsNamedWithItsPlace) {
  const auto none = open(
      "models: {m: {family: chain, components: {first: {file: double.fake}}}}\nsteps: {a: m}\n");
  ASSERT_FALSE(none);
  EXPECT_THAT(none.error().to_string(), HasSubstr("p.yaml:1:13: "));
  EXPECT_THAT(none.error().to_string(), HasSubstr("is not made of these parts: first"));
  EXPECT_THAT(none.error().to_string(), HasSubstr("its parts are: first, then"));
  const auto gone = open(
      "models: {m: {family: chain, components: {first: {file: double.fake}, then: none.fake}}}\n"
      "steps: {a: m}\n");
  ASSERT_FALSE(gone);
  EXPECT_THAT(gone.error().to_string(), HasSubstr("none.fake: no such file"));
}

// What one back end scales, another one classifies: as if the second did both.
TEST_F(ComponentsTest, OfTwoBackEndsKnowACatAsOneModelDoes) {
  const std::string assets = WEIR_SOURCE_DIR "/../shared/assets/";
  const std::string model = assets + "models/classification/mobilenet_v2_224_fp32.onnx";
  if (!fs::exists(model)) GTEST_SKIP() << "no assets";
  if (!runtime_->backends().for_file(model)) GTEST_SKIP() << "no back end reads ONNX";
  std::ofstream(at("scale.fake"))
      << "weir-fake 1\ninput x float32 ?x3x224x224\noutput y = scale x 0.0078125 -1\n";
  const std::string labels = ", labels: " + assets + "models/labels/imagenet_1001.txt";
  const auto pipe = open(
      "models:\n  parts: {family: chain, components: {first: {file: scale.fake}, then: {file: " +
      model + "}}" + labels + "}\n  whole: {family: classify, file: " + model +
      ", input: {size: 224, scale: 1/128, mean: 1}" + labels +
      "}\nsteps: {parts: parts, whole: whole}\n");
  ASSERT_TRUE(pipe) << pipe.error().to_string();
  const Task done =
      (*pipe)->solve({.input = read_picture(assets + "images/cat_720p.jpg").value()}).value();
  ASSERT_EQ(done.outcome, Outcome::kDone) << done.error->to_string();
  std::map<std::string, std::string> said;
  for (const Finding& finding : done.findings) {
    said[std::string(done.step_name(finding))] = done.label_name(finding, *finding.best);
  }
  EXPECT_EQ(said, (std::map<std::string, std::string>{{"parts", "Egyptian cat"},
                                                      {"whole", "Egyptian cat"}}));
}

}  // namespace
}  // namespace weir
