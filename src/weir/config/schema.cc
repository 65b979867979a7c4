#include "weir/config/schema.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "weir/config/yaml.h"

namespace weir::config {
namespace {

using Entries = std::vector<Node::Entry>;
using Kind = TypeDoc::Kind;

constexpr const char* kReference = "reference";

Node text(std::string value) {
  return Node::string(std::move(value));
}
Node whole(std::size_t value) {
  return Node::integer(static_cast<int64_t>(value));
}
Node number(double value) {
  if (value == std::floor(value) && std::abs(value) < 1e15) {
    return Node::integer(static_cast<int64_t>(value));
  }
  return Node::number(value);
}
Node texts(const std::vector<std::string>& values) {
  std::vector<Node> items;
  for (const std::string& value : values) items.push_back(text(value));
  return Node::list(std::move(items));
}
Node definition(const std::string& name) {
  return Node::map({{"$ref", text("#/$defs/" + name), {}}});
}

// Collects the tables that a table leads to, each once, so that tables may hold themselves.
class SchemaWriter {
 public:
  Node table(const TableDoc& table, bool document);
  Node field(const FieldDoc& field);
  Node type(const TypeDoc& type, const Rules& rules);
  Node table_type(const TableDoc& table);
  Entries definitions() &&;

 private:
  std::vector<const TableDoc*> found_;
};

void add_range(const Rules& rules, Entries& out) {
  if (rules.min) {
    out.push_back({rules.above_min ? "exclusiveMinimum" : "minimum", number(*rules.min), {}});
  }
  if (rules.max) out.push_back({"maximum", number(*rules.max), {}});
}

Node string_schema(const TypeDoc& type, const Rules& rules) {
  const std::vector<std::string>& names = type.kind == Kind::kEnum ? type.names : rules.choices;
  if (!names.empty()) return Node::map({{"enum", texts(names), {}}});
  return Node::map({{"type", text("string"), {}}});
}

Node number_schema(const char* kind, const Rules& rules) {
  Entries out{{"type", text(kind), {}}};
  add_range(rules, out);
  return Node::map(std::move(out));
}

Node any_of(std::vector<Node> parts) {
  if (parts.size() == 1) return parts[0];
  return Node::map({{"anyOf", Node::list(std::move(parts)), {}}});
}

Node SchemaWriter::table_type(const TableDoc& table) {
  if (std::find(found_.begin(), found_.end(), &table) == found_.end()) found_.push_back(&table);
  if (table.shorthand.empty()) return definition(table.name);
  const FieldDoc* field = table.find(table.shorthand);
  return any_of({type(field->type, field->rules), definition(table.name)});
}

Node SchemaWriter::type(const TypeDoc& type, const Rules& rules) {
  switch (type.kind) {
    case Kind::kAny:
      return Node::map({});
    case Kind::kBool:
      return Node::map({{"type", text("boolean"), {}}});
    case Kind::kInt:
      return number_schema("integer", rules);
    case Kind::kFloat:
      return number_schema("number", rules);
    case Kind::kString:
    case Kind::kEnum:
      return string_schema(type, rules);
    case Kind::kTable:
      return table_type(type.table());
    case Kind::kMap:
      return Node::map({{"type", text("object"), {}},
                        {"additionalProperties", this->type(type.parts[0], rules), {}}});
    case Kind::kList: {
      const Node item = this->type(type.parts[0], rules);
      Entries list{{"type", text("array"), {}}, {"items", item, {}}};
      const std::size_t least = type.count > 0 ? type.count : rules.min_items;
      const std::size_t most = type.count > 0 ? type.count : rules.max_items;
      if (least > 0) list.push_back({"minItems", whole(least), {}});
      if (most != Rules::kAnyCount) list.push_back({"maxItems", whole(most), {}});
      if (!rules.one_for_list) return Node::map(std::move(list));
      return any_of({item, Node::map(std::move(list))});
    }
    case Kind::kOneOf: {
      std::vector<Node> parts;
      for (const TypeDoc& part : type.parts) parts.push_back(this->type(part, rules));
      return any_of(std::move(parts));
    }
  }
  return {};
}

Node SchemaWriter::field(const FieldDoc& field) {
  Entries out;
  std::string about = field.help;
  if (!field.unit.empty()) about += (about.empty() ? "In " : " In ") + field.unit + ".";
  if (!about.empty()) out.push_back({"description", text(about), {}});
  if (!field.default_value.is_null() && !field.required) {
    out.push_back({"default", field.default_value, {}});
  }
  if (!field.example.empty()) {
    if (auto example = parse_yaml(field.example, "example")) {
      out.push_back({"examples", Node::list({*example}), {}});
    }
  }
  const Node value = type(field.type, field.rules);
  if (field.type.kind != Kind::kAny) {
    out.push_back({"anyOf", Node::list({value, definition(kReference)}), {}});
  }
  return Node::map(std::move(out));
}

Node SchemaWriter::table(const TableDoc& table, bool document) {
  Entries properties;
  std::vector<std::string> required;
  if (document && table.find("include") == nullptr) {
    const Node path = Node::map({{"type", text("string"), {}}});
    const Node list = Node::map({{"type", text("array"), {}}, {"items", path, {}}});
    properties.push_back({"include",
                          Node::map({{"description", text("Files to inherit from, by key."), {}},
                                     {"anyOf", Node::list({path, list}), {}}}),
                          {}});
  }
  for (const FieldDoc& row : table.fields) {
    properties.push_back({row.name, field(row), {}});
    // What is required may come from an included file, so a document cannot demand it.
    if (row.required && !document) required.push_back(row.name);
  }
  Entries out;
  if (!table.help.empty()) out.push_back({"description", text(table.help), {}});
  out.push_back({"type", text("object"), {}});
  out.push_back({"properties", Node::map(std::move(properties)), {}});
  out.push_back({"patternProperties", Node::map({{"^x-", Node::boolean(true), {}}}), {}});
  if (!required.empty()) out.push_back({"required", texts(required), {}});
  out.push_back({"additionalProperties", Node::boolean(false), {}});
  return Node::map(std::move(out));
}

// Grows while it is walked: a table may lead to the next.
Entries SchemaWriter::definitions() && {
  Entries out;
  out.push_back({kReference,
                 Node::map({{"description", text("Not set, or text that holds a reference."), {}},
                            {"type", Node::list({text("null"), text("string")}), {}},
                            {"pattern", text("\\$\\{"), {}}}),
                 {}});
  for (std::size_t i = 0; i < found_.size(); ++i) {
    const TableDoc& next = *found_[i];
    out.push_back({next.name, table(next, false), {}});
  }
  return out;
}

}  // namespace

Node json_schema(const TableDoc& table, bool document) {
  SchemaWriter writer;
  Entries out;
  out.push_back({"$schema", text("https://json-schema.org/draft/2020-12/schema"), {}});
  out.push_back({"title", text("Weir " + table.name), {}});
  const Node root = writer.table(table, document);
  for (const Node::Entry& entry : root.entries()) out.push_back(entry);
  out.push_back({"$defs", Node::map(std::move(writer).definitions()), {}});
  return Node::map(std::move(out));
}

}  // namespace weir::config
