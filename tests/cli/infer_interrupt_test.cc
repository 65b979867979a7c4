// Ctrl-C in the middle of `weir infer`.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/cli/process.h"

namespace weir::cli {
namespace {

namespace fs = std::filesystem;

class InferInterrupted : public testing::Test {
 protected:
  InferInterrupted()
      : folder_(fs::path(testing::TempDir()) / ("infer_int_" + std::to_string(getpid()))) {
    fs::create_directories(folder_);
    // Standard input that never comes and never ends: both of its ends are held here.
    mkfifo((folder_ / "fifo").c_str(), 0600);
    held_ = open((folder_ / "fifo").c_str(), O_RDWR | O_CLOEXEC);
  }
  ~InferInterrupted() override {
    close(held_);
    fs::remove_all(folder_);
  }

  // One picture, and then it waits for the next at its standard input.
  ProcessResult run(std::vector<std::string> more) const {
    const fs::path files = fs::path(WEIR_SOURCE_DIR) / "tests/cli/files";
    Process process;
    process.command = {WEIR_COMMAND,
                       "infer",
                       "-m",
                       (files / "run/tiny.yaml").string(),
                       (files / "pictures/a.png").string(),
                       "-"};
    process.command.insert(process.command.end(), more.begin(), more.end());
    process.folder = folder_.string();
    process.input = (folder_ / "fifo").string();
    process.interrupt_at = "found\n";
    return process.run();
  }

  fs::path folder_;
  int held_ = -1;
};

TEST_F(InferInterrupted, EndsWhileItWaitsForStandardInput) {
  const ProcessResult result = run({});
  EXPECT_FALSE(result.timed_out);
  EXPECT_EQ(result.exit_code, 1) << result.err;
  const bool waited = result.err.find("standard input: interrupted") != std::string::npos;
  EXPECT_TRUE(waited || result.err.find("stopped after 1 of 2") != std::string::npos) << result.err;
}

TEST_F(InferInterrupted, KeepsTheResultsUpToThen) {
  const ProcessResult result = run({"b.png", "--save", "coco", "--save", "csv"});
  EXPECT_EQ(result.exit_code, 1) << result.err;
  // It hears of it before it waits for the second, or while it does.
  EXPECT_NE(result.err.find(" of 3 pictures"), std::string::npos) << result.err;
  std::ifstream file(folder_ / "out/coco.json");
  const nlohmann::json coco = nlohmann::json::parse(file, nullptr, false);
  ASSERT_FALSE(coco.is_discarded()) << result.err;
  EXPECT_EQ(coco["images"].size(), 1U) << coco;
  EXPECT_TRUE(fs::exists(folder_ / "out/results.csv"));
}

}  // namespace
}  // namespace weir::cli
