#include "weir/assemble/stream_names.h"

#include <gtest/gtest.h>

#include <ostream>
#include <set>
#include <string>
#include <vector>

namespace weir {
namespace {

struct Row {
  const char* name;
  std::vector<const char*> sources;
  std::vector<const char*> streams;
  friend void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }
};

class StreamNamesTest : public testing::TestWithParam<Row> {};

TEST_P(StreamNamesTest, AreGivenOnce) {
  StreamNames names;
  std::vector<std::string> given;
  for (const char* source : GetParam().sources) given.push_back(names.next(source));
  EXPECT_EQ(given, std::vector<std::string>(GetParam().streams.begin(), GetParam().streams.end()));
}

INSTANTIATE_TEST_SUITE_P(
    All, StreamNamesTest,
    testing::Values(
        Row{"Others", {"gate", "yard"}, {"gate", "yard"}},
        Row{"Again", {"gate", "yard", "gate", "gate"}, {"gate", "yard", "gate_2", "gate_3"}},
        Row{"ANumberOfOnesOwn", {"gate_2", "gate", "gate"}, {"gate_2", "gate", "gate_3"}},
        Row{"ANumberThatWasGiven",
            {"gate", "gate", "gate_2", "gate", "gate_2"},
            {"gate", "gate_2", "gate_2_2", "gate_3", "gate_2_3"}},
        Row{"ANumberThatIsStillFree",
            {"gate", "gate_3", "gate", "gate"},
            {"gate", "gate_3", "gate_2", "gate_4"}},
        Row{"NoNumbers",
            {"gate", "gate", "gate_02", "gate_1", "gate_", "gate_2x", "_2", "gate_99999999999"},
            {"gate", "gate_2", "gate_02", "gate_1", "gate_", "gate_2x", "_2", "gate_99999999999"}}),
    [](const auto& row) { return std::string(row.param.name); });

// However names that end in numbers of each other come.
TEST(StreamNames, AreAllDifferent) {
  StreamNames names;
  std::set<std::string> given;
  const std::vector<std::string> sources = {"a", "a_2", "a_3", "a_2_2", "a_12", "a_2_2_2"};
  std::size_t next = 0;
  for (int i = 0; i < 5000; ++i) {
    next = (next * 5 + 7 + static_cast<std::size_t>(i) / 9) % sources.size();
    const std::string name = names.next(sources[next]);
    EXPECT_TRUE(given.insert(name).second) << name;
  }
}

}  // namespace
}  // namespace weir
