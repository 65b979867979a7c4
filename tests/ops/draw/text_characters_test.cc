#include "weir/ops/draw/text_characters.h"

#include <gtest/gtest.h>

namespace weir {
namespace {

TEST(TextCharacters, AreDecodedSafely) {
  EXPECT_EQ(characters_of("a\xC3\xA9\xE6\x9D\xB1\xF0\x9F\x98\x80"),
            (std::vector<char32_t>{'a', 0xE9, 0x6771, 0x1F600}));
  EXPECT_EQ(characters_of("\xFF"
                          "a\xC3"),
            (std::vector<char32_t>{0xFFFD, 'a', 0xFFFD}));
  EXPECT_EQ(characters_of("a\n\tb\x7F"), (std::vector<char32_t>{'a', ' ', ' ', 'b', ' '}));
  EXPECT_LE(characters_of(std::string(1 << 20, 'x')).size(), 4096U);
}

TEST(TextCharacters, SomeAreNotSeen) {
  for (const char32_t c : {0x200CU, 0x200DU, 0x200FU, 0x202EU, 0x2067U, 0xFE0FU, 0xADU}) {
    EXPECT_TRUE(is_invisible(c)) << static_cast<uint32_t>(c);
  }
  for (const char32_t c : {U' ', U'a', U'…', U'東'}) EXPECT_FALSE(is_invisible(c));
}

}  // namespace
}  // namespace weir
