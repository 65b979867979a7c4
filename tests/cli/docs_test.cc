// The commands of docs/cli.md that need no network really run.
#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>

#include "apps/cli/command.h"
#include "tests/cli/process.h"

namespace weir::cli {
namespace {

struct Documented {
  std::vector<std::string> words;
  bool runnable = true;  // without a network and without the reader's own files
};

std::vector<Documented> documented_commands() {
  std::ifstream file(WEIR_SOURCE_DIR "/docs/cli.md");
  std::vector<Documented> commands;
  bool code = false;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("```")) code = line == "```sh";
    if (!code || !line.starts_with("weir ")) continue;
    const std::size_t comment = line.find('#');
    Documented command;
    command.runnable = comment == std::string::npos;
    std::istringstream words(line.substr(0, comment));
    for (std::string word; words >> word;) command.words.push_back(word);
    commands.push_back(std::move(command));
  }
  return commands;
}

TEST(CommandPage, ItsCommandsRun) {
  int run = 0;
  for (const Documented& documented : documented_commands()) {
    if (!documented.runnable) continue;
    Process process;
    process.command = documented.words;
    process.command[0] = WEIR_COMMAND;
    process.folder = WEIR_SOURCE_DIR;
    const ProcessResult result = process.run();
    ++run;
    EXPECT_EQ(result.exit_code, 0) << documented.words[1] << ": " << result.err;
    EXPECT_NE(result.out, "") << documented.words[1];
  }
  EXPECT_GE(run, 12);
}

TEST(CommandPage, HasEveryCommand) {
  std::set<std::string> shown;
  for (const Documented& documented : documented_commands()) shown.insert(documented.words[1]);
  for (const Command& command : all_commands())
    EXPECT_TRUE(shown.contains(command.name)) << command.name;
}

}  // namespace
}  // namespace weir::cli
