#include "apps/cli/measure.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "weir/backend/fake/fake_backend.h"

namespace weir::cli {
namespace {

using testing::HasSubstr;

std::shared_ptr<const LoadedModel> open(const std::string& text) {
  FakeBackend backend;
  BackendSpec spec;
  spec.bytes = std::make_shared<const std::string>("weir-fake 1\n" + text);
  auto model = backend.open(spec);
  EXPECT_TRUE(model) << model.error().to_string();
  return std::move(model).value();
}

Result<Measurement> measured(const std::string& text, const MeasurePlan& plan) {
  auto session = open(text)->make_session();
  EXPECT_TRUE(session);
  return measure(**session, plan, SteadyClock::instance(), nullptr);
}

TEST(ChooseShape, TakesTheBatchForAnOpenFirstSize) {
  const TensorInfo input{"x", DType::kFloat32, {-1, 3}};
  EXPECT_EQ(*choose_shape(input, {}), Shape({1, 3}));
  MeasurePlan plan;
  plan.batch = 4;
  EXPECT_EQ(*choose_shape(input, plan), Shape({4, 3}));
  plan.shapes["x"] = {2, 3};
  EXPECT_EQ(*choose_shape(input, plan), Shape({2, 3}));
}

TEST(ChooseShape, AsksForOtherOpenSizes) {
  const auto shape = choose_shape({"images", DType::kFloat32, {-1, 3, -1, -1}}, {});
  ASSERT_FALSE(shape);
  EXPECT_EQ(shape.error().code, ErrorCode::kInvalidArgument);
  EXPECT_THAT(shape.error().hint, HasSubstr("--shape images=1x3x224x224"));
}

TEST(FillInput, IsTheSameForTheSameSeed) {
  std::vector<float> one(100);
  std::vector<float> other(100);
  const TensorInfo info{"x", DType::kFloat32, {100}};
  ASSERT_TRUE(fill_input(info, {one.data(), DType::kFloat32, {100}, {}, {}}, {}));
  ASSERT_TRUE(fill_input(info, {other.data(), DType::kFloat32, {100}, {}, {}}, {}));
  EXPECT_EQ(one, other);
  EXPECT_TRUE(std::all_of(one.begin(), one.end(), [](float x) { return x >= 0 && x < 1; }));
  EXPECT_NE(one.front(), one.back());
  MeasurePlan plan;
  plan.seed = 2;
  ASSERT_TRUE(fill_input(info, {other.data(), DType::kFloat32, {100}, {}, {}}, plan));
  EXPECT_NE(one, other);
}

TEST(FillInput, FillsIntegersWithOneAndNamedInputsWithTheirValue) {
  std::vector<int64_t> numbers(3);
  const TensorView view{numbers.data(), DType::kInt64, {3}, {}, {}};
  ASSERT_TRUE(fill_input({"mask", DType::kInt64, {3}}, view, {}));
  EXPECT_EQ(numbers, (std::vector<int64_t>{1, 1, 1}));
  MeasurePlan plan;
  plan.values["sr"] = 16000;
  ASSERT_TRUE(fill_input({"sr", DType::kInt64, {3}}, view, plan));
  EXPECT_EQ(numbers[2], 16000);
}

TEST(FillInput, WritesHalfFloats) {
  std::vector<uint16_t> halves(2);
  MeasurePlan plan;
  plan.values["x"] = 1;
  ASSERT_TRUE(
      fill_input({"x", DType::kFloat16, {2}}, {halves.data(), DType::kFloat16, {2}, {}, {}}, plan));
  EXPECT_EQ(halves[0], 0x3C00);
  ASSERT_TRUE(fill_input({"x", DType::kBFloat16, {2}},
                         {halves.data(), DType::kBFloat16, {2}, {}, {}}, plan));
  EXPECT_EQ(halves[0], 0x3F80);
}

TEST(Measure, CountsRunsAndReportsShapes) {
  MeasurePlan plan;
  plan.repeat = 9;
  plan.batch = 2;
  const auto result = measured("input x float32 ?x3\noutput y = scale x 2 0\n", plan);
  ASSERT_TRUE(result) << result.error().to_string();
  EXPECT_EQ(result->timing.count, 9U);
  EXPECT_EQ(result->batch, 2);
  EXPECT_EQ(result->outputs.front().shape, Shape({2, 3}));
  EXPECT_EQ(result->not_finite, 0);
  EXPECT_GT(result->items_per_second, 0);
}

TEST(Measure, LetsTheCallerFillAnInput) {
  MeasurePlan plan;
  plan.repeat = 1;
  plan.fill = [](const TensorInfo&, const TensorView& view) -> Result<bool> {
    std::fill_n(view.as<float>(), 3, std::numeric_limits<float>::infinity());
    return true;
  };
  const auto result = measured("input x float32 1x3\noutput y = identity x\n", plan);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->not_finite, 3);
}

TEST(Measure, RefusesAnInputThatIsNotThere) {
  MeasurePlan plan;
  plan.values["y"] = 1;
  const auto result = measured("input x float32 1x3\noutput z = identity x\n", plan);
  ASSERT_FALSE(result);
  EXPECT_THAT(result.error().message, HasSubstr("no input 'y'"));
}

TEST(ParseShapes, ReadsNamesWithOddCharacters) {
  const auto shapes = parse_shapes({"a:b/c.1=1x2", "x=3"});
  ASSERT_TRUE(shapes);
  EXPECT_EQ(shapes->at("a:b/c.1"), Shape({1, 2}));
  EXPECT_FALSE(parse_shapes({"x"}));
  EXPECT_FALSE(parse_shapes({"x="}));
  EXPECT_FALSE(parse_shapes({"x=1x?"}));
  EXPECT_FALSE(parse_values({"x=one"}));
  EXPECT_EQ(parse_values({"x=0.5"})->at("x"), 0.5);
}

}  // namespace
}  // namespace weir::cli
