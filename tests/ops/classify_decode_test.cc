#include "weir/ops/classify_decode.h"

#include <gtest/gtest.h>

#include "tests/ops/plain_detections.h"

namespace weir {
namespace {

TensorView view_of(std::vector<float>& values, const Shape& shape) {
  return {values.data(), DType::kFloat32, shape, {}, {}};
}

std::vector<double> scores_of(const std::vector<float>& raw, ScoreKind kind) {
  std::vector<double> scores(raw.begin(), raw.end());
  double sum = 0;
  for (const double x : scores) sum += std::isfinite(x) ? std::exp(x) : 0;
  for (double& x : scores) {
    if (!std::isfinite(x)) continue;
    if (kind == ScoreKind::kLogits) x = std::exp(x) / sum;
    if (kind == ScoreKind::kSigmoid) x = 1 / (1 + std::exp(-x));
  }
  return scores;
}

// The next best again and again.
std::vector<ClassScore> plainly(const std::vector<float>& raw, const ClassifySpec& spec) {
  std::vector<double> scores = scores_of(raw, spec.kind);
  std::vector<ClassScore> found;
  while (spec.top == 0 || found.size() < spec.top) {
    int best = -1;
    for (int i = spec.skipped; i < int(scores.size()); ++i) {
      const double x = scores[std::size_t(i)];
      if (!std::isfinite(x) || x < spec.score) continue;
      if (best < 0 || x > scores[std::size_t(best)]) best = i;
    }
    if (best < 0) break;
    found.push_back({best - spec.skipped, float(scores[std::size_t(best)])});
    scores[std::size_t(best)] = test::kNan;
  }
  return found;
}

TEST(ClassifyDecode, AgreesWithAPlainReference) {
  test::WildNumbers numbers(23, 0);
  for (int round = 0; round < 200; ++round) {
    std::vector<float> raw;
    const float odd[] = {test::kNan, test::kInfinity, -test::kInfinity};
    for (int i = 1 + numbers.below(40); i > 0; --i) {
      raw.push_back(numbers.below(40) == 0 ? odd[numbers.below(3)]
                                           : std::round(2 * numbers.normal()) / 2);
    }
    const auto count = int64_t(raw.size());
    for (const ScoreKind kind :
         {ScoreKind::kProbabilities, ScoreKind::kLogits, ScoreKind::kSigmoid}) {
      const ClassifySpec spec{.kind = kind,
                              .top = std::size_t(numbers.below(6)),
                              .score = numbers.share(3) * 0.31F,
                              .skipped = numbers.below(2)};
      const auto wanted = plainly(raw, spec);
      const auto found = classify_decode(view_of(raw, {1, count, 1, 1}), spec).value();
      ASSERT_EQ(found.size(), wanted.empty() ? 0U : 1U);
      if (wanted.empty()) continue;
      ASSERT_EQ(1 + found[0].others.size(), wanted.size());
      for (std::size_t i = 0; i < wanted.size(); ++i) {
        const ClassScore& got = i == 0 ? *found[0].best : found[0].others[i - 1];
        EXPECT_EQ(got.label_id, wanted[i].label_id);
        EXPECT_NEAR(got.score, wanted[i].score, 1e-6);
      }
      EXPECT_EQ(found, classify_decode(view_of(raw, {count}), spec).value());
    }
  }
}

TEST(ClassifyDecode, SeesWhetherASoftmaxIsMissing) {
  const auto best = [](std::vector<float> raw) {
    return *classify_decode(view_of(raw, {1, int64_t(raw.size())}), {})->at(0).best;
  };
  EXPECT_EQ(best({0.25F, 0.75F}), (ClassScore{1, 0.75F}));
  EXPECT_EQ(best({0.25F, 0.71875F}), (ClassScore{1, 0.71875F}));  // rounded to 8 bits
  EXPECT_NEAR(best({0, 2}).score, 1 / (1 + std::exp(-2.0)), 1e-6);
  EXPECT_NEAR(best({-1, 1.9F}).score, 1 / (1 + std::exp(-2.9)), 1e-6);
  EXPECT_NEAR(best({300, 100}).score, 1, 1e-6);  // no overflow
}

TEST(ClassifyDecode, AScoreAtTheThresholdStays) {
  std::vector<float> raw = {0.5F, 0.25F, 0.25F};
  const ClassifySpec spec{.kind = ScoreKind::kProbabilities, .score = 0.25F};
  const auto found = classify_decode(view_of(raw, {3}), spec).value();
  EXPECT_EQ(found[0].others, (std::vector<ClassScore>{{1, 0.25F}, {2, 0.25F}}));
}

TEST(ClassifyDecode, SaysWhatItFoundAndWhatItExpects) {
  std::vector<float> raw(8);
  const auto found = classify_decode(view_of(raw, {2, 4}), {});
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().to_string(),
            "the scores of a classifier are float32 2x4; a dense float32 tensor of one number a "
            "class is expected");
  EXPECT_EQ(parse_score_kind("logit").error().to_string(),
            "unknown kind of scores 'logit'; did you mean 'logits'?");
  for (const ScoreKind kind :
       {ScoreKind::kAuto, ScoreKind::kProbabilities, ScoreKind::kLogits, ScoreKind::kSigmoid}) {
    EXPECT_EQ(parse_score_kind(name(kind)).value(), kind);
  }
}

}  // namespace
}  // namespace weir
