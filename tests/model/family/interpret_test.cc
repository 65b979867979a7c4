// What families make of outputs of any numbers. Their files are generated, and only say the shapes.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "tests/model/family/generated_models.h"
#include "tests/model/family/real_models.h"
#include "tests/ops/plain_detections.h"

namespace weir {
namespace {

using test::Port;

constexpr DType kFloat = DType::kFloat32;

// Outputs that a test fills, and a family that reads them.
class Interpreted {
 public:
  Interpreted(const std::string& spec, const std::vector<Port>& outputs) {
    const auto file = test::scratch("interpreted.onnx",
                                    test::model_of({{"images", kFloat, {1, 3, 64, 64}}}, outputs));
    model_ = test::load("{file: " + file + ", " + spec + "}");
    for (const Port& port : outputs) {
      int64_t count = 1;
      Shape shape;
      for (const int64_t size : port.sizes) {
        shape.push_back(size);
        count *= size;
      }
      shapes_.push_back(shape);
      values.emplace_back(std::size_t(count), 0.0F);
    }
    const Tensor input = Tensor::allocate(kFloat, {1, 3, 64, 64}).value();
    EXPECT_TRUE(model_->family().prepare(item(), {&input.view(), 1}, plan_));
  }
  void fill(test::WildNumbers& numbers, float mean, float deviation) {
    for (auto& output : values) {
      for (float& value : output) value = numbers.normal(mean, deviation);
    }
  }
  Result<std::vector<Finding>> read() {
    std::vector<TensorView> views;
    for (std::size_t i = 0; i < values.size(); ++i) {
      views.push_back({values[i].data(), kFloat, shapes_[i], {}, {}});
    }
    std::vector<Finding> found;
    WEIR_TRY(model_->family().interpret(views, item(), plan_, found));
    return found;
  }
  // How many findings there are, which are the same when they are read again.
  std::size_t count() {
    const auto found = read().value();
    EXPECT_EQ(found, read().value());
    return found.size();
  }

  std::vector<std::vector<float>> values;

 private:
  ItemSource item() const { return {.picture = &picture_.view()}; }

  Image picture_ = Image::allocate(PixelFormat::kBgr, 90, 70).value();
  std::shared_ptr<const Model> model_;
  std::vector<Shape> shapes_;
  ItemPlan plan_;
};

const std::vector<Port> kMovenet = {{"kpt_heatmap", kFloat, {1, 2, 4, 4}},
                                    {"kpt_regress", kFloat, {1, 4, 4, 4}},
                                    {"kpt_offset", kFloat, {1, 4, 4, 4}}};

TEST(MovenetFamily, AMeanAtTheThresholdStays) {
  Interpreted movenet("family: movenet, thresholds: {score: 0.5}", kMovenet);
  std::fill_n(movenet.values[0].begin(), 16, 0.25F);
  std::fill_n(movenet.values[0].begin() + 16, 16, 0.75F);
  EXPECT_EQ(movenet.count(), 1U);
  std::fill_n(movenet.values[0].begin() + 16, 16, std::nextafter(0.75F, 0.0F));
  EXPECT_EQ(movenet.count(), 0U);
  std::fill_n(movenet.values[0].begin() + 16, 16, test::kNan);
  EXPECT_EQ(movenet.count(), 0U);
}

TEST(MovenetFamily, APersonHasPointsThatAreNumbers) {
  Interpreted movenet("family: movenet, thresholds: {score: 0.2}", kMovenet);
  test::WildNumbers numbers(83, 40);
  std::size_t people = 0;
  for (int round = 0; round < 200; ++round) {
    movenet.fill(numbers, 0.5F, 0.5F);
    people += movenet.count();
    const std::vector<Finding> found = movenet.read().value();
    for (const Finding& person : found) {
      EXPECT_GE(person.best->score, 0.2F);
      for (const Keypoint& point : person.keypoints) EXPECT_TRUE(std::isfinite(point.x + point.y));
    }
  }
  EXPECT_GT(people, 50U);
  EXPECT_LT(people, 200U);
}

// A kind of landmarks: how many numbers a point has, and how many points come out.
struct Kind {
  std::string spec;
  std::vector<Port> outputs;
  std::size_t numbers, kept;
  bool has_presence, logits;
};
const std::vector<Kind>& kinds() {
  static const std::vector<Kind> all = {
      {"face", {{"points", kFloat, {1, 1404}}, {"sure", kFloat, {1, 1}}}, 3, 468, true, true},
      {"eye", {{"points", kFloat, {1, 213}}, {"iris", kFloat, {1, 15}}}, 3, 71, false, false},
      {"hand",
       {{"points", kFloat, {1, 63}}, {"sure", kFloat, {1, 1}}, {"side", kFloat, {1, 1}}},
       3,
       21,
       true,
       false},
      {"body",
       {{"points", kFloat, {1, 195}},
        {"sure", kFloat, {1, 1}},
        {"mask", kFloat, {1, 16, 16, 1}},
        {"maps", kFloat, {1, 16, 16, 39}}},
       5,
       33,
       true,
       false}};
  return all;
}

TEST(LandmarksFamily, APresenceAtTheThresholdStays) {
  for (const Kind& kind : kinds()) {
    if (!kind.has_presence) continue;
    for (const std::string logits : {"", ", family_options: {logits: true}"}) {
      Interpreted landmarks("family: landmarks, thresholds: {score: 0.5}" + logits, kind.outputs);
      const bool is_logit = kind.logits || !logits.empty();
      landmarks.values[1][0] = is_logit ? 0 : 0.5F;  // 0.5 after the sigmoid
      EXPECT_EQ(landmarks.count(), 1U) << kind.spec << logits;
      landmarks.values[1][0] = is_logit ? -1e-6F : std::nextafter(0.5F, 0.0F);
      EXPECT_EQ(landmarks.count(), 0U) << kind.spec << logits;
      landmarks.values[1][0] = test::kNan;
      EXPECT_EQ(landmarks.count(), 0U) << kind.spec << logits;
    }
  }
}

bool are_numbers(const std::vector<float>& row, std::size_t numbers, std::size_t kept) {
  for (std::size_t i = 0; i < kept; ++i) {
    for (std::size_t k = 0; k < 3; ++k) {
      if (!std::isfinite(row[i * numbers + k])) return false;
    }
  }
  return true;
}

TEST(LandmarksFamily, WhatIsFoundHasPlacesAndDepthsThatAreNumbers) {
  for (const Kind& kind : kinds()) {
    Interpreted landmarks("family: landmarks, thresholds: {score: 0.5}", kind.outputs);
    test::WildNumbers numbers(89, 700);
    std::size_t all = 0;
    for (int round = 0; round < 60; ++round) {
      landmarks.fill(numbers, 30, 20);
      if (kind.has_presence) landmarks.values[1][0] = numbers.normal(0.6F, 0.3F);
      const float sure = kind.has_presence ? landmarks.values[1][0] : 1.0F;
      const bool is_there = kind.logits ? sure >= 0 : sure >= 0.5F;
      bool wanted = is_there && are_numbers(landmarks.values[0], kind.numbers, kind.kept);
      if (kind.spec == "eye") wanted = wanted && are_numbers(landmarks.values[1], 3, 5);
      EXPECT_EQ(landmarks.count(), wanted ? 1U : 0U) << kind.spec << round;
      all += wanted ? 1 : 0;
    }
    EXPECT_GT(all, 0U) << kind.spec;
    EXPECT_LT(all, 60U) << kind.spec;
  }
}

// ---- vectors ----

void expect_unit(Interpreted& family) {
  const std::vector<float>& row = family.values[0];
  double squares = 0;
  for (const float x : row) squares += double(x) * double(x);
  const double length = std::sqrt(squares);
  const auto found = family.read();
  if (!(length > 0) || !std::isfinite(length)) {
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().code, ErrorCode::kCorrupt);
    EXPECT_EQ(found.error().to_string(), "the embedding is all zeros, or not finite");
    return;
  }
  ASSERT_TRUE(found) << found.error().to_string();
  ASSERT_EQ(found->size(), 1U);
  const std::vector<float>& embedding = found->front().embedding;
  ASSERT_EQ(embedding.size(), row.size());
  for (std::size_t i = 0; i < row.size(); ++i) {
    EXPECT_NEAR(embedding[i], double(row[i]) / length, 1e-6) << i;
  }
  EXPECT_EQ(*found, family.read().value());
}

TEST(VectorFamilies, GiveAUnitVectorOrSayThatThereIsNone) {
  using Limits = std::numeric_limits<float>;
  for (const char* spec : {"family: embedding", "family: reid"}) {
    Interpreted family(spec, {{"vector", kFloat, {1, 9}}});
    expect_unit(family);  // zeros
    for (const float odd : {-0.0F, test::kNan, test::kInfinity, -test::kInfinity, Limits::max(),
                            Limits::lowest(), Limits::min(), Limits::denorm_min()}) {
      for (std::size_t at = 0; at < 9; ++at) {
        for (const float others : {0.0F, 0.5F}) {
          family.values[0].assign(9, others);
          family.values[0][at] = odd;
          expect_unit(family);
        }
      }
      family.values[0].assign(9, odd);
      expect_unit(family);
    }
    test::WildNumbers numbers(97, 30);
    for (int round = 0; round < 300; ++round) {
      family.fill(numbers, 0, std::pow(10.0F, float(numbers.below(60) - 30)));
      expect_unit(family);
    }
  }
}

}  // namespace
}  // namespace weir
