#include "weir/config/path.h"

#include <charconv>

namespace weir::config {

Result<std::vector<std::string>> split_path(std::string_view path) {
  std::vector<std::string> parts(1);
  bool in_quotes = false;
  for (const char c : path) {
    if (c == '"') {
      in_quotes = !in_quotes;
    } else if (c == '.' && !in_quotes) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  for (const std::string& part : parts) {
    if (!part.empty() && !in_quotes) continue;
    return Error(ErrorCode::kInvalidArgument, "'" + std::string(path) + "' is not a path", {},
                 "write it like steps.objects.score");
  }
  return parts;
}

const Node* find_part(const Node& node, const std::string& part) {
  if (!node.is_list()) return node.find(part);
  std::size_t index = 0;
  const auto [end, failed] = std::from_chars(part.data(), part.data() + part.size(), index);
  if (failed != std::errc() || end != part.data() + part.size()) return nullptr;
  return index < node.items().size() ? &node.items()[index] : nullptr;
}

}  // namespace weir::config
