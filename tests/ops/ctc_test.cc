#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

#include "weir/ops/ctc_decode.h"

namespace weir {
namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kInf = std::numeric_limits<float>::infinity();

CtcAlphabet letters() {
  CtcAlphabet alphabet = CtcAlphabet::from_lines("a\nb\nc\n");
  EXPECT_TRUE(alphabet.fit(5));  // with the space
  return alphabet;
}

// One step of each class in turn, with its score; the others share the rest.
std::vector<float> steps(const std::vector<std::pair<int, float>>& best, int classes) {
  std::vector<float> scores;
  for (const auto& [id, score] : best) {
    for (int c = 0; c < classes; ++c) {
      scores.push_back(c == id ? score : (1 - score) / static_cast<float>(classes - 1));
    }
  }
  return scores;
}

Result<CtcText> decode(std::vector<float>& scores, const CtcAlphabet& alphabet,
                       const CtcDecodeSpec& spec = {}) {
  const auto classes = static_cast<int64_t>(alphabet.classes());
  return ctc_decode({scores.data(),
                     DType::kFloat32,
                     {1, static_cast<int64_t>(scores.size()) / classes, classes},
                     {},
                     {}},
                    alphabet, spec);
}

TEST(CtcAlphabet, ReadsLinesAndTakesASpaceAtTheEnd) {
  CtcAlphabet alphabet = CtcAlphabet::from_lines("a\r\n \n\xE4\xB8\xAD");
  EXPECT_EQ(alphabet.classes(), 4U);
  EXPECT_EQ(alphabet[0], "");
  EXPECT_EQ(alphabet[1], "a");
  EXPECT_EQ(alphabet[2], " ");
  EXPECT_EQ(alphabet[3], "\xE4\xB8\xAD");
  EXPECT_EQ(alphabet[4], "");
  EXPECT_EQ(alphabet[-1], "");
  ASSERT_TRUE(alphabet.fit(4));
  ASSERT_TRUE(alphabet.fit(5));
  EXPECT_EQ(alphabet[4], " ");
}

TEST(CtcAlphabet, SaysBothNumbersWhereTheyDoNotMatch) {
  CtcAlphabet alphabet = CtcAlphabet::from_lines("a\nb\n");
  const Status status = alphabet.fit(6625);
  ASSERT_FALSE(status);
  const Error error = Status(status).error();
  EXPECT_NE(error.message.find("6625 classes"), std::string::npos);
  EXPECT_NE(error.message.find("2 characters"), std::string::npos);
  EXPECT_NE(error.hint.find("6624"), std::string::npos);
  EXPECT_NE(error.hint.find("6623"), std::string::npos);
}

TEST(CtcDecode, CollapsesRepeatsAndLeavesBlanksOut) {
  auto scores = steps({{1, 0.9F}, {1, 0.5F}, {0, 0.9F}, {1, 0.7F}, {2, 0.8F}, {0, 0.9F}}, 5);
  const CtcText line = decode(scores, letters()).value();
  EXPECT_EQ(line.text, "aab");
  EXPECT_EQ(line.steps, (std::vector<int32_t>{0, 3, 4}));
  EXPECT_NEAR(line.score, (0.9 + 0.7 + 0.8) / 3, 1e-6);
}

TEST(CtcDecode, SpacesAtTheEndsAreTrimmed) {
  auto scores = steps({{4, 0.5F}, {1, 0.9F}, {4, 0.6F}, {2, 0.9F}, {4, 0.5F}}, 5);
  const CtcText line = decode(scores, letters()).value();
  EXPECT_EQ(line.text, "a b");
  EXPECT_NEAR(line.score, (0.9 + 0.6 + 0.9) / 3, 1e-6);
  EXPECT_EQ(decode(scores, letters(), {.trim = false}).value().text, " a b ");
  auto spaces = steps({{4, 0.5F}, {0, 0.9F}, {4, 0.6F}}, 5);
  EXPECT_EQ(decode(spaces, letters()).value().text, "");
  EXPECT_EQ(decode(spaces, letters()).value().score, 0);
}

TEST(CtcDecode, NothingIsAnEmptyText) {
  std::vector<float> none;
  EXPECT_EQ(decode(none, letters()).value().text, "");
  auto blanks = steps({{0, 0.9F}, {0, 0.9F}}, 5);
  EXPECT_EQ(decode(blanks, letters()).value().text, "");
  EXPECT_EQ(decode(blanks, letters()).value().score, 0);
}

TEST(CtcDecode, TheLowestOfEqualClassesWins) {
  std::vector<float> scores = {0.2F, 0.1F, 0.35F, 0.35F, 0, 0.2F, 0.2F, 0.2F, 0.2F, 0.2F};
  EXPECT_EQ(decode(scores, letters()).value().text, "b");
}

TEST(CtcDecode, WhatIsNotFinite) {
  // NaN never wins; a step of nothing else is a blank, and parts two equal characters.
  std::vector<float> scores = {kNan,  0.4F,  0.3F,  kNan,  kNan,  //
                               kNan,  kNan,  kNan,  kNan,  kNan,  //
                               0.1F,  0.4F,  kNan,  0.1F,  0.1F,  //
                               0.1F,  0.1F,  0.1F,  kInf,  0.1F,  //
                               -kInf, -kInf, -kInf, -kInf, -kInf};
  const CtcText line = decode(scores, letters()).value();
  EXPECT_EQ(line.text, "aac");
  EXPECT_NEAR(line.score, (0.4 + 0.4 + 1) / 3, 1e-6);
  EXPECT_TRUE(std::isfinite(decode(scores, letters(), {.logits = true}).value().score));
}

TEST(CtcDecode, AgreesWithAPlainReference) {
  std::mt19937 random(11);
  std::normal_distribution<float> normal;
  std::uniform_int_distribution<int> step(0, 60);
  for (const int classes : {2, 5, 16, 17, 37, 1003}) {
    std::vector<std::string> names;
    for (int c = 1; c < classes; ++c) names.push_back("<" + std::to_string(c) + ">");
    const CtcAlphabet alphabet(names);
    for (int round = 0; round < 10; ++round) {
      const int t_count = step(random);
      std::vector<float> scores(static_cast<std::size_t>(t_count * classes));
      for (float& x : scores) x = std::round(2 * normal(random)) / 2;  // many ties
      for (std::size_t i = 0; i < scores.size(); i += 97) scores[i] = kNan;
      std::string text;
      double sum = 0;
      int count = 0;
      int before = 0;
      for (int t = 0; t < t_count; ++t) {
        const float* row = scores.data() + t * classes;
        int best = -1;
        for (int c = 0; c < classes; ++c) {
          if (!std::isnan(row[c]) && (best < 0 || row[c] > row[best])) best = c;
        }
        if (best < 0) best = 0;
        if (best != 0 && best != before) {
          double all = 0;
          for (int c = 0; c < classes; ++c) {
            if (!std::isnan(row[c])) all += std::exp(double{row[c]} - double{row[best]});
          }
          text += names[static_cast<std::size_t>(best - 1)];
          sum += 1 / all;
          ++count;
        }
        before = best;
      }
      const CtcText line = decode(scores, alphabet, {.logits = true}).value();
      EXPECT_EQ(line.text, text);
      EXPECT_NEAR(line.score, count > 0 ? sum / count : 0, 1e-6);
      EXPECT_EQ(line.scores.size(), static_cast<std::size_t>(count));
    }
  }
}

TEST(CtcDecode, RefusesTensorsOfAnotherAlphabet) {
  std::vector<float> x(12);
  const CtcAlphabet alphabet = letters();
  EXPECT_FALSE(ctc_decode({x.data(), DType::kFloat32, {1, 2, 6}, {}, {}}, alphabet, {}));
  EXPECT_FALSE(ctc_decode({x.data(), DType::kFloat32, {2, 1, 5}, {}, {}}, alphabet, {}));
  EXPECT_FALSE(ctc_decode({x.data(), DType::kInt32, {1, 2, 5}, {}, {}}, alphabet, {}));
  const auto wrong = ctc_decode({x.data(), DType::kFloat32, {12}, {}, {}}, alphabet, {});
  ASSERT_FALSE(wrong);
  EXPECT_NE(wrong.error().hint.find("1xTx5"), std::string::npos);
}

}  // namespace
}  // namespace weir
