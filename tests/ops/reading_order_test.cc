#include "weir/ops/reading_order.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

namespace weir {
namespace {

// A page as a test writes it: text at x, y, of the size that 10 pixels a character give.
struct Page {
  std::vector<TextQuad> quads;
  std::vector<std::string> texts;

  Page& add(const std::string& text, double x, double y, double height = 20) {
    const double w = 10 * static_cast<double>(text.size()) * height / 20;
    quads.push_back({{{{x, y}, {x + w, y}, {x + w, y + height}, {x, y + height}}}});
    texts.push_back(text);
    return *this;
  }
  Page turned(double degrees) const {
    Page page = *this;
    const double c = std::cos(degrees * 3.14159265358979 / 180);
    const double s = std::sin(degrees * 3.14159265358979 / 180);
    for (TextQuad& quad : page.quads) {
      for (Point& p : quad.corners) p = {p.x * c - p.y * s, p.x * s + p.y * c};
    }
    return page;
  }
  // The boxes in another order must be read alike.
  std::string read(unsigned seed = 0) const {
    std::vector<std::size_t> order(quads.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::mt19937 random(seed);
    if (seed > 0) std::shuffle(order.begin(), order.end(), random);
    Page page;
    for (const std::size_t i : order) {
      page.quads.push_back(quads[i]);
      page.texts.push_back(texts[i]);
    }
    return join_rows(reading_order(page.quads), page.texts);
  }
};

TEST(ReadingOrder, WordsOfARowAreJoinedAndRowsFollow) {
  Page page;
  page.add("07", 90, 11).add("Plate", 20, 50).add("Camera", 20, 10).add("2026-11-21", 300, 9);
  EXPECT_EQ(page.read(), "Camera 07 2026-11-21\nPlate");
}

TEST(ReadingOrder, ThePageMayBeTurnedOrSlanted) {
  Page page;
  page.add("one", 20, 10).add("two", 100, 10).add("three", 20, 40).add("four", 120, 40);
  page.add("five", 20, 70).add("six", 120, 70);
  for (const double degrees : {0, 7, -7, 30, 90, 180, 270, 93, -135}) {
    EXPECT_EQ(page.turned(degrees).read(), "one two\nthree four\nfive six") << degrees;
  }
}

TEST(ReadingOrder, ALongSlantedRowStaysARow) {
  Page page;
  for (int i = 0; i < 12; ++i) page.add("word", 60 * i, 10).add("next", 60 * i, 40);
  std::string row = "word", next = "next";
  for (int i = 1; i < 12; ++i) row += " word", next += " next";
  // Its boxes are level though the rows fall: as where a detector gives upright boxes.
  for (std::size_t i = 0; i < page.quads.size(); ++i) {
    for (Point& p : page.quads[i].corners) p.y += 3.0 * static_cast<double>(i / 2);
  }
  EXPECT_EQ(page.read(), row + "\n" + next);
}

TEST(ReadingOrder, ColumnsOfProseAreReadOneAfterTheOther) {
  Page page;
  page.add("A heading over both of the columns of this page", 20, 10);
  for (int i = 0; i < 5; ++i) {
    const std::string n = std::to_string(i);
    page.add("left column line " + n, 20, 60 + 25 * i);
    page.add("right column line " + n, 250, 60 + 25 * i);
  }
  std::string wanted = "A heading over both of the columns of this page\n\n";
  for (int i = 0; i < 5; ++i) wanted += "left column line " + std::to_string(i) + "\n";
  wanted += "\n";
  for (int i = 0; i < 5; ++i) wanted += "right column line " + std::to_string(i) + "\n";
  wanted.pop_back();
  for (unsigned seed = 0; seed < 5; ++seed) EXPECT_EQ(page.read(seed), wanted);
  EXPECT_EQ(page.turned(90).read(), wanted);
}

TEST(ReadingOrder, ATableIsReadRowByRow) {
  Page page;
  for (int i = 0; i < 5; ++i) {
    const std::string n = std::to_string(i);
    page.add("name" + n, 20, 25.0 * i).add("12." + n, 250, 25.0 * i);
  }
  EXPECT_EQ(page.read(), "name0 12.0\nname1 12.1\nname2 12.2\nname3 12.3\nname4 12.4");
}

TEST(ReadingOrder, NumbersBeforeLongLinesAreNoColumn) {
  Page page;
  std::string wanted;
  for (int i = 0; i < 4; ++i) {
    const std::string n = std::to_string(i) + ".";
    page.add(n, 0, 25 * i).add("a long line of some prose", 100, 25 * i);
    wanted += (i > 0 ? "\n" : "") + n + " a long line of some prose";
  }
  EXPECT_EQ(page.read(), wanted);
}

TEST(ReadingOrder, AParagraphIsSetApart) {
  Page page;
  page.add("one", 0, 0).add("two", 0, 25).add("three", 0, 100);
  EXPECT_EQ(page.read(), "one\ntwo\n\nthree");
}

TEST(ReadingOrder, BoxesThatTouchTheNextRowStayInTheirOwn) {
  Page page;
  page.add("above", 0, 0, 30).add("row", 160, 2, 30).add("below", 0, 24, 30).add("it", 160, 26, 30);
  EXPECT_EQ(page.read(), "above row\nbelow it");
}

TEST(ReadingOrder, ScriptsWithoutSpacesAreJoinedWithoutThem) {
  Page page;
  page.add("\xE4\xB8\xAD\xE6\x96\x87", 0, 0).add("\xE6\x96\x87", 100, 0).add("abc", 150, 0);
  EXPECT_EQ(page.read(), "\xE4\xB8\xAD\xE6\x96\x87\xE6\x96\x87 abc");
}

TEST(ReadingOrder, EmptyTextsLeaveNothing) {
  EXPECT_TRUE(reading_order({}).empty());
  Page page;
  page.add("a", 0, 0).add("x", 0, 30).add("b", 0, 60);
  page.texts[1] = "";
  EXPECT_EQ(page.read(), "a\nb");
}

TEST(ReadingOrder, EveryBoxIsReadOnce) {
  std::mt19937 random(4);
  std::uniform_real_distribution<double> place(0, 1000);
  std::uniform_real_distribution<double> angle(0, 6.28);
  for (int round = 0; round < 50; ++round) {
    Page page;
    for (int i = 0; i < round * 3; ++i) {
      Page one;
      one.add("word", 0, 0, 5 + place(random) / 20);
      one = one.turned(round % 2 == 0 ? 0 : angle(random) * 57);
      const Point shift{place(random), place(random)};
      for (Point& p : one.quads[0].corners) p = {p.x + shift.x, p.y + shift.y};
      page.quads.push_back(one.quads[0]);
    }
    std::vector<std::size_t> seen;
    for (const TextRow& row : reading_order(page.quads)) {
      seen.insert(seen.end(), row.boxes.begin(), row.boxes.end());
    }
    std::sort(seen.begin(), seen.end());
    ASSERT_EQ(seen.size(), page.quads.size());
    for (std::size_t i = 0; i < seen.size(); ++i) EXPECT_EQ(seen[i], i);
  }
}

}  // namespace
}  // namespace weir
