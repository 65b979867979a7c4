#include "weir/ops/draw/font_set.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <random>

#include "tests/ops/draw/guarded_picture.h"
#include "weir/ops/draw/font_files.h"

namespace weir {
namespace {

using testing::GuardedPicture;

constexpr Colour kWhite{255, 255, 255};

Result<FontSet> fonts() {
  return FontSet::open({});
}

int ink_of(FontSet& set, const std::string& text) {
  const GuardedPicture picture(200, 40);
  Canvas canvas(picture.view());
  set.draw(canvas, text, 20, 5, 30, kWhite);
  return picture.painted();
}

TEST(FontSet, DecodesTextSafely) {
  EXPECT_EQ(characters_of("a\xC3\xA9\xE6\x9D\xB1\xF0\x9F\x98\x80"),
            (std::vector<char32_t>{'a', 0xE9, 0x6771, 0x1F600}));
  EXPECT_EQ(characters_of("\xFF"
                          "a\xC3"),
            (std::vector<char32_t>{0xFFFD, 'a', 0xFFFD}));
  EXPECT_EQ(characters_of("a\n\tb\x7F"), (std::vector<char32_t>{'a', ' ', ' ', 'b', ' '}));
  EXPECT_EQ(characters_of("a\xE2\x80\x8D"
                          "b"),
            (std::vector<char32_t>{'a', 'b'}));
  EXPECT_LE(characters_of(std::string(1 << 20, 'x')).size(), 4096U);
}

TEST(FontSet, MeasuresWhatItDraws) {
  Result<FontSet> set = fonts();
  if (!set) GTEST_SKIP() << set.error().to_string();
  const TextSize size = set->measure("Hxgj", 20);
  EXPECT_GT(size.width, 25);
  EXPECT_LT(size.width, 60);
  const GuardedPicture picture(100, 60);
  Canvas canvas(picture.view());
  set->draw(canvas, "Hxgj\xC3\x89", 20, 10, 10 + size.ascent, kWhite);
  for (int y = 0; y < 60; ++y) {
    for (int x = 0; x < 100; ++x) {
      if (!picture.is_painted(x, y)) continue;
      EXPECT_GE(y, 10);
      EXPECT_LT(y, 10 + size.height());
      EXPECT_GE(x, 9);
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
  EXPECT_EQ(set->shortened("car", 20, 500), "car");
  const std::string text = set->shortened("a very long label 東京", 20, 90);
  EXPECT_TRUE(text.ends_with("…")) << text;
  EXPECT_LE(set->measure(text, 20).width, 90);
  EXPECT_GT(set->measure(text, 20).width, 60);
  EXPECT_EQ(set->shortened("car", 20, 3), "");
  EXPECT_EQ(set->shortened("東京 é", 20, 500), "東京 é");
}

TEST(FontSet, SaysWhatIsWrongWithANamedFont) {
  EXPECT_EQ(FontSet::open({.file = "/nowhere.ttf"}).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(FontSet::open({.folders = {"/nowhere"}}).error().code, ErrorCode::kNotFound);
  const auto file = std::filesystem::temp_directory_path() / "weir_not_a_font.ttf";
  std::ofstream(file) << "no font";
  EXPECT_EQ(FontSet::open({.file = file.string()}).error().code, ErrorCode::kCorrupt);
  std::filesystem::remove(file);
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
    set->draw(canvas, text, size, static_cast<int>(random() % 80) - 40,
              static_cast<int>(random() % 60) - 20, kWhite);
    (void)set->shortened(text, size, static_cast<int>(random() % 100));
    ASSERT_TRUE(picture.guards_hold());
  }
}

}  // namespace
}  // namespace weir
