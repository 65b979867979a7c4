#include "weir/catalogue/package_client.h"

#include <algorithm>
#include <cstdlib>
#include <optional>

#include "weir/catalogue/child_process.h"

namespace weir::catalogue {
namespace {

namespace fs = std::filesystem;

struct Client {
  std::string_view name;
  const char* variable;
  std::vector<std::string> programs;
  std::string_view to_install;
};

const std::vector<Client>& clients() {
  static const std::vector<Client> all = {
      {"pip", "WEIR_PIP", {"pip3", "pip"}, "python3-pip"},
      {"npm", "WEIR_NPM", {"npm"}, "npm"},
      {"apt", "WEIR_APT_GET", {"apt-get"}, "apt"},
      {"curl", "WEIR_CURL", {"curl"}, "curl"},
  };
  return all;
}

Result<std::string> program_of(std::string_view name) {
  const auto client = std::find_if(clients().begin(), clients().end(),
                                   [&](const Client& other) { return other.name == name; });
  const char* named = std::getenv(client->variable);
  const bool set = named != nullptr && *named != '\0';
  const auto program = find_program(set ? std::vector<std::string>{named} : client->programs);
  if (program) return *program;
  return Error(ErrorCode::kUnavailable,
               "the client '" + std::string(set ? named : client->programs[0]) + "' is missing", {},
               "install the package '" + std::string(client->to_install) + "'");
}

std::vector<std::string> split(std::string_view text, char mark) {
  std::vector<std::string> parts(1);
  for (const char c : text) {
    if (c == mark) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

Result<std::vector<std::string>> words_for(const Package& package) {
  WEIR_ASSIGN(const std::string program, program_of(package.client()));
  const std::string& version = package.version;
  if (!package.pip.empty()) {
    // Whatever Python it wants: nothing of it is run, a file is taken out.
    std::vector<std::string> words = {program,
                                      "download",
                                      "--quiet",
                                      "--no-deps",
                                      "--no-input",
                                      "--no-cache-dir",
                                      "--ignore-requires-python",
                                      "--disable-pip-version-check",
                                      "--only-binary=:all:"};
    for (std::string& word : pip_tags(package.archive)) words.push_back(std::move(word));
    words.insert(words.end(), {"--dest", ".", package.pip + "==" + version});
    return words;
  }
  if (!package.npm.empty()) {
    return std::vector<std::string>{program,
                                    "pack",
                                    "--silent",
                                    "--ignore-scripts",
                                    "--no-update-notifier",
                                    package.npm + "@" + version};
  }
  return std::vector<std::string>{program, "--quiet", "download",
                                  package.apt + (version.empty() ? "" : "=" + version)};
}

// The one file that the client left; hidden ones do not count.
Result<fs::path> only_file(const fs::path& folder, const std::string& expected) {
  std::vector<fs::path> files;
  std::error_code code;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, code)) {
    const std::string name = entry.path().filename().string();
    if (entry.is_regular_file(code) && !name.starts_with('.')) files.push_back(entry.path());
  }
  if (files.size() != 1) {
    return Error(ErrorCode::kNotFound, "the client left " + std::to_string(files.size()) +
                                           " files where one was expected");
  }
  const std::string found = files[0].filename().string();
  if (!expected.empty() && found != expected) {
    return Error(ErrorCode::kNotFound,
                 "the client fetched '" + found + "' and not '" + expected + "'");
  }
  return files[0];
}

Status run(std::vector<std::string> argv, const fs::path& folder, const FetchOptions& options) {
  WEIR_ASSIGN(ChildProcess child, ChildProcess::start({.argv = std::move(argv),
                                                       .folder = folder,
                                                       .limit_ms = options.limit_ms,
                                                       .stop = options.stop}));
  return child.finish();
}

}  // namespace

std::vector<std::string> pip_tags(std::string_view wheel) {
  constexpr std::string_view kEnd = ".whl";
  if (!wheel.ends_with(kEnd)) return {};
  const std::vector<std::string> parts = split(wheel.substr(0, wheel.size() - kEnd.size()),
                                               '-');  // name-version[-build]-py-abi-platform
  if (parts.size() < 5) return {};
  const std::string& python = parts[parts.size() - 3];
  const std::string& abi = parts[parts.size() - 2];
  const std::string& platform = parts.back();
  std::vector<std::string> words;
  if (platform == "any" && abi == "none") return words;
  for (const std::string& tag : split(platform, '.')) {
    words.insert(words.end(), {"--platform", tag});
  }
  if (python.starts_with("cp3") && python.size() > 3 && abi != "none") {
    words.insert(words.end(), {"--implementation", "cp", "--python-version",
                               "3." + python.substr(3), "--abi", abi});
  }
  return words;
}

Result<fs::path> fetch_package(const Package& package, const fs::path& folder,
                               const FetchOptions& options) {
  WEIR_ASSIGN(std::vector<std::string> words, words_for(package));
  Status status = run(std::move(words), folder, options);
  if (!status) {
    Error error = std::move(status).error();
    error.where = package.to_string();
    if (!package.apt.empty() && error.code == ErrorCode::kUnavailable) {
      error.hint = "if apt knows no such package, 'apt-get update' may help";
    }
    return error;
  }
  Result<fs::path> archive = only_file(folder, package.archive);
  if (!archive) return std::move(archive).error().at(package.to_string());
  return archive;
}

Result<fs::path> fetch_url(const std::string& url, const fs::path& folder,
                           const FetchOptions& options) {
  const fs::path target = folder / "fetched";
  constexpr std::string_view kFile = "file://";
  if (url.starts_with(kFile)) {
    std::error_code code;
    fs::copy_file(url.substr(kFile.size()), target, code);
    if (code) return Error(ErrorCode::kNotFound, "cannot copy the file: " + code.message(), url);
    return target;
  }
  WEIR_ASSIGN(const std::string program, program_of("curl"));
  std::vector<std::string> words = {program,   "--fail", "--silent", "--show-error", "--location",
                                    "--retry", "2",      "--output", "fetched"};
  if (url.starts_with("https://"))
    words.insert(words.end(), {"--proto", "=https", "--proto-redir", "=https"});
  words.insert(words.end(), {"--", url});
  Status status = run(std::move(words), folder, options);
  if (!status) return std::move(status).error().at("the url of the entry");
  return only_file(folder, "fetched");
}

}  // namespace weir::catalogue
