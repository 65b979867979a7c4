#include "weir/ops/draw/font_set.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <random>

#include "tests/ops/draw/guarded_picture.h"
#include "weir/ops/draw/font_files.h"
#include "weir/ops/draw/text_characters.h"

namespace weir {
namespace {

using testing::GuardedPicture;

constexpr Colour kWhite{255, 255, 255};

Result<FontSet> fonts() {
  return FontSet::open({});
}

void append_utf8(std::string& out, char32_t c) {
  if (c < 0x80) {
    out += static_cast<char>(c);
    return;
  }
  constexpr unsigned kLead[] = {0, 0xC0, 0xE0, 0xF0};
  unsigned more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
  out += static_cast<char>(kLead[more] | c >> (6 * more));
  while (more-- > 0) out += static_cast<char>(0x80U | (c >> (6 * more) & 0x3FU));
}

// The text cut short: somewhere in it, as scripts go, stands "…".
bool has_dots(FontSet& set, const TextLine& line) {
  const GlyphName dots = set.line("…", line.pixels).glyphs.front().glyph;
  return std::any_of(line.glyphs.begin(), line.glyphs.end(),
                     [&](const TextLine::Place& place) { return place.glyph == dots; });
}

int ink_of(FontSet& set, const std::string& text) {
  const GuardedPicture picture(200, 40);
  Canvas canvas(picture.view());
  set.draw(canvas, set.line(text, 20), 5, 30, kWhite);
  return picture.painted();
}

TEST(FontSet, MeasuresWhatItDraws) {
  Result<FontSet> set = fonts();
  if (!set) GTEST_SKIP() << set.error().to_string();
  const TextLine line = set->line("Hxgj\xC3\x89", 20);
  EXPECT_GT(line.width, 25);
  EXPECT_LT(line.width, 75);
  const GuardedPicture picture(100, 60);
  Canvas canvas(picture.view());
  set->draw(canvas, line, 10, 10 + line.ascent(), kWhite);
  for (int y = 0; y < 60; ++y) {
    for (int x = 0; x < 100; ++x) {
      if (!picture.is_painted(x, y)) continue;
      EXPECT_GE(y, 10);
      EXPECT_LT(y, 10 + line.height());
      EXPECT_GE(x, 9);
      EXPECT_LE(x, 11 + line.width);
    }
  }
  EXPECT_GT(picture.painted(), 100);
}

TEST(FontSet, TakesAnotherFontForWhatTheFirstLacks) {
  const auto cjk = find_fonts({"/usr/share/fonts/truetype/droid"});
  Result<FontSet> set = fonts();
  if (!set || cjk.empty()) GTEST_SKIP() << "no font with Chinese";
  // With a font each is different; without one each would be the same box.
  EXPECT_NE(ink_of(*set, "東"), ink_of(*set, "一"));
}

// A font of the system that has Arabic and Hebrew, or a reason why not.
#define WEIR_NEEDS_JOINED_LETTERS(set)                    \
  Result<FontSet> set = fonts();                          \
  if (!set) GTEST_SKIP() << set.error().to_string();      \
  if (ink_of(*set, "\u0628") == ink_of(*set, "\u0633")) { \
    GTEST_SKIP() << "no font with Arabic";                \
  }

TEST(FontSet, JoinsLettersOfScriptsThatAreJoined) {
  WEIR_NEEDS_JOINED_LETTERS(set);
  const int one = set->line("\u0628", 40).width;
  const int three = set->line("\u0628\u0628\u0628", 40).width;
  EXPECT_LT(three, 3 * one - 10);
  // What keeps letters from joining is obeyed.
  EXPECT_NEAR(set->line("\u0628\u200C\u0628\u200C\u0628", 40).width, 3 * one, 2);
}

TEST(FontSet, WritesFromRightToLeftWhatIsReadSo) {
  WEIR_NEEDS_JOINED_LETTERS(set);
  const GuardedPicture together(120, 50), apart(120, 50);
  Canvas canvas(together.view()), other(apart.view());
  set->draw(canvas, set->line("\u05D0\u05D1 x", 30), 5, 40, kWhite);
  set->draw(other, set->line("x ", 30), 5, 40, kWhite);
  int x = 5 + set->line("x ", 30).width;
  set->draw(other, set->line("\u05D1", 30), x, 40, kWhite);
  x += set->line("\u05D1", 30).width;
  set->draw(other, set->line("\u05D0", 30), x, 40, kWhite);
  int differ = 0;
  for (int y = 0; y < 50; ++y) {
    for (int column = 0; column < 120; ++column) {
      differ += together.at(column, y) != apart.at(column, y);
    }
  }
  EXPECT_EQ(differ, 0);
  EXPECT_GT(together.painted(), 200);
}

TEST(FontSet, PutsMarksOverTheirLetter) {
  WEIR_NEEDS_JOINED_LETTERS(set);
  EXPECT_NEAR(set->line("n\u0301n", 40).width, set->line("nn", 40).width, 2);
  EXPECT_GT(ink_of(*set, "n\u0301"), ink_of(*set, "n"));
}

TEST(FontSet, ShortensJoinedTextToo) {
  WEIR_NEEDS_JOINED_LETTERS(set);
  std::string text;
  for (int i = 0; i < 30; ++i) text += "\u0628\u0633 ";
  for (const int width : {15, 40, 90, 200, 333}) {
    const TextLine cut = set->shortened(text, 20, width);
    EXPECT_LE(cut.width, width);
    EXPECT_TRUE(width < 40 || has_dots(*set, cut)) << width;
  }
}

TEST(FontSet, DrawsABoxForWhatNoFontHas) {
  Result<FontSet> set = fonts();
  if (!set) GTEST_SKIP() << set.error().to_string();
  const int box = ink_of(*set, "\xF3\xB0\x80\x80");  // for private use
  EXPECT_GT(box, 20);
  EXPECT_EQ(box, ink_of(*set, "\xF3\xB0\x80\x81"));
}

TEST(FontSet, ShortensWhatIsTooWide) {
  Result<FontSet> set = fonts();
  if (!set) GTEST_SKIP() << set.error().to_string();
  EXPECT_EQ(set->shortened("car", 20, 500), set->line("car", 20));
  const TextLine cut = set->shortened("a very long label 東京", 20, 90);
  EXPECT_TRUE(has_dots(*set, cut));
  EXPECT_LE(cut.width, 90);
  EXPECT_GT(cut.width, 60);
  EXPECT_EQ(set->shortened("car", 20, 3), TextLine());
  EXPECT_EQ(set->shortened("東京 é", 20, 500), set->line("東京 é", 20));
  // As it would be laid out by itself, without the space before the dots.
  EXPECT_EQ(set->shortened("ab cd", 20, set->line("ab …", 20).width), set->line("ab…", 20));
}

TEST(FontSet, SaysWhatIsWrongWithANamedFont) {
  EXPECT_EQ(FontSet::open({.file = "/nowhere.ttf"}).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(FontSet::open({.folders = {"/nowhere"}}).error().code, ErrorCode::kNotFound);
  const auto file = std::filesystem::temp_directory_path() / "weir_not_a_font.ttf";
  std::ofstream(file) << "no font";
  EXPECT_EQ(FontSet::open({.file = file.string()}).error().code, ErrorCode::kCorrupt);
  std::filesystem::remove(file);
}

TEST(FontSet, AnyCharactersAreDrawnInside) {
  Result<FontSet> set = fonts();
  if (!set) GTEST_SKIP() << set.error().to_string();
  std::mt19937 random(4);
  const std::pair<char32_t, char32_t> kRanges[] = {
      {0x20, 0x17F},  {0x300, 0x36F},   {0x590, 0x7BF},   {0x900, 0xDFF},
      {0xE00, 0xEFF}, {0x2000, 0x206F}, {0x4E00, 0x4EFF}, {0xFB1D, 0xFEFF}};
  for (int round = 0; round < 300; ++round) {
    std::string text;
    for (int i = 0; i < 12; ++i) {
      const auto& range = kRanges[random() % std::size(kRanges)];
      append_utf8(text,
                  range.first + static_cast<char32_t>(random() % (range.second - range.first)));
    }
    const GuardedPicture picture(60, 20);
    Canvas canvas(picture.view());
    const int size = static_cast<int>(random() % 60);
    set->draw(canvas, set->line(text, size), static_cast<int>(random() % 80) - 40,
              static_cast<int>(random() % 60) - 20, kWhite);
    const int width = static_cast<int>(random() % 100);
    EXPECT_LE(set->shortened(text, size, width).width, width);
    ASSERT_TRUE(picture.guards_hold());
  }
}

TEST(FontSet, AnyBytesAreDrawnInside) {
  Result<FontSet> set = fonts();
  if (!set) GTEST_SKIP() << set.error().to_string();
  std::mt19937 random(3);
  for (int round = 0; round < 300; ++round) {
    std::string text;
    for (int i = 0; i < 20; ++i) text += static_cast<char>(random());
    const GuardedPicture picture(40, 16);
    Canvas canvas(picture.view());
    const int size = static_cast<int>(random() % 60);
    set->draw(canvas, set->line(text, size), static_cast<int>(random() % 80) - 40,
              static_cast<int>(random() % 60) - 20, kWhite);
    (void)set->shortened(text, size, static_cast<int>(random() % 100));
    ASSERT_TRUE(picture.guards_hold());
  }
}

}  // namespace
}  // namespace weir
