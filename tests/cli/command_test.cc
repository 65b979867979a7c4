// Runs the built `weir` as a process, case by case from commands.txt.
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <regex>
#include <sstream>

#include "tests/cli/process.h"

namespace weir::cli {
namespace {

namespace fs = std::filesystem;

struct Case {
  std::string title;
  std::string command;
  std::vector<std::pair<std::string, std::string>> checks;  // "out" → regex, in their order
};

void PrintTo(const Case& test, std::ostream* out) {
  *out << test.command;
}

std::vector<Case> read_cases(const std::string& path) {
  std::ifstream file(path);
  std::vector<Case> cases;
  std::string title;
  bool open = false;
  for (std::string line; std::getline(file, line);) {
    if (line.empty()) open = false;
    if (line.starts_with("# ")) title = line.substr(2);
    if (line.starts_with("weir")) {
      cases.push_back({title, line.substr(4), {}});
      open = true;
    } else if (open && !line.empty()) {
      const std::size_t space = std::min(line.find(' '), line.size());
      cases.back().checks.emplace_back(line.substr(0, space),
                                       line.substr(std::min(space + 1, line.size())));
    }
  }
  return cases;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
    text.replace(at, from.size(), to);
  }
  return text;
}

class WeirCommand : public testing::TestWithParam<Case> {
 protected:
  void SetUp() override {
    folder_ = fs::path(testing::TempDir()) / ("weir_cli_" + std::to_string(getpid()));
    fs::create_directories(folder_);
#ifdef WEIR_FAKE_NVML
    // Under the name that the driver's library has.
    fs::create_directories(folder_ / "nvml");
    fs::create_symlink(WEIR_FAKE_NVML, folder_ / "nvml" / "libnvidia-ml.so.1");
#endif
  }
  void TearDown() override {
    fs::remove_all(folder_);
  }

  std::string resolved(const std::string& text) const {
    std::string result = replaced(text, "{assets}", kAssets);
    result = replaced(result, "{source}", WEIR_SOURCE_DIR);
    return replaced(result, "{tmp}", folder_.string());
  }

  Process process(const Case& test) const {
    Process process;
    process.command = {WEIR_COMMAND};
    std::istringstream words(resolved(test.command));
    for (std::string word; words >> word;) process.command.push_back(word);
    process.environment = {"XDG_CACHE_HOME=" + (folder_ / "cache").string(), "NO_COLOR=1"};
    for (const auto& [kind, value] : test.checks) {
      if (kind == "env") process.environment.push_back(resolved(value));
      if (kind == "stdin" && value == "closed") {
        process.closed_input = true;
      } else if (kind == "stdin") {
        process.input = resolved(value);
      }
    }
    process.folder = folder_.string();
    return process;
  }

  static constexpr const char* kAssets = WEIR_SOURCE_DIR "/../shared/assets";
  fs::path folder_;
};

std::string as_text(const nlohmann::json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

void check_json(const std::string& out, const std::string& check) {
  const nlohmann::json document = nlohmann::json::parse(out, nullptr, false);
  ASSERT_FALSE(document.is_discarded()) << "not JSON: " << out;
  const std::size_t space = std::min(check.find(' '), check.size());
  const nlohmann::json::json_pointer pointer(check.substr(0, space));
  ASSERT_TRUE(document.contains(pointer)) << check << " in " << out;
  if (space == check.size()) return;
  EXPECT_TRUE(std::regex_search(as_text(document[pointer]), std::regex(check.substr(space + 1))))
      << check << " is " << document[pointer];
}

void expect_match(const std::string& text, const std::string& pattern) {
  const std::regex regex(pattern, std::regex::ECMAScript | std::regex::multiline);
  EXPECT_TRUE(std::regex_search(text, regex)) << "no '" << pattern << "' in:\n" << text;
}

std::string text_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// "PATH REGEX"
void check_text(const std::string& check) {
  const std::size_t space = std::min(check.find(' '), check.size());
  const fs::path path = check.substr(0, space);
  ASSERT_TRUE(fs::exists(path)) << path;
  expect_match(text_of(path), check.substr(space + 1));
}

// "PATH OTHER"
std::pair<fs::path, fs::path> two_paths(const std::string& value) {
  const std::size_t space = std::min(value.find(' '), value.size());
  return {value.substr(0, space), value.substr(std::min(space + 1, value.size()))};
}

void check_same(const std::string& value) {
  const auto [path, other] = two_paths(value);
  ASSERT_TRUE(fs::exists(path) && fs::exists(other)) << value;
  EXPECT_TRUE(text_of(path) == text_of(other)) << value;
}

void check(const std::string& kind, const std::string& value, const ProcessResult& result) {
  if (kind == "out") expect_match(result.out, value);
  if (kind == "err") expect_match(result.err, value);
  if (kind == "json") check_json(result.out, value);
  if (kind == "text") check_text(value);
  if (kind == "same") check_same(value);
  EXPECT_TRUE(kind != "no-out" || result.out.empty());
  EXPECT_TRUE(kind != "no-err" || result.err.empty());
  EXPECT_TRUE(kind != "file" || fs::exists(value)) << value;
  EXPECT_TRUE(kind != "no-file" || !fs::exists(value)) << value;
}

TEST_P(WeirCommand, DoesWhatItsTableSays) {
  const Case& test = GetParam();
  for (const auto& [kind, value] : test.checks) {
    if (kind == "needs" && value == "assets" && !fs::exists(kAssets)) {
      GTEST_SKIP() << "no assets at " << kAssets;
    }
    if (kind == "needs" && value == "nvml" && !fs::exists(folder_ / "nvml")) {
      GTEST_SKIP() << "this build has no stand-in for the driver's library";
    }
  }
  for (const auto& [kind, value] : test.checks) {
    if (kind != "copy") continue;
    const auto [from, to] = two_paths(resolved(value));
    fs::create_directories(to.parent_path());
    fs::copy_file(from, to);
  }
  const ProcessResult result = process(test).run();
  SCOPED_TRACE("weir" + test.command + "\n--- stdout\n" + result.out + "--- stderr\n" + result.err);
  EXPECT_FALSE(result.timed_out);
  int exit_code = 0;
  for (const auto& [kind, value] : test.checks) {
    if (kind == "exit") exit_code = std::atoi(value.c_str());
    check(kind, resolved(value), result);
  }
  EXPECT_EQ(result.exit_code, exit_code);
}

// "An unknown command names it" becomes "AnUnknownCommandNamesIt".
std::string test_name(const testing::TestParamInfo<Case>& info) {
  std::string name;
  bool upper = true;
  for (const char c : info.param.title) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) {
      upper = true;
      continue;
    }
    name += upper ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
    upper = false;
  }
  return name;
}

INSTANTIATE_TEST_SUITE_P(Commands, WeirCommand,
                         testing::ValuesIn(read_cases(WEIR_SOURCE_DIR "/tests/cli/commands.txt")),
                         test_name);

TEST(WeirCommandTable, HasCases) {
  EXPECT_GE(read_cases(WEIR_SOURCE_DIR "/tests/cli/commands.txt").size(), 18U);
}

TEST(WeirCommandTable, KnowsEveryCheck) {
  const std::vector<std::string> known = {"exit",  "out",   "err",     "no-out", "no-err",
                                          "json",  "file",  "no-file", "text",   "env",
                                          "needs", "stdin", "copy",    "same"};
  for (const Case& test : read_cases(WEIR_SOURCE_DIR "/tests/cli/commands.txt")) {
    for (const auto& [kind, value] : test.checks) {
      EXPECT_NE(std::find(known.begin(), known.end(), kind), known.end()) << kind;
    }
  }
}

}  // namespace
}  // namespace weir::cli
