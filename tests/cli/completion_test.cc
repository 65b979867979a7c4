// The completion scripts, checked by the shells that read them.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "apps/cli/command.h"
#include "tests/cli/process.h"

namespace weir::cli {
namespace {

namespace fs = std::filesystem;

std::string script_file(const std::string& shell) {
  const ProcessResult script = Process{{WEIR_COMMAND, "completion", shell}, {}, {}, 30'000}.run();
  EXPECT_EQ(script.exit_code, 0) << script.err;
  const fs::path path =
      fs::path(testing::TempDir()) / ("weir_completion_" + std::to_string(getpid()) + "." + shell);
  std::ofstream(path) << script.out;
  return path.string();
}

// Nothing is installed here but bash; the others are checked where they are.
class CompletionScript : public testing::TestWithParam<const char*> {};

TEST_P(CompletionScript, IsReadByItsShell) {
  const std::string shell = GetParam();
  const std::string path = script_file(shell);
  const ProcessResult checked = Process{{shell, "-n", path}, {}, {}, 30'000}.run();
  fs::remove(path);
  if (checked.exit_code == 127) GTEST_SKIP() << shell << " is not installed";
  EXPECT_EQ(checked.exit_code, 0) << checked.err;
  EXPECT_EQ(checked.err, "");
}

INSTANTIATE_TEST_SUITE_P(Shells, CompletionScript, testing::Values("bash", "zsh", "fish"),
                         [](const auto& shell) { return std::string(shell.param); });

// What bash offers for the words of a command line, of which the last is unfinished.
std::vector<std::string> bash_offers(const std::vector<std::string>& words) {
  const std::string path = script_file("bash");
  std::string line = "source " + path + "; COMP_WORDS=(";
  for (const std::string& word : words) line += "'" + word + "' ";
  line += "); COMP_CWORD=" + std::to_string(words.size() - 1) +
          "; _weir; printf '%s\\n' \"${COMPREPLY[@]}\"";
  const ProcessResult offered = Process{{"bash", "-c", line}, {}, {}, 30'000}.run();
  fs::remove(path);
  std::vector<std::string> offers;
  std::istringstream lines(offered.out);
  for (std::string offer; std::getline(lines, offer);) offers.push_back(offer);
  return offers;
}

TEST(CompletionInBash, OffersCommands) {
  EXPECT_EQ(bash_offers({"weir", "vers"}), std::vector<std::string>{"version"});
}

TEST(CompletionInBash, OffersOptionsOfTheCommand) {
  EXPECT_EQ(bash_offers({"weir", "version", "--js"}), std::vector<std::string>{"--json"});
}

TEST(CompletionInBash, OffersTheChoicesOfAnOption) {
  EXPECT_EQ(bash_offers({"weir", "--log-level", "tr"}), std::vector<std::string>{"trace"});
}

TEST(CompletionInBash, OffersTheChoicesOfAnArgument) {
  EXPECT_EQ(bash_offers({"weir", "completion", "f"}), std::vector<std::string>{"fish"});
}

TEST(Commands, AllHaveASummaryAndAnExample) {
  for (const Command& command : all_commands()) {
    EXPECT_FALSE(command.summary.empty()) << command.name;
    EXPECT_FALSE(command.examples.empty()) << command.name;
    EXPECT_TRUE(command.run) << command.name;
    for (const Option& option : command.options) EXPECT_FALSE(option.help.empty()) << option.flags;
  }
}

}  // namespace
}  // namespace weir::cli
