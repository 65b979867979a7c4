#include "weir/base/result.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace weir {
namespace {

Result<int> half(int x) {
  if (x % 2 != 0) return Error(ErrorCode::kInvalidArgument, "odd");
  return x / 2;
}

Status check(int x) {
  WEIR_TRY(half(x));
  return {};
}

Result<std::string> quarter(int x) {
  WEIR_ASSIGN(const int first, half(x));
  WEIR_ASSIGN(const int second, half(first));
  return std::to_string(second);
}

TEST(Result, HoldsAValueOrAnError) {
  EXPECT_EQ(half(4).value(), 2);
  EXPECT_EQ(half(3).error().message, "odd");
  EXPECT_EQ(half(3).value_or(7), 7);
}

TEST(Result, TryAndAssignReturnTheFirstError) {
  EXPECT_TRUE(check(2).has_value());
  EXPECT_FALSE(check(1).has_value());
  EXPECT_EQ(*quarter(8), "2");
  EXPECT_EQ(quarter(6).error().code, ErrorCode::kInvalidArgument);
}

TEST(Result, CarriesWhatCanOnlyBeMoved) {
  Result<std::unique_ptr<int>> result = std::make_unique<int>(5);
  const std::unique_ptr<int> moved = *std::move(result);
  EXPECT_EQ(*moved, 5);
}

TEST(ResultDeathTest, ReadingTheValueOfAFailureStopsTheProgram) {
  EXPECT_DEATH((void)half(3).value(), "has_value");
}

}  // namespace
}  // namespace weir
