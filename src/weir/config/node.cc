#include "weir/config/node.h"

#include <algorithm>
#include <cassert>
#include <numeric>
#include <variant>

#include "weir/config/scalar.h"
#include "weir/config/utf8.h"

namespace weir::config {

struct Node::Content {
  std::variant<Null, bool, int64_t, double, std::string, std::vector<Node>, std::vector<Entry>>
      value = Null{};
  std::string written = {};           // of a number: as it stood in the file
  std::vector<uint32_t> by_key = {};  // of a map: its entries in the order of their keys
  std::size_t size = 1;
  std::size_t depth = 1;
  bool foreign = false;
};

Place Place::of(std::string origin_text, int line, int column) {
  return {std::make_shared<const std::string>(std::move(origin_text)), line, column};
}

std::string Place::to_string() const {
  if (!origin) return {};
  if (line == 0) return *origin;
  return *origin + ":" + std::to_string(line) + ":" + std::to_string(column);
}

Node Node::make(Content content, Place place) {
  return {std::move(place), std::make_shared<const Content>(std::move(content))};
}

Node Node::boolean(bool value, Place place) {
  return make({.value = value}, std::move(place));
}

Node Node::integer(int64_t value, Place place) {
  return make({.value = value}, std::move(place));
}

Node Node::number(double value, Place place, std::string text) {
  return make({.value = value, .written = std::move(text)}, std::move(place));
}

Node Node::string(std::string value, Place place) {
  return make({.value = std::move(value)}, std::move(place));
}

Node Node::list(std::vector<Node> items, Place place) {
  Content content;
  for (const Node& item : items) {
    content.size += item.size();
    content.depth = std::max(content.depth, item.depth() + 1);
  }
  content.value = std::move(items);
  return make(std::move(content), std::move(place));
}

Node Node::map(std::vector<Entry> entries, Place place) {
  Content content;
  for (const Entry& entry : entries) {
    content.size += entry.value.size();
    content.depth = std::max(content.depth, entry.value.depth() + 1);
  }
  std::vector<uint32_t>& order = content.by_key;
  order.resize(entries.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(),
            [&](uint32_t a, uint32_t b) { return entries[a].key < entries[b].key; });
  assert(std::adjacent_find(order.begin(), order.end(), [&](uint32_t a, uint32_t b) {
           return entries[a].key == entries[b].key;
         }) == order.end());
  content.value = std::move(entries);
  return make(std::move(content), std::move(place));
}

Node Node::plain(std::string_view text, Place place, bool foreign) {
  Content content;
  content.written = text;
  content.foreign = foreign;
  std::visit([&](auto&& value) { content.value = std::forward<decltype(value)>(value); },
             parse_scalar(text));
  return make(std::move(content), std::move(place));
}

Node::Kind Node::kind() const {
  return content_ ? static_cast<Kind>(content_->value.index()) : Kind::kNull;
}

bool Node::is_foreign() const {
  return content_ && content_->foreign;
}

bool Node::as_bool() const {
  assert(is_bool());
  return *std::get_if<bool>(&content_->value);
}

int64_t Node::as_int() const {
  assert(is_int());
  return *std::get_if<int64_t>(&content_->value);
}

double Node::as_float() const {
  assert(is_number());
  if (is_int()) return static_cast<double>(as_int());
  return *std::get_if<double>(&content_->value);
}

const std::string& Node::as_string() const {
  assert(is_string());
  return *std::get_if<std::string>(&content_->value);
}

std::string Node::text() const {
  switch (kind()) {
    case Kind::kNull:
      return content_ && content_->foreign ? content_->written : "null";
    case Kind::kBool:
      return as_bool() ? "true" : "false";
    case Kind::kInt:
      return content_->written.empty() ? std::to_string(as_int()) : content_->written;
    case Kind::kFloat:
      return content_->written.empty() ? number_text(as_float()) : content_->written;
    case Kind::kString:
      return as_string();
    case Kind::kList:
    case Kind::kMap:
      break;
  }
  assert(false && "a list or map has no text");
  return {};
}

const std::vector<Node>& Node::items() const {
  static const std::vector<Node> none;
  return is_list() ? *std::get_if<std::vector<Node>>(&content_->value) : none;
}

const std::vector<Node::Entry>& Node::entries() const {
  static const std::vector<Entry> none;
  return is_map() ? *std::get_if<std::vector<Entry>>(&content_->value) : none;
}

const Node::Entry* Node::find_entry(std::string_view key) const {
  if (!is_map()) return nullptr;
  const std::vector<Entry>& all = entries();
  const auto at = std::lower_bound(content_->by_key.begin(), content_->by_key.end(), key,
                                   [&](uint32_t i, std::string_view k) { return all[i].key < k; });
  if (at == content_->by_key.end() || all[*at].key != key) return nullptr;
  return &all[*at];
}

const Node* Node::find(std::string_view key) const {
  const Entry* entry = find_entry(key);
  return entry != nullptr ? &entry->value : nullptr;
}

std::size_t Node::size() const {
  return content_ ? content_->size : 1;
}

std::size_t Node::depth() const {
  return content_ ? content_->depth : 1;
}

std::string describe(const Node& node) {
  switch (node.kind()) {
    case Node::Kind::kNull:
      return "nothing";
    case Node::Kind::kBool:
      return "'" + node.text() + "'";
    case Node::Kind::kInt:
    case Node::Kind::kFloat:
      return "the number " + node.text();
    case Node::Kind::kString: {
      const std::string& text = node.as_string();
      return "the text '" + (text.size() > 60 ? std::string(cut_utf8(text, 57)) + "…" : text) + "'";
    }
    case Node::Kind::kList:
      if (node.items().empty()) return "an empty list";
      return "a list of " + std::to_string(node.items().size());
    case Node::Kind::kMap:
      return node.entries().empty() ? "an empty map" : "a map";
  }
  return {};
}

std::string_view name(Node::Kind kind) {
  switch (kind) {
    case Node::Kind::kNull:
      return "nothing";
    case Node::Kind::kBool:
      return "true or false";
    case Node::Kind::kInt:
      return "a whole number";
    case Node::Kind::kFloat:
      return "a number";
    case Node::Kind::kString:
      return "text";
    case Node::Kind::kList:
      return "a list";
    case Node::Kind::kMap:
      return "a map";
  }
  return {};
}

Error error_at(const Place& place, std::string message, std::string hint) {
  return {ErrorCode::kInvalidArgument, std::move(message), place.to_string(), std::move(hint)};
}

Error error_at(const Node& node, std::string message, std::string hint) {
  return error_at(node.where(), std::move(message), std::move(hint));
}

}  // namespace weir::config
