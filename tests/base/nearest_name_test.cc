#include "weir/base/nearest_name.h"

#include <gtest/gtest.h>

namespace weir {
namespace {

TEST(NearestName, CountsASwapOfNeighboursAsOneEdit) {
  EXPECT_EQ(edit_distance("score", "socre"), 1U);
  EXPECT_EQ(edit_distance("score", "scor"), 1U);
  EXPECT_EQ(edit_distance("", "abc"), 3U);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
}

TEST(NearestName, FindsWhatWasMeantAndNothingFarAway) {
  struct Row {
    const char* wanted;
    const char* found;  // nullptr: nothing
  };
  const std::vector<std::string> known = {"model", "score", "labels", "min_side", "rt-detr", "on"};
  const Row rows[] = {
      {"modle", "model"},       {"scor", "score"},     {"Score", "score"},     {"label", "labels"},
      {"min-side", "min_side"}, {"rtdetr", "rt-detr"}, {"no", "on"},           {"xx", nullptr},
      {"colour", nullptr},      {"", nullptr},         {"threshold", nullptr},
  };
  for (const Row& row : rows) {
    const auto found = nearest_name(row.wanted, known);
    EXPECT_EQ(found.value_or("nothing"), row.found ? row.found : "nothing") << row.wanted;
  }
}

TEST(NearestName, HintsWithTheNameOrWithTheListOfAll) {
  EXPECT_EQ(hint_for_name("scor", {"label", "score"}), "did you mean 'score'?");
  EXPECT_EQ(hint_for_name("zzzzzz", {"a", "b", "c"}), "known are 'a', 'b' and 'c'");
  EXPECT_EQ(hint_for_name("zzzzzz", {"a"}), "known is 'a'");
  EXPECT_EQ(hint_for_name("zzzzzz", {}), "");
  const std::vector<std::string> many(14, "name");
  EXPECT_NE(hint_for_name("zzzzzz", many).find("and 2 more"), std::string::npos);
}

}  // namespace
}  // namespace weir
