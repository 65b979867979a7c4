#include "apps/cli/runtime_options.h"

#include <algorithm>
#include <charconv>
#include <sstream>

namespace weir::cli {
namespace {

bool reads(const Backend& backend, const std::string& file) {
  std::string lower = file;
  std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) {
    return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 'a' - 'A' : c);
  });
  const auto types = backend.file_types();
  return std::any_of(types.begin(), types.end(),
                     [&](const std::string& type) { return lower.ends_with(type); });
}

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> words;
  std::istringstream stream(text);
  for (std::string word; std::getline(stream, word, ',');) words.push_back(word);
  return words;
}

}  // namespace

Result<std::vector<Backend*>> choose_backends(const Runtime& runtime, const std::string& names,
                                              const std::string& file) {
  std::vector<Backend*> chosen;
  if (names == "all") {
    for (const auto& backend : runtime.backends().all()) {
      if (reads(*backend, file)) chosen.push_back(backend.get());
    }
    if (!chosen.empty()) return chosen;
  }
  if (names.empty() || names == "auto" || names == "all") {
    WEIR_ASSIGN(Backend * backend, runtime.backends().for_file(file));
    return std::vector<Backend*>{backend};
  }
  for (const std::string& name : split(names)) {
    WEIR_ASSIGN(Backend * backend, runtime.backends().find(name));
    chosen.push_back(backend);
  }
  return chosen;
}

Result<std::vector<int>> parse_numbers(const std::string& text, const std::string& option) {
  std::vector<int> numbers;
  for (const std::string& word : split(text)) {
    int number = 0;
    const auto read = std::from_chars(word.data(), word.data() + word.size(), number);
    if (read.ec != std::errc() || read.ptr != word.data() + word.size() || number < 1) {
      return Error(ErrorCode::kInvalidArgument, "'" + word + "' is not a number from 1 on", option,
                   "write for example " + option + " 1,2,4");
    }
    numbers.push_back(number);
  }
  return numbers;
}

}  // namespace weir::cli
