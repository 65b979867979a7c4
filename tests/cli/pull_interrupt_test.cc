// Ctrl-C while a client of `weir pull` hangs.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "tests/cli/process.h"

namespace weir::cli {
namespace {

namespace fs = std::filesystem;

class PullInterrupted : public testing::Test {
 protected:
  PullInterrupted() : folder_(fs::path(testing::TempDir()) / ("int_" + std::to_string(getpid()))) {
    fs::create_directories(folder_);
    // A client that has written a part of its archive, and then says so and hangs.
    const fs::path client = folder_ / "pip";
    std::ofstream(client) << "#!/bin/sh\necho $$ > " << (folder_ / "pid").string()
                          << "\necho half > a-1.0.whl\necho hanging > "
                          << (folder_ / "fifo").string() << "\nexec sleep 1000\n";
    fs::permissions(client, fs::perms::owner_all);
    std::ofstream(folder_ / "catalogue.yaml") << "catalogue:\n"
                                                 "  a: {package: {pip: a, version: \"1.0\", "
                                                 "archive: a-1.0.whl}, files: [{member: m.onnx}], "
                                                 "licence: MIT}\n"
                                                 "  b: {package: {pip: b, version: \"1.0\", "
                                                 "archive: b-1.0.whl}, files: [{member: m.onnx}], "
                                                 "licence: MIT}\n";
    mkfifo((folder_ / "fifo").c_str(), 0600);
  }
  ~PullInterrupted() override { fs::remove_all(folder_); }

  ProcessResult run(std::vector<std::string> words) const {
    Process process;
    process.command = std::move(words);
    process.command.insert(process.command.begin(), WEIR_COMMAND);
    process.environment = {"XDG_CACHE_HOME=" + (folder_ / "cache").string(),
                           "WEIR_MIRROR=", "WEIR_PIP=" + (folder_ / "pip").string(),
                           "WEIR_CATALOGUE=" + (folder_ / "catalogue.yaml").string()};
    process.folder = folder_.string();
    process.timeout_ms = 10'000;
    process.interrupt_after = (folder_ / "fifo").string();
    return process.run();
  }

  bool client_lives() const {
    std::ifstream file(folder_ / "pid");
    pid_t pid = 0;
    file >> pid;
    EXPECT_GT(pid, 0);
    return kill(pid, 0) == 0;
  }

  std::vector<std::string> files_in_cache() const {
    std::vector<std::string> files;
    for (const auto& entry : fs::recursive_directory_iterator(folder_ / "cache")) {
      const bool lock = entry.path().string().find("lock") != std::string::npos;
      if (entry.is_regular_file() && !lock) files.push_back(entry.path().string());
    }
    return files;
  }

  fs::path folder_;
};

TEST_F(PullInterrupted, EndsTheClientAndLeavesNothingBehind) {
  const ProcessResult result = run({"pull", "a", "b"});
  EXPECT_FALSE(result.timed_out);
  EXPECT_EQ(result.exit_code, 1) << result.err;
  EXPECT_NE(result.err.find("interrupted"), std::string::npos) << result.err;
  EXPECT_EQ(result.err.find("b: fetching"), std::string::npos) << "it went on: " << result.err;
  EXPECT_EQ(result.out, "");
  EXPECT_FALSE(client_lives());
  EXPECT_EQ(files_in_cache(), std::vector<std::string>());
}

TEST_F(PullInterrupted, AlsoWhereAModelIsFetchedOnTheWay) {
  const ProcessResult result = run({"inspect", "a"});
  EXPECT_EQ(result.exit_code, 1) << result.err;
  EXPECT_FALSE(client_lives());
  EXPECT_EQ(files_in_cache(), std::vector<std::string>());
}

TEST_F(PullInterrupted, EndsTheDemoToo) {
  const ProcessResult result = run({"demo", "--only", "a", "--only", "b"});
  EXPECT_FALSE(result.timed_out);
  EXPECT_EQ(result.exit_code, 1) << result.err;
  EXPECT_EQ(result.err.find("b: fetching"), std::string::npos) << "it went on: " << result.err;
  EXPECT_FALSE(client_lives());
  EXPECT_EQ(files_in_cache(), std::vector<std::string>());
}

}  // namespace
}  // namespace weir::cli
