#include "weir/ops/match.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

namespace weir {
namespace {

using Embedding = std::vector<float>;

Embedding random_embedding(std::mt19937& random, std::size_t size) {
  std::normal_distribution<float> normal;
  Embedding values(size);
  for (float& x : values) x = normal(random);
  return values;
}

TEST(Match, CosineIsThatOfTheAngle) {
  EXPECT_DOUBLE_EQ(cosine(Embedding{1, 0}, Embedding{0, 3}), 0);
  EXPECT_DOUBLE_EQ(cosine(Embedding{2, 0}, Embedding{5, 0}), 1);
  EXPECT_DOUBLE_EQ(cosine(Embedding{2, 0}, Embedding{-5, 0}), -1);
  EXPECT_NEAR(cosine(Embedding{1, 0}, Embedding{1, 1}), std::sqrt(0.5), 1e-12);
}

TEST(Match, WhatCannotBeComparedIsLikeNothing) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const float infinity = std::numeric_limits<float>::infinity();
  const Embedding one = {1, 2};
  for (const Embedding& other : {Embedding{}, {1}, {1, 2, 3}, {0, 0}, {nan, 1}, {infinity, 1}}) {
    EXPECT_EQ(cosine(one, other), 0);
    EXPECT_FALSE(best_match(one, std::vector<Embedding>{other}, -1));
    EXPECT_FALSE(best_match(other, std::vector<Embedding>{one}, -1));
  }
  EXPECT_FALSE(best_match(one, {}, -1));
}

TEST(Match, TheLengthIsOneAfterNormalising) {
  Embedding values = {3, 4};
  EXPECT_TRUE(l2_normalise(values));
  EXPECT_FLOAT_EQ(values[0], 0.6F);
  EXPECT_FLOAT_EQ(values[1], 0.8F);
  Embedding zeros = {0, 0};
  EXPECT_FALSE(l2_normalise(zeros));
  EXPECT_EQ(zeros, Embedding({0, 0}));
  Embedding huge = {1e30F, 1e30F};
  EXPECT_TRUE(l2_normalise(huge));
  EXPECT_FLOAT_EQ(huge[0], std::sqrt(0.5F));
}

TEST(Match, OfEqualsTheFirstIsTheBest) {
  const std::vector<Embedding> list = {{0, 1}, {1, 0.1F}, {2, 0}, {3, 0}};
  EXPECT_EQ(best_match(Embedding{1, 0}, list, 0.5)->index, 2U);
  const auto matches = best_matches(Embedding{1, 0}, list, 0.5, 9);
  ASSERT_EQ(matches.size(), 3U);
  EXPECT_EQ(matches[0].index, 2U);
  EXPECT_EQ(matches[1].index, 3U);
  EXPECT_EQ(matches[2].index, 1U);
  EXPECT_EQ(best_matches(Embedding{1, 0}, list, 0.5, 1).size(), 1U);
}

TEST(Match, ASimilarityAtTheThresholdMatches) {
  const std::vector<Embedding> list = {{0, 1}};
  EXPECT_TRUE(best_match(Embedding{1, 0}, list, 0));
  EXPECT_FALSE(best_match(Embedding{1, 0}, list, 1e-9));
}

TEST(Match, FindsWhatAPlainSearchFinds) {
  std::mt19937 random(7);
  for (int round = 0; round < 50; ++round) {
    std::vector<Embedding> list;
    for (int i = 0; i < 40; ++i) list.push_back(random_embedding(random, 16));
    const Embedding query = random_embedding(random, 16);
    const auto all = best_matches(query, list, -1, 100);
    ASSERT_EQ(all.size(), list.size());
    for (std::size_t i = 1; i < all.size(); ++i)
      EXPECT_GE(all[i - 1].similarity, all[i].similarity);
    for (const Match& match : all) {
      EXPECT_DOUBLE_EQ(match.similarity, cosine(query, list[match.index]));
    }
    EXPECT_EQ(best_match(query, list, -1), all[0]);
  }
}

}  // namespace
}  // namespace weir
