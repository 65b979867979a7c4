// The commands of docs/cli.md and of README.md that need no network really run.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <utility>

#include "apps/cli/command.h"
#include "tests/cli/process.h"
#include "tests/support/onnx_builder.h"
#include "weir/catalogue/catalogue.h"

namespace weir::cli {
namespace {

namespace fs = std::filesystem;

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

// The blocks of a page's code, of one language.
std::vector<std::string> blocks_of(const std::string& page, const std::string& language) {
  std::ifstream file(page);
  std::vector<std::string> blocks;
  bool code = false;
  bool wanted = false;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("```")) {
      code = !code;
      wanted = code && line == "```" + language;
      if (wanted) blocks.emplace_back();
    } else if (wanted) {
      blocks.back() += line + "\n";
    }
  }
  return blocks;
}

std::vector<std::string> code_of(const std::string& page, const std::string& language) {
  std::vector<std::string> lines;
  for (const std::string& block : blocks_of(page, language)) {
    std::istringstream text(block);
    for (std::string line; std::getline(text, line);) lines.push_back(line);
  }
  return lines;
}

// What a reader of README.md is thought to have: a model, a pipeline, a file of detections.
class Readme : public testing::Test {
 protected:
  static constexpr const char* kPage = WEIR_SOURCE_DIR "/README.md";

  Readme() : folder_(fs::path(testing::TempDir()) / ("readme_" + std::to_string(getpid()))) {
    fs::create_directories(folder_);
    test::OnnxGraph graph;
    graph.input("x", DType::kFloat32, {1, 3}).output("y", DType::kFloat32, {1, 3});
    graph.node({.op = "Identity", .inputs = {"x"}, .outputs = {"y"}});
    std::ofstream(folder_ / "model.onnx", std::ios::binary)
        << test::OnnxModel{.graph = graph}.bytes();
    std::ofstream(folder_ / "street.yaml")
        << "include: " WEIR_SOURCE_DIR "/tests/cli/files/run/three.yaml\n";
    fs::copy_file(WEIR_SOURCE_DIR "/tests/cli/files/detections.txt", folder_ / "detections.txt");
  }
  ~Readme() override { fs::remove_all(folder_); }

  // As a shell with weir on its path understands the line.
  ProcessResult shell(const std::string& line) const {
    Process process;
    process.command = {"sh", "-c", line};
    process.environment = {
        "PATH=" + fs::path(WEIR_COMMAND).parent_path().string() + ":/usr/local/bin:/usr/bin:/bin",
        "HOME=" + folder_.string(), "XDG_CACHE_HOME=" + folder_.string()};
    process.folder = folder_.string();
    return process.run();
  }

  fs::path folder_;
};

// It names a model of the catalogue, or is a command that has models of its own.
bool needs_network(const std::string& line) {
  static const auto catalogue = catalogue::Catalogue::built_in();
  std::istringstream words(line.substr(0, line.find('#')));
  for (std::string word; words >> word;) {
    const bool listed = std::any_of(catalogue->entries().begin(), catalogue->entries().end(),
                                    [&](const auto& entry) { return entry.name == word; });
    if (listed || word == "demo" || word == "read") return true;
  }
  return false;
}

TEST_F(Readme, ItsCommandsRun) {
  int run = 0;
  for (const std::string& line : code_of(kPage, "sh")) {
    if (!line.starts_with("weir ") || needs_network(line)) continue;
    const ProcessResult result = shell(line);
    ++run;
    EXPECT_EQ(result.exit_code, 0) << line << "\n" << result.err;
    EXPECT_NE(result.out + result.err, "") << line;
  }
  EXPECT_GE(run, 9);
}

// Blocks of YAML that are a whole pipeline: those that say what to do with frames. One that
// includes another file is a part of something.
std::vector<std::string> pipelines_of(const fs::path& page) {
  std::vector<std::string> found;
  for (const std::string& block : blocks_of(page.string(), "yaml")) {
    const bool steps = block.starts_with("steps:") || block.find("\nsteps:") != std::string::npos;
    if (steps && !block.starts_with("include:")) found.push_back(block);
  }
  return found;
}

std::vector<std::pair<std::string, std::string>> shown_pipelines() {
  const fs::path root = WEIR_SOURCE_DIR;
  std::vector<std::pair<std::string, std::string>> shown;
  std::vector<fs::path> pages = {root / "README.md"};
  for (const auto& entry : fs::directory_iterator(root / "docs")) {
    if (entry.path().extension() == ".md") pages.push_back(entry.path());
  }
  for (const fs::path& page : pages) {
    for (std::string& block : pipelines_of(page)) {
      shown.emplace_back(page.filename().string(), std::move(block));
    }
  }
  for (const auto& entry : fs::recursive_directory_iterator(root / "examples")) {
    if (entry.path().extension() != ".yaml") continue;
    std::stringstream text;
    text << std::ifstream(entry.path()).rdbuf();
    if (text.str().find("\nsteps:") == std::string::npos) continue;
    shown.emplace_back(entry.path().filename().string(), text.str());
  }
  return shown;
}

// By the file alone: neither models nor videos are there.
TEST_F(Readme, PipelinesOfAllPagesAndExamplesAreRight) {
  std::set<std::string> names;
  for (const auto& [name, text] : shown_pipelines()) {
    std::ofstream(folder_ / "shown.yaml") << text;
    const ProcessResult result = shell("weir check shown.yaml --file-only");
    EXPECT_EQ(result.exit_code, 0) << name << ": " << result.err;
    names.insert(name);
  }
  for (const char* page : {"README.md", "pipelines.md", "street.yaml", "colour.yaml"}) {
    EXPECT_TRUE(names.contains(page)) << page;
  }
}

}  // namespace
}  // namespace weir::cli
