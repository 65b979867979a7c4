#include "weir/base/error.h"

#include <gtest/gtest.h>

namespace weir {
namespace {

TEST(Error, PrintsPlaceMessageAndHint) {
  const Error error(ErrorCode::kInvalidArgument, "unknown key 'scor'", "street.yaml:3:5",
                    "did you mean 'score'?");
  EXPECT_EQ(error.to_string(), "street.yaml:3:5: unknown key 'scor'; did you mean 'score'?");
}

TEST(Error, PrintsItsCodeWhenNobodySaidMore) {
  EXPECT_EQ(Error(ErrorCode::kCorrupt, "").to_string(), "corrupt");
}

TEST(Error, AnOuterPlaceDoesNotHideTheInnerOne) {
  Error inner(ErrorCode::kNotFound, "no such file", "a.yaml:1:1");
  EXPECT_EQ(std::move(inner).at("b.yaml").where, "a.yaml:1:1");
  EXPECT_EQ(Error(ErrorCode::kNotFound, "no such file").at("b.yaml").where, "b.yaml");
}

TEST(Error, EveryCodeHasItsRowInTheTables) {
  EXPECT_EQ(name(ErrorCode::kInvalidArgument), "invalid_argument");
  EXPECT_EQ(name(ErrorCode::kInternal), "internal");
  EXPECT_EQ(exit_code(ErrorCode::kInvalidArgument), 2);
  EXPECT_EQ(exit_code(ErrorCode::kCorrupt), 1);
  EXPECT_EQ(http_status(ErrorCode::kNotFound), 404);
  EXPECT_EQ(http_status(ErrorCode::kDeadline), 504);
  EXPECT_EQ(grpc_status(ErrorCode::kUnavailable), 14);
  EXPECT_EQ(grpc_status(ErrorCode::kCancelled), 1);
}

}  // namespace
}  // namespace weir
