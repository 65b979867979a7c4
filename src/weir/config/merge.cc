#include "weir/config/merge.h"

#include <optional>
#include <string>
#include <vector>

#include "weir/config/path.h"

namespace weir::config {
namespace {

// One value on its way down the tree.
struct Setting {
  std::vector<std::string> path;
  Node value;
  Place place;

  std::string path_to(std::size_t level) const {
    std::string text;
    for (std::size_t i = 0; i < level; ++i) text += (i == 0 ? "" : ".") + path[i];
    return text;
  }
};

Result<Node> set_at(const Node& node, const Setting& setting, std::size_t level);

Result<Node> set_in_map(const Node& map, const Setting& setting, std::size_t level) {
  const std::string& key = setting.path[level];
  std::vector<Node::Entry> entries;
  bool found = false;
  const bool removes = level + 1 == setting.path.size() && setting.value.is_null();
  for (const Node::Entry& entry : map.entries()) {
    if (entry.key != key) {
      entries.push_back(entry);
      continue;
    }
    found = true;
    if (removes) continue;
    WEIR_ASSIGN(Node value, set_at(entry.value, setting, level + 1));
    entries.push_back({key, std::move(value), entry.place});
  }
  if (!found && !removes) {
    WEIR_ASSIGN(Node value, set_at(Node::null(setting.place), setting, level + 1));
    entries.push_back({key, std::move(value), setting.place});
  }
  return Node::map(std::move(entries), map.is_null() ? setting.place : map.where());
}

Result<Node> set_in_list(const Node& list, const Setting& setting, std::size_t level) {
  std::vector<Node> items = list.items();
  const std::string& part = setting.path[level];
  const Node* item = find_part(list, part);
  if (item == nullptr && part != std::to_string(items.size())) {
    return error_at(setting.place,
                    "'" + setting.path_to(level) + "' is a list of " +
                        std::to_string(items.size()) + ": it has no item '" + part + "'",
                    "items count from 0; " + std::to_string(items.size()) + " adds one");
  }
  const Node old = item != nullptr ? *item : Node::null(setting.place);
  WEIR_ASSIGN(Node value, set_at(old, setting, level + 1));
  if (item == nullptr) {
    items.push_back(std::move(value));
  } else {
    items[static_cast<std::size_t>(item - list.items().data())] = std::move(value);
  }
  return Node::list(std::move(items), list.where());
}

Result<Node> set_at(const Node& node, const Setting& setting, std::size_t level) {
  if (level == setting.path.size()) return setting.value;
  if (node.is_list()) return set_in_list(node, setting, level);
  if (node.is_map() || node.is_null()) return set_in_map(node, setting, level);
  return error_at(setting.place, "'" + setting.path_to(level) + "' is " + describe(node) +
                                     ", nothing can be set in it");
}

// Plain text may mean a number or text; which, the field decides.
Result<Node> parse_value(std::string_view text, const Place& place, const Limits& limits) {
  auto value = parse_yaml(text, *place.origin, limits);
  if (!value) {
    Error error = std::move(value).error();
    error.where = place.to_string();
    return error;
  }
  const bool quoted = !text.empty() && (text.front() == '"' || text.front() == '\'');
  if (!value->is_scalar() || value->is_null() || quoted) return value->moved_to(place);
  return Node::plain(value->text(), place, true);
}

}  // namespace

Node merge(const Node& base, const Node& over) {
  if (!base.is_map() || !over.is_map()) return over;
  std::vector<Node::Entry> entries;
  for (const Node::Entry& entry : base.entries()) {
    const Node::Entry* other = over.find_entry(entry.key);
    if (other == nullptr) entries.push_back(entry);
    if (other == nullptr || other->value.is_null()) continue;
    entries.push_back({entry.key, merge(entry.value, other->value), other->place});
  }
  for (const Node::Entry& entry : over.entries()) {
    if (base.find(entry.key) == nullptr) entries.push_back(entry);
  }
  return Node::map(std::move(entries), over.where());
}

Result<Node> apply_override(const Node& root, std::string_view assignment, const Limits& limits) {
  const std::size_t equals = assignment.find('=');
  if (equals == assignment.npos || equals == 0) {
    return Error(ErrorCode::kInvalidArgument, "'" + std::string(assignment) + "' sets nothing",
                 "command line",
                 "write " + (equals == 0 ? "KEY" : std::string(assignment)) + "=VALUE");
  }
  const std::string_view path = assignment.substr(0, equals);
  Setting setting;
  setting.place = Place::of("command line: " + std::string(path));
  auto parts = split_path(path);
  if (!parts) return std::move(parts).error().at("command line");
  setting.path = std::move(parts).value();
  WEIR_ASSIGN(setting.value, parse_value(assignment.substr(equals + 1), setting.place, limits));
  if (setting.path.size() + setting.value.depth() > limits.depth) {
    return Error(ErrorCode::kExhausted, "deeper than " + std::to_string(limits.depth) + " levels",
                 setting.place.to_string());
  }
  return set_at(root, setting, 0);
}

}  // namespace weir::config
