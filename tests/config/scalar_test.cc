#include "weir/config/scalar.h"

#include <gtest/gtest.h>

#include <cmath>

#include "weir/config/node.h"

namespace weir::config {
namespace {

TEST(Scalar, FollowsTheCoreSchemaOfYaml12) {
  struct Row {
    const char* text;
    Node::Kind kind;
  };
  using K = Node::Kind;
  const Row rows[] = {
      {"", K::kNull},
      {"~", K::kNull},
      {"null", K::kNull},
      {"NULL", K::kNull},
      {"nUll", K::kString},
      {"true", K::kBool},
      {"False", K::kBool},
      {"TRUE", K::kBool},
      {"yes", K::kString},
      {"no", K::kString},
      {"on", K::kString},
      {"off", K::kString},
      {"y", K::kString},
      {"0", K::kInt},
      {"-12", K::kInt},
      {"+7", K::kInt},
      {"007", K::kInt},
      {"0x1F", K::kInt},
      {"0o17", K::kInt},
      {"0x", K::kString},
      {"0x-1", K::kString},
      {"1.5", K::kFloat},
      {".5", K::kFloat},
      {"2.", K::kFloat},
      {"1e-3", K::kFloat},
      {"-1.5E+3", K::kFloat},
      {".inf", K::kFloat},
      {"-.inf", K::kFloat},
      {".nan", K::kFloat},
      {"nan", K::kString},
      {"inf", K::kString},
      {"1e", K::kString},
      {".", K::kString},
      {"-", K::kString},
      {"+", K::kString},
      {"1_000", K::kString},
      {"1:30", K::kString},
      {"2026-01-01", K::kString},
      {"--1", K::kString},
      {"+-1", K::kString},
      {"9223372036854775807", K::kInt},
      {"9223372036854775808", K::kFloat},
      {"1e999", K::kFloat},
      {"0xFFFFFFFFFFFFFFFFFF", K::kString},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(static_cast<K>(parse_scalar(row.text).index()), row.kind) << row.text;
  }
}

TEST(Scalar, ReadsTheValuesOfNumbers) {
  EXPECT_EQ(Node::plain("0x1F").as_int(), 31);
  EXPECT_EQ(Node::plain("0o17").as_int(), 15);
  EXPECT_EQ(Node::plain("+7").as_int(), 7);
  EXPECT_EQ(Node::plain("-9223372036854775808").as_int(), INT64_MIN);
  EXPECT_EQ(Node::plain("-1.5E+3").as_float(), -1500.0);
  EXPECT_TRUE(std::isinf(Node::plain("-1e999").as_float()));
  EXPECT_EQ(Node::plain("1e-999").as_float(), 0.0);
  EXPECT_TRUE(std::isnan(Node::plain(".nan").as_float()));
}

TEST(Scalar, WritesNumbersThatReadBackTheSame) {
  for (const double value : {0.1, 1.0, -2.5, 1e300, 1e-7, 123456789.125}) {
    const std::string text = number_text(value);
    EXPECT_EQ(static_cast<Node::Kind>(parse_scalar(text).index()), Node::Kind::kFloat) << text;
    EXPECT_EQ(Node::plain(text).as_float(), value) << text;
  }
  EXPECT_EQ(number_text(0.1), "0.1");
  EXPECT_EQ(number_text(1.0), "1.0");
}

}  // namespace
}  // namespace weir::config
