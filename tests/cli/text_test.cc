#include "apps/cli/text.h"

#include <gtest/gtest.h>

#include <sstream>

#include "apps/cli/progress.h"
#include "apps/cli/table.h"

namespace weir::cli {
namespace {

TEST(DisplayWidth, CountsColumnsNotBytes) {
  EXPECT_EQ(display_width("abc"), 3U);
  EXPECT_EQ(display_width("größe"), 5U);
  EXPECT_EQ(display_width("模型"), 4U);
  EXPECT_EQ(display_width("e\u0301"), 1U);
  EXPECT_EQ(display_width("\033[1mbold\033[0m"), 4U);
  EXPECT_EQ(display_width("\xff\xfe"), 2U);
  EXPECT_EQ(display_width("\xe6\xa8"), 2U);
}

TEST(Truncate, EndsInAnEllipsisAndClosesColour) {
  EXPECT_EQ(truncate("abcdef", 6), "abcdef");
  EXPECT_EQ(truncate("abcdef", 4), "abc…");
  EXPECT_EQ(truncate("模型模型", 4), "模…");
  EXPECT_EQ(truncate("\033[1mabcdef\033[0m", 4), "\033[1mabc…\033[0m");
  EXPECT_EQ(truncate("abc", 0), "");
}

TEST(Format, UsesReadableUnits) {
  EXPECT_EQ(format_bytes(0), "0 B");
  EXPECT_EQ(format_bytes(999), "999 B");
  EXPECT_EQ(format_bytes(9'987'728), "10 MB");
  EXPECT_EQ(format_bytes(232'589), "233 kB");
  EXPECT_EQ(format_bytes(999'999), "1.0 MB");
  EXPECT_EQ(format_ms(0.0123), "0.012 ms");
  EXPECT_EQ(format_ms(1.234), "1.23 ms");
  EXPECT_EQ(format_ms(45.67), "45.7 ms");
  EXPECT_EQ(format_ms(1234.4), "1,234 ms");
  EXPECT_EQ(format_count(812), "812");
  EXPECT_EQ(format_count(3'540'854), "3.54 M");
  EXPECT_EQ(with_commas(1'234'567), "1,234,567");
  EXPECT_EQ(with_commas(0), "0");
  EXPECT_EQ(fixed(1.0 / 0.0, 2), "?");
}

TEST(Table, AlignsByWhatTheReaderSees) {
  Table table({{"name"}, {"size", Align::kRight}});
  table.row({"模型", "9 B"});
  table.row({"yunet", "233 kB"});
  EXPECT_EQ(table.render({}), "name     size\n模型      9 B\nyunet  233 kB\n");
}

TEST(Table, GivesWayInTheWidestColumn) {
  Table table({{}, {}});
  table.row({"a", "a long line of text that does not fit"});
  Terminal narrow;
  narrow.width = 20;
  const std::string text = table.render(narrow);
  EXPECT_EQ(display_width(text.substr(0, text.size() - 1)), 20U);
  EXPECT_NE(text.find("…"), std::string::npos);
}

TEST(ProgressBar, ShowsTheShare) {
  EXPECT_EQ(bar(0, 10, 4), "[....]   0 %");
  EXPECT_EQ(bar(5, 10, 4), "[##..]  50 %");
  EXPECT_EQ(bar(20, 10, 4), "[####] 100 %");
  EXPECT_EQ(bar(5, 0, 4), "");
}

TEST(Progress, WritesOnlyOneLineWhereThereIsNoTerminal) {
  std::ostringstream out;
  std::ostringstream err;
  const Context context{out, err};
  Progress progress(context);
  progress.update("pull", 1, 2);
  progress.finish("pulled");
  EXPECT_EQ(err.str(), "pulled\n");
}

TEST(Progress, RewritesItsLineOnATerminalAndRemovesItAtTheEnd) {
  std::ostringstream out;
  std::ostringstream err;
  Context context{out, err};
  context.err_is_terminal = true;
  FakeClock clock(1'000'000'000);
  Progress progress(context, clock);
  progress.update("pull", 1, 2);
  progress.update("pull", 2, 2);  // too soon after the first
  progress.finish();
  EXPECT_EQ(err.str(), "\r\033[Kpull  [############............]  50 %  1 B\r\033[K");
}

TEST(Progress, TellsTheTimeThatIsLeft) {
  EXPECT_EQ(time_left(0, 10, 5), "");
  EXPECT_EQ(time_left(1, 10, 0.5), "");
  EXPECT_EQ(time_left(10, 10, 5), "");
  EXPECT_EQ(time_left(5, 10, 5), "  5 s left");
  EXPECT_EQ(time_left(1, 1000, 1), "  17 min left");
  EXPECT_EQ(time_left(1, 100'000, 1), "  27.8 h left");
}

TEST(OnOneLine, TakesLineEndsAndEscapesOutOfANameAndLeavesItsLetters) {
  EXPECT_EQ(on_one_line("new\nline\x1b[31m\x7f.jpg"), "new?line?[31m?.jpg");
  EXPECT_EQ(on_one_line("größe 日本 😀.jpg"), "größe 日本 😀.jpg");
}

}  // namespace
}  // namespace weir::cli
