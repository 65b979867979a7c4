#include "weir/ops/track/mot_row.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace weir {
namespace {

TEST(MotRow, ReadsWhatTheBenchmarksWrite) {
  const MotRow row = read_mot_row("12,-1,649.441,231.502,44.417,86.13,0.995474,-1,-1,-1\r").value();
  EXPECT_EQ(row.frame, 12);
  EXPECT_EQ(row.id, -1);
  EXPECT_FLOAT_EQ(row.box.x1, 649.441F);
  EXPECT_FLOAT_EQ(row.box.y1, 231.502F);
  EXPECT_FLOAT_EQ(row.box.x2, 693.858F);
  EXPECT_FLOAT_EQ(row.box.y2, 317.632F);
  EXPECT_FLOAT_EQ(row.score, 0.995474F);
}

TEST(MotRow, TakesOtherWritings) {
  EXPECT_EQ(read_mot_row(" 3 , 7 , 1 , 2 , 3 , 4 ")->id, 7);
  EXPECT_EQ(read_mot_row("3,7,1,2,3,4")->score, 1);
  EXPECT_EQ(read_mot_row("3,7,1,2,3,4,")->score, 1);
  EXPECT_EQ(read_mot_row("3.0,7.0,1e1,+2,3,4,.5")->box.x1, 10);
  EXPECT_EQ(read_mot_row("3,7,1,2,3,4,-12.5")->score, -12.5F);
}

TEST(MotRow, SaysWhichColumnIsWrong) {
  const std::pair<const char*, const char*> rows[] = {
      {"", "column 1 (frame) is empty"},
      {"1,2,3", "the line has 3 columns, and needs 6"},
      {"1,2,3,4,5,", "column 6 (height) is empty"},
      {"1,2,3,,5,6", "column 4 (top) is empty"},
      {"1,2,3,x,5,6", "column 4 (top) is no number: 'x'"},
      {"1,2,3,nan,5,6", "column 4 (top) is no number: 'nan'"},
      {"1,2,3,4,1e300,6", "column 5 (width) is no number: '1e300'"},
      {"1,2,3,4,5,6,high", "column 7 (score) is no number: 'high'"},
      {"1 2 3 4 5 6", "column 1 (frame) is no number: '1 2 3 4 5 6'"},
      {"0,-1,3,4,5,6", "column 1 (frame) is no whole number from 1 on"},
      {"1.5,-1,3,4,5,6", "column 1 (frame) is no whole number from 1 on"},
      {"1e30,-1,3,4,5,6", "column 1 (frame) is no whole number from 1 on"},
      {"1,0.5,3,4,5,6", "column 2 (id) is no whole number"}};
  for (const auto& [line, message] : rows) {
    const auto row = read_mot_row(line);
    ASSERT_FALSE(row) << line;
    EXPECT_EQ(row.error().message, message);
    EXPECT_EQ(row.error().code, ErrorCode::kCorrupt);
  }
}

TEST(MotRow, AnyTextIsARowOrAnError) {
  std::mt19937 random(5);
  const std::string letters = "0123456789.,-+e \rxn\xFF";
  for (int round = 0; round < 20'000; ++round) {
    std::string line;
    for (std::size_t i = random() % 40; i > 0; --i) line += letters[random() % letters.size()];
    const auto row = read_mot_row(line);
    if (row) {
      EXPECT_GE(row->frame, 1) << line;
    }
  }
}

}  // namespace
}  // namespace weir
