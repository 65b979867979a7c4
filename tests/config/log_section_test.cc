#include "weir/config/log_section.h"

#include <gtest/gtest.h>

#include "weir/config/yaml.h"

namespace weir::config {
namespace {

Result<LogConfig> read_log(const char* text) {
  WEIR_ASSIGN(const Node root, parse_yaml(text, "l.yaml"));
  return read<LogConfig>(*root.find("log"), "log");
}

TEST(LogSection, FillsTheLogConfig) {
  const auto log = read_log(
      "log: {level: off, levels: {flow: debug, backend: warning}, file: w.log, rotate_bytes: 4096, "
      "rotate_count: 2}\n");
  ASSERT_TRUE(log) << log.error().to_string();
  EXPECT_EQ(log->level, LogLevel::kOff);
  ASSERT_EQ(log->levels.size(), 2U);
  EXPECT_EQ(log->levels[1].second, LogLevel::kWarn);
  EXPECT_EQ(log->file, "w.log");
  EXPECT_EQ(log->rotate_bytes, 4096U);
  EXPECT_EQ(log->rotate_count, 2U);
}

TEST(LogSection, IsTheDefaultWhereItSaysNothing) {
  const auto log = read_log("log: {}\n");
  ASSERT_TRUE(log) << log.error().to_string();
  EXPECT_EQ(log->level, LogLevel::kInfo);
  EXPECT_TRUE(log->file.empty());
}

TEST(LogSection, RefusesWhatItDoesNotKnow) {
  EXPECT_EQ(read_log("log: {levels: {flow: debgu}}\n").error().to_string(),
            "l.yaml:1:22: 'log.levels.flow' must be one of 'trace', 'debug', 'info', 'warn', "
            "'error', 'off', 'warning', found the text 'debgu'; did you mean 'debug'?");
  EXPECT_EQ(read_log("log: {rotate_bytes: -1}\n").error().where, "l.yaml:1:21");
  EXPECT_EQ(read_log("log: {levle: info}\n").error().hint, "did you mean 'level'?");
}

}  // namespace
}  // namespace weir::config
