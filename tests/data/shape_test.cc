#include "weir/data/shape.h"

#include <gtest/gtest.h>

#include <vector>

namespace weir {
namespace {

TEST(Shape, IsWrittenAndReadBack) {
  for (const char* text : {"1x3x640x640", "?x3x?x?", "scalar", "0x4", "7"}) {
    EXPECT_EQ(to_string(parse_shape(text).value()), text);
  }
  EXPECT_EQ(parse_shape("-1x3").value(), (Shape{-1, 3}));
}

TEST(Shape, RefusesWhatIsNotAShape) {
  for (const char* text : {"", "x", "1x", "ax3", "1x-2", "1 x 2", "1x1x1x1x1x1x1x1x1"}) {
    EXPECT_FALSE(parse_shape(text)) << text;
  }
}

TEST(Shape, CountsItsElementsOrSaysWhyNot) {
  EXPECT_EQ((Shape{2, 3, 4}).elements().value(), 24);
  EXPECT_EQ(Shape{}.elements().value(), 1);
  EXPECT_EQ((Shape{0, int64_t{1} << 62, 4}).elements().value(), 0);
  EXPECT_FALSE((Shape{-1, 3}).elements());
  EXPECT_FALSE((Shape{int64_t{1} << 32, int64_t{1} << 32}).elements());
}

TEST(Shape, AcceptsEqualSizesWhereTheyAreKnown) {
  const Shape asked{-1, 3, 640};
  EXPECT_TRUE(asked.accepts({4, 3, 640}));
  EXPECT_FALSE(asked.accepts({4, 3, 320}));
  EXPECT_FALSE(asked.accepts({3, 640}));
}

TEST(Shape, TakesAtMostEightSizesFromABackEnd) {
  const std::vector<int64_t> sizes(9, 1);
  EXPECT_TRUE(Shape::from(sizes.data(), 8));
  EXPECT_FALSE(Shape::from(sizes.data(), 9));
  const int64_t below = -2;
  EXPECT_FALSE(Shape::from(&below, 1));
}

}  // namespace
}  // namespace weir
