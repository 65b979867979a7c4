#include "weir/source/sequence_files.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <string_view>
#include <utility>

namespace weir {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostDigits = 15;

struct Pattern {
  std::string before;
  std::string after;
  std::size_t digits = 0;  // at least so many, filled up with zeros; 0: as many as it takes

  std::string name(int64_t number) const {
    std::string text = std::to_string(number);
    if (text.size() < digits) text.insert(0, digits - text.size(), '0');
    return before + text + after;
  }

  // -1: the name is of something else.
  int64_t number_of(std::string_view name) const {
    if (name.size() <= before.size() + after.size() || !name.starts_with(before) ||
        !name.ends_with(after)) {
      return -1;
    }
    const std::string_view text =
        name.substr(before.size(), name.size() - before.size() - after.size());
    int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool whole = error == std::errc() && end == text.data() + text.size() && number >= 0;
    // "7" and "0007" are different names, and only one of them is what the pattern means.
    return whole && text.size() <= kMostDigits && this->name(number) == name ? number : -1;
  }
};

Result<Pattern> parse_pattern(const std::string& name, const std::string& where) {
  const Error wrong(
      ErrorCode::kInvalidArgument, "the name has no number", where,
      "write where it stands: 'img_%04d.png', or 'img_%d.png' without zeros in front");
  const std::size_t at = name.find('%');
  if (at == std::string::npos) return wrong;
  std::size_t end = at + 1;
  Pattern pattern;
  while (end < name.size() && name[end] >= '0' && name[end] <= '9') {
    pattern.digits = std::min<std::size_t>(pattern.digits * 10 + (name[end] - '0'), 100);
    ++end;
  }
  const bool zeros = pattern.digits == 0 || name[at + 1] == '0';
  if (end >= name.size() || name[end] != 'd' || !zeros || pattern.digits > kMostDigits)
    return wrong;
  pattern.before = name.substr(0, at);
  pattern.after = name.substr(end + 1);
  if (pattern.after.find('%') != std::string::npos) return wrong;
  return pattern;
}

Result<std::vector<int64_t>> numbers_in(const std::string& folder, const Pattern& pattern) {
  std::error_code error;
  std::vector<int64_t> numbers;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    const int64_t number = pattern.number_of(it->path().filename().string());
    std::error_code unknown;
    if (number >= 0 && it->is_regular_file(unknown)) numbers.push_back(number);
  }
  if (error) {
    const bool missing = error == std::errc::no_such_file_or_directory;
    return Error(missing ? ErrorCode::kNotFound : ErrorCode::kUnavailable,
                 "cannot read the folder: " + error.message(), folder);
  }
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

PictureFile gap(const std::string& folder, const Pattern& pattern, int64_t from, int64_t to) {
  std::string what = pattern.name(from);
  if (to > from) what += " to " + pattern.name(to);
  what +=
      to > from ? " are missing (" + std::to_string(to - from + 1) + " pictures)" : " is missing";
  const std::string path = (fs::path(folder) / pattern.name(from)).string();
  return {path, Error(ErrorCode::kNotFound, what, folder, "the rest of the sequence goes on")};
}

}  // namespace

Status check_sequence_name(const std::string& pattern) {
  auto parsed = parse_pattern(fs::path(pattern).filename().string(), pattern);
  return parsed ? Status() : Status(std::move(parsed).error());
}

Result<std::vector<PictureFile>> expand_sequence(const std::string& pattern_path, int64_t first) {
  const fs::path whole(pattern_path);
  const std::string folder = whole.has_parent_path() ? whole.parent_path().string() : ".";
  WEIR_ASSIGN(const Pattern pattern, parse_pattern(whole.filename().string(), pattern_path));
  WEIR_ASSIGN(std::vector<int64_t> numbers, numbers_in(folder, pattern));
  if (first >= 0) std::erase_if(numbers, [&](int64_t number) { return number < first; });
  if (numbers.empty()) {
    const std::string from = first >= 0 ? " from " + std::to_string(first) + " on" : "";
    return Error(ErrorCode::kNotFound, "no picture of the sequence is there" + from, pattern_path);
  }
  if (first < 0) first = numbers.front();
  std::vector<PictureFile> files;
  int64_t expected = first;
  for (const int64_t number : numbers) {
    if (number > expected) {
      files.push_back(gap(folder, pattern, expected, number - 1));
      files.back().number = expected - first;
    }
    files.push_back({(fs::path(folder) / pattern.name(number)).string()});
    files.back().number = number - first;
    expected = number + 1;
  }
  return files;
}

}  // namespace weir
