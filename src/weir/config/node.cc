#include "weir/config/node.h"

#include <algorithm>
#include <cassert>
#include <numeric>
#include <variant>

#include "weir/config/scalar.h"
#include "weir/config/utf8.h"

namespace weir::config {

struct Node::Data {
  Place place;
  std::variant<Null, bool, int64_t, double, std::string, std::vector<Node>, std::vector<Entry>>
      value;
  std::string written;           // of a number: as it stood in the file
  std::vector<uint32_t> by_key;  // of a map: its entries in the order of their keys
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

Node Node::null(Place place) {
  return Node(std::make_shared<const Data>(Data{std::move(place), Null{}, {}, {}}));
}

Node Node::boolean(bool value, Place place) {
  return Node(std::make_shared<const Data>(Data{std::move(place), value, {}, {}}));
}

Node Node::integer(int64_t value, Place place) {
  return Node(std::make_shared<const Data>(Data{std::move(place), value, {}, {}}));
}

Node Node::number(double value, Place place, std::string text) {
  return Node(std::make_shared<const Data>(Data{std::move(place), value, std::move(text), {}}));
}

Node Node::string(std::string value, Place place) {
  return Node(std::make_shared<const Data>(Data{std::move(place), std::move(value), {}, {}}));
}

Node Node::list(std::vector<Node> items, Place place) {
  Data data{std::move(place), Null{}, {}, {}};
  for (const Node& item : items) {
    data.size += item.size();
    data.depth = std::max(data.depth, item.depth() + 1);
  }
  data.value = std::move(items);
  return Node(std::make_shared<const Data>(std::move(data)));
}

Node Node::map(std::vector<Entry> entries, Place place) {
  Data data{std::move(place), Null{}, {}, std::vector<uint32_t>(entries.size())};
  for (const Entry& entry : entries) {
    data.size += entry.value.size();
    data.depth = std::max(data.depth, entry.value.depth() + 1);
  }
  std::iota(data.by_key.begin(), data.by_key.end(), 0U);
  std::sort(data.by_key.begin(), data.by_key.end(),
            [&](uint32_t a, uint32_t b) { return entries[a].key < entries[b].key; });
  assert(std::adjacent_find(data.by_key.begin(), data.by_key.end(), [&](uint32_t a, uint32_t b) {
           return entries[a].key == entries[b].key;
         }) == data.by_key.end());
  data.value = std::move(entries);
  return Node(std::make_shared<const Data>(std::move(data)));
}

Node Node::plain(std::string_view text, Place place, bool foreign) {
  Data data{std::move(place), Null{}, std::string(text), {}};
  std::visit([&](auto&& value) { data.value = std::forward<decltype(value)>(value); },
             parse_scalar(text));
  data.foreign = foreign;
  return Node(std::make_shared<const Data>(std::move(data)));
}

Node::Kind Node::kind() const {
  return data_ ? static_cast<Kind>(data_->value.index()) : Kind::kNull;
}

bool Node::is_foreign() const {
  return data_ && data_->foreign;
}

bool Node::as_bool() const {
  assert(is_bool());
  return *std::get_if<bool>(&data_->value);
}

int64_t Node::as_int() const {
  assert(is_int());
  return *std::get_if<int64_t>(&data_->value);
}

double Node::as_float() const {
  assert(is_number());
  if (is_int()) return static_cast<double>(as_int());
  return *std::get_if<double>(&data_->value);
}

const std::string& Node::as_string() const {
  assert(is_string());
  return *std::get_if<std::string>(&data_->value);
}

std::string Node::text() const {
  switch (kind()) {
    case Kind::kNull:
      return data_ && data_->foreign ? data_->written : "null";
    case Kind::kBool:
      return as_bool() ? "true" : "false";
    case Kind::kInt:
      return data_->written.empty() ? std::to_string(as_int()) : data_->written;
    case Kind::kFloat:
      return data_->written.empty() ? number_text(as_float()) : data_->written;
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
  return is_list() ? *std::get_if<std::vector<Node>>(&data_->value) : none;
}

const std::vector<Node::Entry>& Node::entries() const {
  static const std::vector<Entry> none;
  return is_map() ? *std::get_if<std::vector<Entry>>(&data_->value) : none;
}

const Node* Node::find(std::string_view key) const {
  if (!is_map()) return nullptr;
  const std::vector<Entry>& all = entries();
  const auto at = std::lower_bound(data_->by_key.begin(), data_->by_key.end(), key,
                                   [&](uint32_t i, std::string_view k) { return all[i].key < k; });
  if (at == data_->by_key.end() || all[*at].key != key) return nullptr;
  return &all[*at].value;
}

const Place& Node::where() const {
  static const Place nowhere;
  return data_ ? data_->place : nowhere;
}

Node Node::moved_to(Place place) const {
  if (!data_) return null(std::move(place));
  Data copy = *data_;
  copy.place = std::move(place);
  return Node(std::make_shared<const Data>(std::move(copy)));
}

std::size_t Node::size() const {
  return data_ ? data_->size : 1;
}

std::size_t Node::depth() const {
  return data_ ? data_->depth : 1;
}

const void* Node::identity() const {
  return data_.get();
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
      return "a list of " + std::to_string(node.items().size());
    case Node::Kind::kMap:
      return "a map";
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
