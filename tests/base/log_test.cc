#include "weir/base/log.h"

#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

namespace weir {
namespace {

namespace fs = std::filesystem;

class LogTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() /
              ("weir_log_" + std::to_string(::getpid()) + "_" +
               ::testing::UnitTest::GetInstance()->current_test_info()->name());
    fs::create_directories(folder_);
  }
  void TearDown() override {
    ASSERT_TRUE(configure_log({}));
    fs::remove_all(folder_);
  }
  LogConfig captured(LogLevel level) {
    LogConfig config;
    config.level = level;
    config.sink = [this](LogLevel at, std::string_view component, std::string_view text) {
      lines_.push_back(std::string(name(at)) + " " + std::string(component) + ": " +
                       std::string(text));
    };
    return config;
  }

  fs::path folder_;
  std::vector<std::string> lines_;
};

TEST_F(LogTest, JoinsThePartsOfALine) {
  ASSERT_TRUE(configure_log(captured(LogLevel::kInfo)));
  const std::string who = "gate";
  log("flow").warn("stream ", who, ' ', 7, " at ", 1.5, " fps: ", true, ", ",
                   Error(ErrorCode::kCorrupt, "broken", "a.mp4"));
  EXPECT_EQ(lines_,
            std::vector<std::string>{"warn flow: stream gate 7 at 1.5 fps: true, a.mp4: broken"});
}

TEST_F(LogTest, EachComponentHasItsLevel) {
  LogConfig config = captured(LogLevel::kWarn);
  config.levels = {{"flow", LogLevel::kDebug}, {"flow.noisy", LogLevel::kOff}};
  ASSERT_TRUE(configure_log(config));
  log("media").info("no");
  log("media").error("yes");
  log("flow").debug("yes");
  log("flow").trace("no");
  log("flow.threads").debug("yes");
  log("flow.noisy").error("no");
  log("flowers").debug("no");
  EXPECT_EQ(lines_, (std::vector<std::string>{"error media: yes", "debug flow: yes",
                                              "debug flow.threads: yes"}));
}

TEST_F(LogTest, AHandleThatIsKeptFollowsANewConfiguration) {
  const Log kept = log("kept");
  ASSERT_TRUE(configure_log(captured(LogLevel::kError)));
  EXPECT_FALSE(kept.enabled(LogLevel::kInfo));
  ASSERT_TRUE(configure_log(captured(LogLevel::kTrace)));
  EXPECT_TRUE(kept.enabled(LogLevel::kTrace));
}

TEST_F(LogTest, ALineStaysALine) {
  ASSERT_TRUE(configure_log(captured(LogLevel::kInfo)));
  log("net").info("GET /\r\n2026-01-01 forged\x1b[31m");
  EXPECT_EQ(lines_, std::vector<std::string>{"info net: GET /?\\n2026-01-01 forged?[31m"});
}

TEST_F(LogTest, FilesRotateBySizeAndAreLimitedInNumber) {
  LogConfig config;
  config.file = (folder_ / "weir.log").string();
  config.rotate_bytes = 1000;
  config.rotate_count = 2;
  ASSERT_TRUE(configure_log(config));
  for (int i = 0; i < 100; ++i) log("flow").info("line number ", i, " of a hundred");
  ASSERT_TRUE(configure_log({}));
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder_)) {
    names.push_back(entry.path().filename().string());
    EXPECT_LE(entry.file_size(), 1100U);
  }
  std::sort(names.begin(), names.end());
  EXPECT_EQ(names, (std::vector<std::string>{"weir.1.log", "weir.2.log", "weir.log"}));
  std::ifstream file(folder_ / "weir.log");
  const std::string text((std::istreambuf_iterator<char>(file)), {});
  EXPECT_NE(text.find("flow: line number 99 of a hundred"), std::string::npos) << text;
}

TEST_F(LogTest, AFileThatCannotBeOpenedIsAnErrorAndChangesNothing) {
  ASSERT_TRUE(configure_log(captured(LogLevel::kInfo)));
  LogConfig config;
  config.file = folder_.string();  // a folder
  const Status status = configure_log(config);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().where, config.file);
  log("flow").info("still here");
  EXPECT_EQ(lines_.size(), 1U);
}

TEST_F(LogTest, TheLoggerOfTheHostApplicationIsLeftAlone) {
  std::ostringstream host;
  const auto before = spdlog::default_logger();
  const auto own = std::make_shared<spdlog::logger>(
      "host", std::make_shared<spdlog::sinks::ostream_sink_mt>(host));
  spdlog::set_default_logger(own);
  spdlog::set_level(spdlog::level::err);
  std::vector<std::string> registered;
  ASSERT_TRUE(configure_log(captured(LogLevel::kTrace)));
  log("flow").info("ours");
  spdlog::apply_all([&](const auto& logger) { registered.push_back(logger->name()); });
  EXPECT_EQ(spdlog::default_logger(), own);
  EXPECT_EQ(spdlog::get_level(), spdlog::level::err);
  EXPECT_EQ(std::count(registered.begin(), registered.end(), "flow"), 0);
  EXPECT_EQ(own->sinks().size(), 1U);
  EXPECT_EQ(host.str(), "");
  spdlog::error("theirs");
  EXPECT_NE(host.str().find("theirs"), std::string::npos);
  EXPECT_EQ(lines_, std::vector<std::string>{"info flow: ours"});
  spdlog::set_default_logger(before);
  spdlog::set_level(spdlog::level::info);
}

TEST_F(LogTest, ManyThreadsLogWhileTheConfigurationChanges) {
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([t] {
      for (int i = 0; i < 200; ++i) log("worker." + std::to_string(t)).info("step ", i);
    });
  }
  std::atomic<int> lines{0};
  for (int i = 0; i < 50; ++i) {
    LogConfig config;
    config.sink = [&](LogLevel, std::string_view, std::string_view) { ++lines; };
    ASSERT_TRUE(configure_log(config));
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_LE(lines.load(), 800);
}

TEST(LogLevel, IsWrittenAndReadBack) {
  for (const char* text : {"trace", "debug", "info", "warn", "error", "off"}) {
    EXPECT_EQ(name(parse_log_level(text).value()), text);
  }
  EXPECT_FALSE(parse_log_level("loud"));
}

}  // namespace
}  // namespace weir
