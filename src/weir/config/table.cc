#include "weir/config/table.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "weir/base/nearest_name.h"
#include "weir/config/scalar.h"

namespace weir::config {
namespace {

using Kind = TypeDoc::Kind;

std::string bound_text(double value) {
  if (value == std::floor(value) && std::abs(value) < 1e15) {
    return std::to_string(static_cast<int64_t>(value));
  }
  return number_text(value);
}

std::string range_text(const Rules& rules) {
  if (rules.min && rules.max) {
    return (rules.above_min ? " above " : " from ") + bound_text(*rules.min) +
           (rules.above_min ? ", at most " : " to ") + bound_text(*rules.max);
  }
  if (rules.min) return (rules.above_min ? " above " : " of at least ") + bound_text(*rules.min);
  if (rules.max) return " of at most " + bound_text(*rules.max);
  return {};
}

bool in_range(double value, const Rules& rules) {
  if (std::isnan(value)) return false;
  if (rules.min && (value < *rules.min || (rules.above_min && value == *rules.min))) return false;
  return !rules.max || value <= *rules.max;
}

std::string choice_text(const std::vector<std::string>& names) {
  std::string text = names.size() == 1 ? "" : "one of ";
  for (std::size_t i = 0; i < names.size(); ++i) {
    text += (i == 0 ? "'" : ", '") + names[i] + "'";
  }
  return text;
}

std::string count_text(const Rules& rules) {
  const bool bounded = rules.max_items != Rules::kAnyCount;
  if (bounded && rules.min_items == rules.max_items) return std::to_string(rules.min_items) + " ";
  if (bounded) {
    return std::to_string(rules.min_items) + " to " + std::to_string(rules.max_items) + " ";
  }
  return rules.min_items > 0 ? "at least " + std::to_string(rules.min_items) + " " : "";
}

// In the plural, for "a list of …" and "a map of names to …".
std::string many(const TypeDoc& type, const Rules& rules) {
  switch (type.kind) {
    case Kind::kBool:
      return "true or false";
    case Kind::kInt:
      return "whole numbers" + range_text(rules);
    case Kind::kFloat:
      return "numbers" + range_text(rules);
    case Kind::kString:
      if (!rules.choices.empty()) return choice_text(rules.choices);
      return type.spelled.empty() ? "texts" : type.spelled;
    case Kind::kAny:
      return "values";
    case Kind::kTable:
      return "maps";
    case Kind::kEnum:
    case Kind::kList:
    case Kind::kMap:
    case Kind::kOneOf:
      return expected(type, rules);
  }
  return {};
}

std::string list_text(const TypeDoc& type, const Rules& rules) {
  const std::string count = type.count > 0 ? std::to_string(type.count) + " " : count_text(rules);
  const std::string text = "a list of " + count + many(type.parts[0], rules);
  return rules.one_for_list ? expected(type.parts[0], rules) + " or " + text : text;
}

std::string one_of_text(const TypeDoc& type, const Rules& rules) {
  std::string text;
  for (const TypeDoc& part : type.parts) {
    const std::string one = expected(part, rules);
    if (text.find(one) != text.npos) continue;
    text += (text.empty() ? "" : " or ") + one;
  }
  return text;
}

bool is_text(const Node& node) {
  return node.is_string() || (node.is_foreign() && node.is_scalar());
}

bool fits_table(const TableDoc& table, const Node& node) {
  if (node.is_map()) {
    return std::all_of(table.fields.begin(), table.fields.end(), [&](const FieldDoc& field) {
      if (!field.required || node.find(field.name) != nullptr) return true;
      return std::any_of(field.old_names.begin(), field.old_names.end(),
                         [&](const std::string& old) { return node.find(old) != nullptr; });
    });
  }
  const FieldDoc* field = table.shorthand.empty() ? nullptr : table.find(table.shorthand);
  return field != nullptr && fits(field->type, field->rules, node);
}

// A list in its place can be read as one, to say which of its items is wrong.
bool takes_lists(const TypeDoc& type) {
  if (type.kind != Kind::kOneOf) return type.kind == Kind::kList;
  return std::any_of(type.parts.begin(), type.parts.end(), takes_lists);
}

Error unknown_key(const TableDoc& table, const Node::Entry& entry, const std::string& name) {
  std::vector<std::string> known;
  for (const FieldDoc& field : table.fields) known.push_back(field.name);
  const std::string in = name.empty() ? "" : " in '" + name + "'";
  return error_at(entry.place, "unknown key '" + entry.key + "'" + in,
                  hint_for_name(entry.key, known));
}

// No alternative fits a map: name the keys by which the tables are told apart.
Error no_table_fits(const Node& node, const std::string& name, const TypeDoc& type,
                    const Rules& rules) {
  std::vector<std::string> keys;
  for (const TypeDoc& part : type.parts) {
    if (part.kind != Kind::kTable) continue;
    for (const FieldDoc& field : part.table().fields) {
      if (field.required) keys.push_back(field.name);
    }
  }
  if (keys.empty()) return wrong_value(node, name, type, rules);
  for (const Node::Entry& entry : node.entries()) {
    if (const auto near = nearest_name(entry.key, keys)) {
      return error_at(entry.place, "unknown key '" + entry.key + "' in '" + name + "'",
                      "did you mean '" + *near + "'?");
    }
  }
  return error_at(node, "'" + name + "' needs " + choice_text(keys));
}

}  // namespace

const FieldDoc* TableDoc::find(std::string_view key) const {
  for (const FieldDoc& field : fields) {
    if (field.name == key) return &field;
    if (std::find(field.old_names.begin(), field.old_names.end(), key) != field.old_names.end()) {
      return &field;
    }
  }
  return nullptr;
}

std::string join_name(const std::string& path, std::string_view key) {
  return path.empty() ? std::string(key) : path + "." + std::string(key);
}

std::string expected(const TypeDoc& type, const Rules& rules) {
  switch (type.kind) {
    case Kind::kAny:
      return "anything";
    case Kind::kBool:
      return "true or false";
    case Kind::kInt:
      return "a whole number" + range_text(rules);
    case Kind::kFloat:
      return "a number" + range_text(rules);
    case Kind::kString:
      if (!rules.choices.empty()) return choice_text(rules.choices);
      return type.spelled.empty() ? "text" : type.spelled;
    case Kind::kEnum:
      return choice_text(type.names);
    case Kind::kList:
      return list_text(type, rules);
    case Kind::kMap:
      return "a map of " + count_text(rules) + "names to " + many(type.parts[0], rules);
    case Kind::kTable: {
      const TableDoc& table = type.table();
      if (table.shorthand.empty()) return "a map";
      const FieldDoc* field = table.find(table.shorthand);
      assert(field != nullptr && "the shorthand names no field");
      return expected(field->type, field->rules) + " or a map";
    }
    case Kind::kOneOf:
      return one_of_text(type, rules);
  }
  return {};
}

bool fits(const TypeDoc& type, const Rules& rules, const Node& node) {
  switch (type.kind) {
    case Kind::kAny:
      return true;
    case Kind::kBool:
      return node.is_bool();
    case Kind::kInt:
      return node.is_int();
    case Kind::kFloat:
      return node.is_number();
    case Kind::kString:
      return is_text(node);
    case Kind::kEnum:
      return is_text(node) &&
             std::find(type.names.begin(), type.names.end(), node.text()) != type.names.end();
    case Kind::kList:
      if (!node.is_list()) return rules.one_for_list && fits(type.parts[0], rules, node);
      return std::all_of(node.items().begin(), node.items().end(),
                         [&](const Node& item) { return fits(type.parts[0], rules, item); });
    case Kind::kMap:
      return node.is_map();
    case Kind::kTable:
      return fits_table(type.table(), node);
    case Kind::kOneOf:
      return std::any_of(type.parts.begin(), type.parts.end(),
                         [&](const TypeDoc& part) { return fits(part, rules, node); });
  }
  return false;
}

Error wrong_value(const Node& node, const std::string& name, const TypeDoc& type,
                  const Rules& rules) {
  const std::string subject = name.empty() ? "this" : "'" + name + "'";
  const bool wants_text = type.kind == Kind::kString && rules.choices.empty();
  std::string hint;
  if (wants_text && node.is_scalar() && !node.is_null() && !is_text(node)) {
    hint = "write \"" + node.text() + "\" in quotes if it is text";
  }
  // {name} alone is a map of one key without a value.
  if (wants_text && node.is_map() && node.entries().size() == 1 &&
      node.entries().front().value.is_null()) {
    hint = "write '{" + node.entries().front().key + "}' in quotes if it is text";
  }
  const std::vector<std::string>& names = type.kind == Kind::kEnum ? type.names : rules.choices;
  if (node.is_string()) {
    if (const auto near = nearest_name(node.as_string(), names)) {
      hint = "did you mean '" + *near + "'?";
    }
    const std::string& text = node.as_string();
    const bool word = text == "yes" || text == "no" || text == "on" || text == "off";
    if (type.kind == Kind::kBool && word) hint = "write true or false: 'yes' and 'no' are text";
  }
  return error_at(node, subject + " must be " + expected(type, rules) + ", found " + describe(node),
                  std::move(hint));
}

Result<bool> read_bool(const Node& node, const std::string& name) {
  if (!node.is_bool()) return wrong_value(node, name, {.kind = Kind::kBool}, {});
  return node.as_bool();
}

Result<int64_t> read_int(const Node& node, const std::string& name, const Rules& rules) {
  const bool whole = node.is_int() || (node.is_number() && std::abs(node.as_float()) < 1e15 &&
                                       node.as_float() == std::floor(node.as_float()));
  if (!whole || !in_range(node.as_float(), rules)) {
    return wrong_value(node, name, {.kind = Kind::kInt}, rules);
  }
  return node.is_int() ? node.as_int() : static_cast<int64_t>(node.as_float());
}

Result<double> read_float(const Node& node, const std::string& name, const Rules& rules) {
  if (!node.is_number() || !std::isfinite(node.as_float()) || !in_range(node.as_float(), rules)) {
    return wrong_value(node, name, {.kind = Kind::kFloat}, rules);
  }
  return node.as_float();
}

Result<std::string> read_string(const Node& node, const std::string& name, const Rules& rules) {
  if (!is_text(node)) return wrong_value(node, name, {.kind = Kind::kString}, rules);
  std::string text = node.text();
  const auto alias = rules.aliases.find(text);
  if (alias != rules.aliases.end()) text = alias->second;
  const std::vector<std::string>& known = rules.choices;
  if (known.empty() || std::find(known.begin(), known.end(), text) != known.end()) return text;
  return wrong_value(node, name, {.kind = Kind::kString}, rules);
}

Result<std::size_t> read_enum(const Node& node, const std::string& name,
                              const std::vector<std::string>& names) {
  if (is_text(node)) {
    const auto found = std::find(names.begin(), names.end(), node.text());
    if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  }
  return wrong_value(node, name, {.kind = Kind::kEnum, .names = names}, {});
}

Status check_count(const Node& node, std::size_t count, const std::string& name,
                   const TypeDoc& type, const Rules& rules) {
  if (count >= rules.min_items && count <= rules.max_items) return {};
  return wrong_value(node, name, type, rules);
}

Result<std::size_t> pick_alternative(const Node& node, const std::string& name, const TypeDoc& type,
                                     const Rules& rules) {
  std::size_t candidates = 0;
  std::size_t last = 0;
  for (std::size_t i = 0; i < type.parts.size(); ++i) {
    if (fits(type.parts[i], rules, node)) return i;
    const Kind kind = type.parts[i].kind;
    const bool same_kind = (node.is_map() && (kind == Kind::kTable || kind == Kind::kMap)) ||
                           (node.is_list() && kind == Kind::kList);
    if (same_kind) last = i;
    if (same_kind) ++candidates;
  }
  // The only alternative of that kind can say best what is wrong inside.
  if (candidates == 1) return last;
  if (node.is_map() && candidates > 1) return no_table_fits(node, name, type, rules);
  return wrong_value(node, name, type, rules);
}

Status read_table(const TableDoc& table, const Node& node, const std::string& name,
                  const ReadField& read_field) {
  const auto index_of = [&](const FieldDoc& field) {
    return static_cast<std::size_t>(&field - table.fields.data());
  };
  if (!node.is_map() && !node.is_null()) {
    const FieldDoc* field = table.shorthand.empty() ? nullptr : table.find(table.shorthand);
    if (field != nullptr &&
        ((node.is_list() && takes_lists(field->type)) || fits(field->type, field->rules, node))) {
      return read_field(index_of(*field), node, name);
    }
    const std::string wanted =
        field == nullptr ? "a map" : expected(field->type, field->rules) + " or a map";
    std::string hint;
    if (field != nullptr && node.is_string()) {
      if (const auto near = nearest_name(node.as_string(), field->type.names)) {
        hint = "did you mean '" + *near + "'?";
      }
    }
    return error_at(node,
                    (name.empty() ? "this" : "'" + name + "'") + " must be " + wanted + ", found " +
                        describe(node),
                    std::move(hint));
  }
  std::vector<const Node::Entry*> seen(table.fields.size(), nullptr);
  for (const Node::Entry& entry : node.entries()) {
    if (entry.key.starts_with(kUserKeyPrefix)) continue;
    const FieldDoc* field = table.find(entry.key);
    if (field == nullptr) return unknown_key(table, entry, name);
    const Node::Entry*& before = seen[index_of(*field)];
    if (before != nullptr) {
      return error_at(entry.place, "'" + entry.key + "' is another name of '" + before->key + "'",
                      "the first is at " + before->place.to_string() + ": leave one out");
    }
    before = &entry;
    if (entry.value.is_null()) continue;
    WEIR_TRY(read_field(index_of(*field), entry.value, join_name(name, entry.key)));
  }
  for (const FieldDoc& field : table.fields) {
    const Node::Entry* entry = seen[index_of(field)];
    if (!field.required || (entry != nullptr && !entry->value.is_null())) continue;
    const Place& at = entry != nullptr ? entry->place : node.where();
    return error_at(at, "'" + join_name(name, field.name) + "' is missing",
                    field.example.empty()
                        ? "it must be " + expected(field.type, field.rules)
                        : "write for example '" + field.name + ": " + field.example + "'");
  }
  return {};
}

}  // namespace weir::config
