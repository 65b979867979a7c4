#include "weir/model/file_metadata.h"

#include <charconv>

#include "weir/graph/inspect.h"

namespace weir {
namespace {

// More classes than any set has; a number is not to ask for memory.
constexpr std::size_t kMaxNames = 1 << 20;

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  bool take(char c) {
    skip_space();
    if (text_.empty() || text_.front() != c) return false;
    text_.remove_prefix(1);
    return true;
  }
  bool at_end() {
    skip_space();
    return text_.empty();
  }
  // 12, or "12" as JSON writes keys.
  std::optional<std::size_t> number() {
    skip_space();
    const bool quoted = take('"') || take('\'');
    std::size_t value = 0;
    const auto [end, error] = std::from_chars(text_.data(), text_.data() + text_.size(), value);
    if (error != std::errc() || value >= kMaxNames) return std::nullopt;
    text_.remove_prefix(static_cast<std::size_t>(end - text_.data()));
    if (quoted && !take('"') && !take('\'')) return std::nullopt;
    return value;
  }
  std::optional<std::string> text() {
    skip_space();
    if (text_.empty() || (text_.front() != '\'' && text_.front() != '"')) return std::nullopt;
    const char quote = text_.front();
    std::string value;
    for (std::size_t i = 1; i < text_.size(); ++i) {
      if (text_[i] == quote) {
        text_.remove_prefix(i + 1);
        return value;
      }
      if (text_[i] == '\\' && ++i == text_.size()) break;
      value += text_[i];
    }
    return std::nullopt;
  }

 private:
  void skip_space() {
    while (!text_.empty() && (text_.front() == ' ' || text_.front() == '\n')) {
      text_.remove_prefix(1);
    }
  }
  std::string_view text_;
};

}  // namespace

std::optional<std::string> file_metadata(const LoadedModel& model, const std::string& path,
                                         const std::string& key) {
  const auto at = model.metadata().find(key);
  if (at != model.metadata().end()) return at->second;
  if (path.empty() || !model.metadata().empty()) return std::nullopt;
  const auto summary = graph::inspect_file(path);
  if (!summary) return std::nullopt;
  for (const auto& [name, value] : summary->metadata) {
    if (name == key) return value;
  }
  return std::nullopt;
}

std::optional<std::vector<std::string>> parse_names(std::string_view text) {
  Reader reader(text);
  const bool has_numbers = reader.take('{');
  if (!has_numbers && !reader.take('[')) return std::nullopt;
  const char close = has_numbers ? '}' : ']';
  std::vector<std::string> names;
  while (!reader.take(close)) {
    if (!names.empty() && !reader.take(',')) return std::nullopt;
    if (has_numbers && (reader.number() != names.size() || !reader.take(':'))) return std::nullopt;
    auto name = reader.text();
    if (!name || names.size() == kMaxNames) return std::nullopt;
    names.push_back(*std::move(name));
  }
  if (!reader.at_end() || names.empty()) return std::nullopt;
  return names;
}

}  // namespace weir
