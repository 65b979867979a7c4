// `weir run` as a user meets it: on a terminal, and with Ctrl-C.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

namespace weir::cli {
namespace {

using testing::HasSubstr;
namespace fs = std::filesystem;

constexpr int kLimitMs = 60'000;
const std::string kFiles = WEIR_SOURCE_DIR "/tests/cli/files/run/";

// A child whose output is read piece by piece, so that the test acts when something was said.
class Child {
 public:
  // Its stderr is a terminal of that size; its stdout goes nowhere.
  static Child on_a_terminal(const std::vector<std::string>& words, const std::string& folder) {
    winsize size{};
    size.ws_row = 24;
    size.ws_col = 100;
    Child child;
    child.pid_ = forkpty(&child.read_, nullptr, nullptr, &size);
    if (child.pid_ == 0) {
      dup2(open("/dev/null", O_WRONLY), 1);
      become(words, folder);
    }
    child.write_ = child.read_;
    return child;
  }
  // Its stdout is read; its stderr goes to a file.
  static Child on_a_pipe(const std::vector<std::string>& words, const std::string& folder) {
    std::array<int, 2> ends{-1, -1};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) std::abort();
    Child child;
    child.pid_ = fork();
    if (child.pid_ == 0) {
      dup2(ends[1], 1);
      dup2(open((folder + "/stderr").c_str(), O_WRONLY | O_CREAT, 0600), 2);
      become(words, folder);
    }
    close(ends[1]);
    child.read_ = ends[0];
    return child;
  }
  Child(Child&& other) noexcept
      : pid_(std::exchange(other.pid_, -1)),
        read_(std::exchange(other.read_, -1)),
        write_(other.write_),
        text_(std::move(other.text_)) {}
  ~Child() {
    if (pid_ > 0) {
      kill(pid_, SIGKILL);
      waitpid(pid_, nullptr, 0);
    }
    if (read_ >= 0) close(read_);
  }

  // False: this system has no terminals to give (a bare chroot).
  bool started() const { return pid_ > 0; }

  // False: it ended, or took too long, without saying so.
  bool says(const std::string& words, std::size_t after = 0) {
    while (text_.find(words, after) == std::string::npos) {
      if (!read_some()) return false;
    }
    return true;
  }
  void press_ctrl_c() { ASSERT_EQ(write(write_, "\x03", 1), 1); }
  void interrupt() { ASSERT_EQ(kill(pid_, SIGINT), 0); }
  int exit_code() {
    while (read_some()) {
    }
    int status = 0;
    waitpid(std::exchange(pid_, -1), &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }
  const std::string& text() const { return text_; }

 private:
  Child() = default;

  [[noreturn]] static void become(const std::vector<std::string>& words,
                                  const std::string& folder) {
    setenv("TERM", "xterm", 1);
    setenv("NO_COLOR", "1", 1);
    if (chdir(folder.c_str()) != 0) _exit(126);
    std::vector<char*> list = {const_cast<char*>(WEIR_COMMAND)};
    for (const std::string& word : words) list.push_back(const_cast<char*>(word.c_str()));
    list.push_back(nullptr);
    execv(list[0], list.data());
    _exit(127);
  }

  bool read_some() {
    pollfd polled{read_, POLLIN, 0};
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline_ - std::chrono::steady_clock::now());
    if (poll(&polled, 1, static_cast<int>(std::max<int64_t>(0, left.count()))) <= 0) return false;
    std::array<char, 4096> buffer{};
    const ssize_t bytes = read(read_, buffer.data(), buffer.size());
    if (bytes > 0) text_.append(buffer.data(), static_cast<std::size_t>(bytes));
    return bytes > 0;
  }

  pid_t pid_ = -1;
  int read_ = -1;
  int write_ = -1;
  std::string text_;
  std::chrono::steady_clock::time_point deadline_ =
      std::chrono::steady_clock::now() + std::chrono::milliseconds(kLimitMs);
};

class RunLive : public testing::Test {
 protected:
  RunLive() : folder_(fs::path(testing::TempDir()) / ("run_live_" + std::to_string(getpid()))) {
    fs::create_directories(folder_);
  }
  ~RunLive() override { fs::remove_all(folder_); }
  fs::path folder_;
};

TEST_F(RunLive, ShowsStreamsStagesAndVerdictInTheirPlaceOnATerminal) {
  Child child = Child::on_a_terminal({"run", kFiles + "endless.yaml"}, folder_);
  if (!child.started()) GTEST_SKIP() << "no pseudo terminal: " << std::strerror(errno);
  ASSERT_TRUE(child.says("service p50")) << child.text();
  const std::size_t table = child.text().find("service p50");
  for (const char* title : {"stream", "in/s", "skipped", "dropped", "detect/s", "delay p50"}) {
    const std::size_t at = child.text().find(title);
    EXPECT_LT(at, table) << title;
  }
  EXPECT_TRUE(child.says("look ", table)) << "a row for each stage";
  EXPECT_TRUE(child.says("half.join ", table));
  // Rewritten: it goes up by as many lines as it had written.
  EXPECT_TRUE(child.says("A\rrun  ", table)) << child.text();
  child.press_ctrl_c();
  EXPECT_EQ(child.exit_code(), 0) << child.text();
  EXPECT_THAT(child.text(), HasSubstr("\033[J"));
  const std::string last = child.text().substr(child.text().rfind("\033[J"));
  EXPECT_THAT(last, HasSubstr("stopped after "));
  EXPECT_THAT(last, HasSubstr(" written"));
}

TEST_F(RunLive, CtrlCFinishesWhatIsUnderWayAndReports) {
  Child child = Child::on_a_pipe({"run", kFiles + "endless.yaml", "--print", "--json"}, folder_);
  ASSERT_TRUE(child.says("\n")) << "no result came";
  child.interrupt();
  EXPECT_EQ(child.exit_code(), 0);
  const std::string& lines = child.text();
  ASSERT_TRUE(lines.ends_with("}\n")) << "the last line is whole";
  const auto results = std::count(lines.begin(), lines.end(), '\n');
  std::ifstream file(folder_ / "stderr");
  const nlohmann::json report = nlohmann::json::parse(file, nullptr, false);
  ASSERT_FALSE(report.is_discarded());
  EXPECT_EQ(report["stopped"], true);
  EXPECT_EQ(report["tasks"]["admitted"], results) << "what was admitted has a result";
  EXPECT_EQ(report["tasks"]["done"], results);
  EXPECT_EQ(report["sinks"][0]["written"], results);
}

}  // namespace
}  // namespace weir::cli
