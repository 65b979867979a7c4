#include "weir/ops/draw/text_runs.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace weir {
namespace {

std::vector<char32_t> characters(const std::u32string& text) {
  return {text.begin(), text.end()};
}

// The runs as they stand from left to right: what each says, and "<" before those that run left.
std::string seen(const std::u32string& text) {
  std::string out;
  for (const TextRun& run : visual_runs(characters(text))) {
    out += run.right_to_left ? " <" : " ";
    for (std::size_t i = run.begin; i < run.end; ++i) {
      // Hebrew as capitals.
      const char32_t c = text[i];
      out += static_cast<char>(c >= 0x5D0 && c <= 0x5EA ? 'A' + (c - 0x5D0) : c == ' ' ? '_' : c);
    }
  }
  return out;
}

TEST(TextRuns, AreNotNeededWhereLettersStandSideBySide) {
  for (const auto* text :
       {U"person 0.87", U"Grüße, Ελλάδα, Москва", U"東京タワー", U"서울", U"€ → … “x”"}) {
    EXPECT_FALSE(needs_shaping(characters(text)));
  }
  for (const auto* text : {U"سلام", U"שלום", U"नमस्ते", U"ไทย", U"e\u0301", U"a\u202Eb"}) {
    EXPECT_TRUE(needs_shaping(characters(text)));
  }
}

// What UAX 9 says.
TEST(TextRuns, StandAsTheyAreSeen) {
  EXPECT_EQ(seen(U"abc"), " abc");
  EXPECT_EQ(seen(U"אבג"), " <ABC");
  EXPECT_EQ(seen(U"a אבג"), " a_ <ABC");
  EXPECT_EQ(seen(U"אבג abc"), " abc <ABC_");
  EXPECT_EQ(seen(U"אבג 12"), " 12 <ABC_");
  EXPECT_EQ(seen(U"x אב 12 גד y"), " x_ <_CD 12 <AB_ _ y");
  EXPECT_EQ(seen(U""), "");
}

TEST(TextRuns, HaveTheScriptOfTheirLetters) {
  const auto runs = visual_runs(characters(U"(a) аб"));
  ASSERT_EQ(runs.size(), 2U);
  EXPECT_EQ(runs[0].script, 0x4C61746EU);  // Latn, with the sign before it and the space after
  EXPECT_EQ(runs[0].end, 4U);
  EXPECT_EQ(runs[1].script, 0x4379726CU);  // Cyrl
}

TEST(TextRuns, HoldEveryCharacterOnce) {
  std::mt19937 random(5);
  const std::u32string letters = U"a1 אبन\u200F\u202E\u2067\u2069\u0301(]東";
  for (int round = 0; round < 2000; ++round) {
    std::vector<char32_t> text(random() % 12);
    for (char32_t& c : text) c = letters[random() % letters.size()];
    std::vector<int> times(text.size(), 0);
    for (const TextRun& run : visual_runs(text)) {
      ASSERT_LT(run.begin, run.end);
      ASSERT_LE(run.end, text.size());
      for (std::size_t i = run.begin; i < run.end; ++i) ++times[i];
    }
    ASSERT_EQ(times, std::vector<int>(text.size(), 1));
  }
}

}  // namespace
}  // namespace weir
