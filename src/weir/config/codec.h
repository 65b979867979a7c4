// How a C++ type is read from a Node, written to one, and described: one Codec per type.
//
// There are codecs for bool, whole numbers, float and double, std::string, Node (anything), enums
// that name their values, structs that have a field table, std::optional, std::vector, std::array,
// std::map and Named (maps, in the order of the file), and std::variant (the first alternative that
// fits). A room adds one for a type of its own by specialising Codec beside it.
//
//   enum class Colour { kRgb, kBgr };
//   inline std::vector<EnumName<Colour>> config_names(Colour) {     // found by its argument
//     return {{"rgb", Colour::kRgb}, {"bgr", Colour::kBgr}};
//   }
//   struct InputSpec { Colour colour = Colour::kRgb; };
//   const config::Fields<InputSpec>& config_fields(const InputSpec*);  // in the .cc, see fields.h
#pragma once

#include <array>
#include <concepts>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "weir/config/scalar.h"
#include "weir/config/table.h"

namespace weir::config {

template <class S>
class Fields;

// A map whose order matters: steps, sinks, components.
template <class T>
using Named = std::vector<std::pair<std::string, T>>;

// One value of an enum. Of several names for one value the first is written, all are read.
template <class E>
struct EnumName {
  std::string name;
  E value;
};

template <class E>
concept NamedEnum = std::is_enum_v<E> && requires(E e) {
  config_names(e);
};
template <class S>
concept HasFields = std::is_class_v<S> && requires(const S* s) {
  { config_fields(s) } -> std::convertible_to<const Fields<S>&>;
};

template <class T>
struct Codec;

template <>
struct Codec<Node> {
  static TypeDoc type() { return {}; }
  static Status read(const Node& node, const std::string&, const Rules&, Node& out) {
    out = node;
    return {};
  }
  static Node write(const Node& value) { return value; }
};

template <>
struct Codec<bool> {
  static TypeDoc type() { return {.kind = TypeDoc::Kind::kBool}; }
  static Status read(const Node& node, const std::string& name, const Rules&, bool& out) {
    WEIR_ASSIGN(out, read_bool(node, name));
    return {};
  }
  static Node write(bool value) { return Node::boolean(value); }
};

template <std::integral T>
struct Codec<T> {
  static constexpr bool kAll = sizeof(T) >= 8;  // its largest values are beyond any int64_t
  static TypeDoc type() { return {.kind = TypeDoc::Kind::kInt}; }
  static Status read(const Node& node, const std::string& name, const Rules& rules, T& out) {
    WEIR_ASSIGN(const int64_t value, read_int(node, name, rules));
    if (!std::in_range<T>(value)) {
      Rules held = rules;
      if (!held.min) held.min = static_cast<double>(std::numeric_limits<T>::min());
      if (!held.max && !kAll) held.max = static_cast<double>(std::numeric_limits<T>::max());
      return wrong_value(node, name, type(), held);
    }
    out = static_cast<T>(value);
    return {};
  }
  static Node write(T value) { return Node::integer(static_cast<int64_t>(value)); }
};

template <std::floating_point T>
struct Codec<T> {
  static TypeDoc type() { return {.kind = TypeDoc::Kind::kFloat}; }
  static Status read(const Node& node, const std::string& name, const Rules& rules, T& out) {
    WEIR_ASSIGN(const double value, read_float(node, name, rules));
    out = static_cast<T>(value);
    return {};
  }
  // A float is written as short as a float can be: 0.1, not 0.10000000149.
  // A whole number without its ".0", which reads back as the same.
  static Node write(T value) {
    std::string text = number_text(value);
    if (text.ends_with(".0")) text.resize(text.size() - 2);
    return Node::plain(text);
  }
};

template <>
struct Codec<std::string> {
  static TypeDoc type() { return {.kind = TypeDoc::Kind::kString}; }
  static Status read(const Node& node, const std::string& name, const Rules& rules,
                     std::string& out) {
    WEIR_ASSIGN(out, read_string(node, name, rules));
    return {};
  }
  static Node write(const std::string& value) { return Node::string(value); }
};

template <NamedEnum E>
struct Codec<E> {
  static TypeDoc type() { return {.kind = TypeDoc::Kind::kEnum, .names = names()}; }
  static Status read(const Node& node, const std::string& name, const Rules&, E& out) {
    WEIR_ASSIGN(const std::size_t row, read_enum(node, name, names()));
    out = config_names(E{})[row].value;
    return {};
  }
  static Node write(E value) {
    for (const EnumName<E>& row : config_names(E{})) {
      if (row.value == value) return Node::string(row.name);
    }
    return {};
  }

 private:
  static std::vector<std::string> names() {
    std::vector<std::string> all;
    for (const EnumName<E>& row : config_names(E{})) all.push_back(row.name);
    return all;
  }
};

template <HasFields S>
struct Codec<S> {
  static const Fields<S>& fields() { return config_fields(static_cast<const S*>(nullptr)); }
  static const TableDoc& table() { return fields().doc(); }
  static TypeDoc type() { return {.kind = TypeDoc::Kind::kTable, .table = &table}; }
  static Status read(const Node& node, const std::string& name, const Rules&, S& out) {
    return fields().read_into(node, name, out);
  }
  static Node write(const S& value) { return fields().write(value); }
};

template <class T>
struct Codec<std::optional<T>> {
  static TypeDoc type() { return Codec<T>::type(); }
  static Status read(const Node& node, const std::string& name, const Rules& rules,
                     std::optional<T>& out) {
    T value{};
    WEIR_TRY(Codec<T>::read(node, name, rules, value));
    out = std::move(value);
    return {};
  }
  static Node write(const std::optional<T>& value) {
    return value ? Codec<T>::write(*value) : Node();
  }
};

// Reads the items of a list, or the one that stands for it, and hands each to `take`.
template <class T, class Take>
Status read_items(const Node& node, const std::string& name, const TypeDoc& type,
                  const Rules& rules, Take take) {
  if (!node.is_list() && !(rules.one_for_list && !node.is_null())) {
    return wrong_value(node, name, type, rules);
  }
  const std::size_t count = node.is_list() ? node.items().size() : 1;
  WEIR_TRY(check_count(node, count, name, type, rules));
  Rules of_item = rules;
  of_item.one_for_list = false;
  of_item.min_items = 0;
  of_item.max_items = Rules::kAnyCount;
  for (std::size_t i = 0; i < count; ++i) {
    T value{};
    const Node& item = node.is_list() ? node.items()[i] : node;
    const std::string item_name = node.is_list() ? name + "[" + std::to_string(i) + "]" : name;
    WEIR_TRY(Codec<T>::read(item, item_name, of_item, value));
    take(i, std::move(value));
  }
  return {};
}

template <class T>
struct Codec<std::vector<T>> {
  static TypeDoc type() { return {.kind = TypeDoc::Kind::kList, .parts = {Codec<T>::type()}}; }
  static Status read(const Node& node, const std::string& name, const Rules& rules,
                     std::vector<T>& out) {
    out.clear();
    return read_items<T>(node, name, type(), rules,
                         [&](std::size_t, T value) { out.push_back(std::move(value)); });
  }
  static Node write(const std::vector<T>& values) {
    std::vector<Node> items;
    for (const T& value : values) items.push_back(Codec<T>::write(value));
    return Node::list(std::move(items));
  }
};

template <class T, std::size_t N>
struct Codec<std::array<T, N>> {
  static TypeDoc type() {
    return {.kind = TypeDoc::Kind::kList, .parts = {Codec<T>::type()}, .count = N};
  }
  static Status read(const Node& node, const std::string& name, const Rules& rules,
                     std::array<T, N>& out) {
    Rules exact = rules;
    exact.min_items = exact.max_items = N;
    return read_items<T>(node, name, type(), exact,
                         [&](std::size_t i, T value) { out[i] = std::move(value); });
  }
  static Node write(const std::array<T, N>& values) {
    return Codec<std::vector<T>>::write(std::vector<T>(values.begin(), values.end()));
  }
};

template <class T>
struct Codec<Named<T>> {
  static TypeDoc type() { return {.kind = TypeDoc::Kind::kMap, .parts = {Codec<T>::type()}}; }
  static Status read(const Node& node, const std::string& name, const Rules& rules, Named<T>& out) {
    out.clear();
    if (!node.is_map()) return wrong_value(node, name, type(), rules);
    WEIR_TRY(check_count(node, node.entries().size(), name, type(), rules));
    for (const Node::Entry& entry : node.entries()) {
      if (entry.value.is_null()) continue;
      T value{};
      WEIR_TRY(Codec<T>::read(entry.value, join_name(name, entry.key), rules, value));
      out.emplace_back(entry.key, std::move(value));
    }
    return {};
  }
  static Node write(const Named<T>& values) {
    std::vector<Node::Entry> entries;
    for (const auto& [key, value] : values) entries.push_back({key, Codec<T>::write(value), {}});
    return Node::map(std::move(entries));
  }
};

template <class T>
struct Codec<std::map<std::string, T>> {
  static TypeDoc type() { return Codec<Named<T>>::type(); }
  static Status read(const Node& node, const std::string& name, const Rules& rules,
                     std::map<std::string, T>& out) {
    Named<T> named;
    WEIR_TRY(Codec<Named<T>>::read(node, name, rules, named));
    out.clear();
    for (auto& [key, value] : named) out.emplace(std::move(key), std::move(value));
    return {};
  }
  static Node write(const std::map<std::string, T>& values) {
    return Codec<Named<T>>::write(Named<T>(values.begin(), values.end()));
  }
};

template <class... Ts>
struct Codec<std::variant<Ts...>> {
  using Variant = std::variant<Ts...>;
  static TypeDoc type() { return {.kind = TypeDoc::Kind::kOneOf, .parts = {Codec<Ts>::type()...}}; }
  static Status read(const Node& node, const std::string& name, const Rules& rules, Variant& out) {
    WEIR_ASSIGN(const std::size_t index, pick_alternative(node, name, type(), rules));
    Status status;
    std::size_t at = 0;
    ((at++ == index ? void(status = read_one<Ts>(node, name, rules, out)) : void()), ...);
    return status;
  }
  static Node write(const Variant& value) {
    return std::visit(
        [](const auto& one) { return Codec<std::decay_t<decltype(one)>>::write(one); }, value);
  }

 private:
  template <class T>
  static Status read_one(const Node& node, const std::string& name, const Rules& rules,
                         Variant& out) {
    T value{};
    WEIR_TRY(Codec<T>::read(node, name, rules, value));
    out = std::move(value);
    return {};
  }
};

}  // namespace weir::config
