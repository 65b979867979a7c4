// A family of the test's own around the fake back end: how items become findings.
#include "weir/model/lane.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "weir/backend/fake/fake_backend.h"
#include "weir/data/image.h"
#include "weir/model/family_registry.h"
#include "weir/model/model.h"
#include "weir/model/picture_input.h"

namespace weir {
namespace {

using testing::HasSubstr;

// One finding: the mean of the output, times a factor, and the box of what was looked at.
class MeanFamily final : public Family {
 public:
  MeanFamily(PictureInput picture, double factor) : picture_(std::move(picture)), factor_(factor) {}

  Status shape_for(const ItemSource& item, std::span<Shape> inputs) const override {
    return picture_.shape_for(item, inputs[0]);
  }
  Status prepare(const ItemSource& item, std::span<const TensorView> inputs,
                 ItemPlan& plan) const override {
    return picture_.prepare(item, inputs[0], plan);
  }
  Status interpret(std::span<const TensorView> outputs, const ItemSource&, const ItemPlan& plan,
                   std::vector<Finding>& found) const override {
    const auto* values = outputs[0].as<float>();
    const auto count = static_cast<std::ptrdiff_t>(outputs[0].bytes() / sizeof(float));
    const double mean = std::accumulate(values, values + count, 0.0) / static_cast<double>(count);
    found.push_back(
        {.box = plan.resize.region, .best = ClassScore{0, static_cast<float>(mean * factor_)}});
    return {};
  }

 private:
  PictureInput picture_;
  double factor_;
};

FamilyInfo mean_family() {
  FamilyInfo info;
  info.name = "mean";
  info.input.scale = Scale{1.0 / 255};
  info.thresholds.score = 0.25;
  info.options = {{"factor", "what the mean is multiplied by (1)"}};
  info.make = [](const FamilyContext& context) -> Result<std::unique_ptr<const Family>> {
    const OptionReader options = context.options();
    WEIR_ASSIGN(const double factor, options.number("factor", 1, 0, 10));
    WEIR_ASSIGN(PictureInput picture,
                PictureInput::make(context, context.model().inputs()[0], {.multiple = 4}));
    return std::make_unique<const MeanFamily>(std::move(picture), factor);
  };
  return info;
}

class LaneTest : public testing::Test {
 protected:
  LaneTest() { EXPECT_TRUE(families_.add(mean_family())); }

  Result<std::shared_ptr<const Model>> make(const std::string& graph, ModelSpec spec) {
    BackendSpec opened;
    opened.bytes = std::make_shared<const std::string>("weir-fake 1\n" + graph);
    WEIR_ASSIGN(auto part, backend_.open(opened));
    return Model::make(families_, spec, {{"", part}}, "models.m");
  }
  std::unique_ptr<Lane> lane(const std::string& graph, ModelSpec spec = {}) {
    if (spec.family.empty()) spec.family = "mean";
    auto model = make(graph, std::move(spec));
    EXPECT_TRUE(model) << model.error().to_string();
    auto lane = (*model)->make_lane();
    EXPECT_TRUE(lane) << lane.error().to_string();
    return std::move(lane).value();
  }
  std::string error_of(const std::string& graph, ModelSpec spec) {
    auto model = make(graph, std::move(spec));
    EXPECT_FALSE(model);
    return model ? "" : model.error().to_string();
  }

  FakeBackend backend_;
  FamilyRegistry families_;
};

Image flat(int width, int height, uint8_t level) {
  Image image = Image::allocate(PixelFormat::kBgr, width, height).value();
  for (int y = 0; y < height; ++y) std::fill_n(image.view().row(0, y), 3 * width, level);
  return image;
}

constexpr const char* kOpen = "input x float32 ?x3x?x?\noutput y = identity x\n";
constexpr const char* kFixed = "input x float32 1x3x8x8\noutput y = identity x\n";

TEST_F(LaneTest, GoesFromAPictureToFindings) {
  const auto lane = this->lane(kFixed);
  const Image picture = flat(20, 10, 51);
  std::vector<Finding> found(3);
  ASSERT_TRUE(lane->run({.picture = &picture.view()}, found));
  ASSERT_EQ(found.size(), 1U);
  EXPECT_NEAR(found[0].best->score, 0.2, 1e-5);
  EXPECT_EQ(found[0].box, (Box{0, 0, 20, 10}));
  EXPECT_EQ(lane->model().spec().thresholds.score, 0.25);
}

TEST_F(LaneTest, LooksAtTheBoxOfAFinding) {
  const auto lane = this->lane(kFixed);
  const Image picture = flat(20, 10, 51);
  const Finding on{.box = Box{-5, 2, 10, 30}};
  std::vector<Finding> found;
  ASSERT_TRUE(lane->run({.picture = &picture.view(), .on = &on}, found));
  EXPECT_EQ(found[0].box, (Box{0, 2, 10, 10}));
}

TEST_F(LaneTest, BatchesItemsOfEqualShapeAndKeepsTheirOrder) {
  ModelSpec spec;
  spec.batch.max = 4;
  const auto lane = this->lane(kOpen, spec);
  EXPECT_EQ(lane->max_batch(), 4);
  std::vector<Image> pictures;
  for (int i = 0; i < 7; ++i)
    pictures.push_back(flat(i == 3 ? 30 : 20, 10, static_cast<uint8_t>(255 * i / 10)));
  std::vector<ItemSource> items;
  for (const Image& picture : pictures) items.push_back({.picture = &picture.view()});
  std::vector<ItemResult> results(items.size());
  lane->run(items, results);
  for (std::size_t i = 0; i < results.size(); ++i) {
    ASSERT_TRUE(results[i].status) << i;
    ASSERT_EQ(results[i].findings.size(), 1U) << i;
    EXPECT_NEAR(results[i].findings[0].best->score, (255 * static_cast<int>(i) / 10) / 255.0, 1e-5);
    EXPECT_EQ(results[i].findings[0].box->x2, i == 3 ? 30 : 20);
  }
}

TEST_F(LaneTest, LetsABadItemFailAlone) {
  ModelSpec spec;
  spec.batch.max = 4;
  spec.input.size = {8, 8};
  const auto lane = this->lane("input x float32 ?x3x8x8\noutput y = identity x\n", spec);
  const Image picture = flat(20, 10, 255);
  const std::vector<ItemSource> items = {
      {.picture = &picture.view()}, {}, {.picture = &picture.view()}};
  std::vector<ItemResult> results(items.size());
  lane->run(items, results);
  EXPECT_TRUE(results[0].status);
  ASSERT_FALSE(results[1].status);
  EXPECT_THAT(results[1].status.error().to_string(), HasSubstr("looks at pictures"));
  EXPECT_TRUE(results[1].findings.empty());
  ASSERT_EQ(results[2].findings.size(), 1U);
  EXPECT_NEAR(results[2].findings[0].best->score, 1, 1e-5);
}

TEST_F(LaneTest, TakesNoBatchWhereTheModelHasNone) {
  ModelSpec spec;
  spec.batch.max = 4;
  EXPECT_EQ(lane(kFixed, spec)->max_batch(), 1);
}

TEST_F(LaneTest, FindsTheSizeOfAnOpenInput) {
  ModelSpec spec;
  spec.family = "mean";
  const auto model = make(kOpen, spec).value();
  const Image picture = flat(21, 2000, 0);
  Shape shape;
  ASSERT_TRUE(model->family().shape_for({.picture = &picture.view()}, {&shape, 1}));
  EXPECT_EQ(to_string(shape), "1x3x1280x16");  // 13.44, rounded up to a multiple of 4
}

TEST_F(LaneTest, SaysWhatIsWrongWithAModel) {
  struct Row {
    const char* graph;
    ModelSpec spec;
    const char* message;
  };
  ModelSpec mistyped, option, value, size, none, parts;
  mistyped.family = "maen";
  option.family = value.family = size.family = parts.family = "mean";
  option.family_options.values = {{"facto", "2"}};
  value.family_options.values = {{"factor", "-1"}};
  size.input.size = {16, 8};
  const Row rows[] = {
      {kFixed, mistyped, "unknown family 'maen'; did you mean 'mean'?"},
      {kFixed, none, "the spec names no family, and none fits; write family: one of mean"},
      {kFixed, option, "the family 'mean' has no option 'facto'; did you mean 'factor'?"},
      {kFixed, value, "the option 'factor' is '-1'; write a number from 0 to 10"},
      {kFixed, size, "the model refuses a picture of 16x8: its input 'x' is 1x3x8x8"},
      {"input x float32 1x10\noutput y = identity x\n", parts,
       "the model is not of the family 'mean': its input 'x' is 1x10; the family "
       "expects "
       "an input for pictures: 1x3xHxW or 1xHxWx3"},
      {"input x float32 1x5x8x8\noutput y = identity x\n", parts,
       "the family expects an input for pictures with 1 or 3 channels"},
  };
  for (const Row& row : rows) EXPECT_THAT(error_of(row.graph, row.spec), HasSubstr(row.message));
}

TEST(WithDefaults, LaysTheFamilyUnderTheSpec) {
  FamilyInfo info;
  info.input.colour = InputSpec::Colour::kBgr;
  info.input.scale = Scale{0.5};
  info.input.mean = {1, 2, 3};
  info.input.resize.policy = ResizeSpec::Policy::kLetterbox;
  info.input.resize.pad = {114};
  info.thresholds.nms = 0.6;
  ModelSpec spec;
  EXPECT_EQ(with_defaults(spec, info).input.resize.pad, std::vector<double>{114});
  EXPECT_EQ(with_defaults(spec, info).input.mean, (std::vector<double>{1, 2, 3}));
  spec.input.resize.policy = ResizeSpec::Policy::kStretch;
  spec.input.scale = Scale{1};
  spec.thresholds.nms = 0.1;
  const ModelSpec laid = with_defaults(spec, info);
  EXPECT_TRUE(laid.input.resize.pad.empty());
  EXPECT_TRUE(laid.input.mean.empty()) << "half of one scaling and half of another";
  EXPECT_EQ(laid.input.colour, InputSpec::Colour::kBgr);
  EXPECT_EQ(laid.thresholds.nms, 0.1);
}

}  // namespace
}  // namespace weir
