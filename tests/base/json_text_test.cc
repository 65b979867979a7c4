#include "weir/base/json_text.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>
#include <random>
#include <string>

namespace weir {
namespace {

std::string in_json(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

template <class T>
std::string number(T value) {
  std::string out;
  append_json_number(out, value);
  return out;
}

TEST(JsonText, EscapesWhatJsonDoesNotAllow) {
  EXPECT_EQ(in_json("a\"b\\c\n\r\t"), R"("a\"b\\c\n\r\t")");
  EXPECT_EQ(in_json(std::string_view("\0\x1f\x7f", 3)), R"("\u0000\u001f\u007f")");
  EXPECT_EQ(in_json("Zürich 東京 🚦"), "\"Zürich 東京 🚦\"");
}

TEST(JsonText, RepairsWhatIsNotUtf8) {
  const std::string bad = "\xEF\xBF\xBD";
  EXPECT_EQ(in_json("a\xFFz"), "\"a" + bad + "z\"");
  EXPECT_EQ(in_json("\xC0\x80"), "\"" + bad + bad + "\"");                      // overlong
  EXPECT_EQ(in_json("\xED\xA0\x80"), "\"" + bad + bad + bad + "\"");            // a surrogate
  EXPECT_EQ(in_json("\xE6\x9D"), "\"" + bad + bad + "\"");                      // cut off
  EXPECT_EQ(in_json("\xF4\x90\x80\x80"), "\"" + bad + bad + bad + bad + "\"");  // above U+10FFFF
}

TEST(JsonText, AnyBytesBecomeValidJson) {
  std::mt19937 random(7);
  for (int round = 0; round < 2000; ++round) {
    std::string bytes(random() % 24, '\0');
    for (char& c : bytes) c = static_cast<char>(random());
    const auto parsed = nlohmann::json::parse(in_json(bytes), nullptr, false);
    ASSERT_TRUE(parsed.is_string());
    if (is_utf8(bytes)) {
      EXPECT_EQ(parsed.get<std::string>(), bytes);
    }
    EXPECT_TRUE(is_utf8(parsed.get<std::string>()));
  }
}

TEST(JsonText, WritesTheShortestNumberThatReadsBack) {
  EXPECT_EQ(number(0.1F), "0.1");
  EXPECT_EQ(number(0.1), "0.1");
  EXPECT_EQ(number(1e30F), "1e+30");
  EXPECT_EQ(number(-0.0F), "-0.0");
  EXPECT_EQ(number(std::numeric_limits<int64_t>::min()), "-9223372036854775808");
  EXPECT_EQ(number(std::numeric_limits<uint64_t>::max()), "18446744073709551615");
  EXPECT_EQ(number(std::numeric_limits<float>::infinity()), "null");
  EXPECT_EQ(number(std::numeric_limits<double>::quiet_NaN()), "null");
}

TEST(JsonText, EveryFloatReadsBackExactly) {
  std::mt19937 random(11);
  for (int round = 0; round < 20000; ++round) {
    const auto bits = static_cast<uint32_t>(random());
    float value = 0;
    std::memcpy(&value, &bits, sizeof(value));
    if (value != value || value - value != 0) continue;
    EXPECT_EQ(std::strtof(number(value).c_str(), nullptr), value);
  }
}

}  // namespace
}  // namespace weir
