#include "weir/config/template.h"

#include <algorithm>
#include <vector>

#include "weir/config/write.h"

namespace weir::config {
namespace {

using Kind = TypeDoc::Kind;

constexpr std::size_t kWidth = 96;
constexpr std::size_t kMaxNested = 8;  // a table that holds itself must end somewhere

// The tables that a type comes down to: its own, or those of its parts.
void collect_tables(const TypeDoc& type, std::vector<const TableDoc*>& found) {
  for (const TypeDoc& part : type.parts) collect_tables(part, found);
  if (type.kind != Kind::kTable) return;
  const TableDoc* table = &type.table();
  if (std::find(found.begin(), found.end(), table) == found.end()) found.push_back(table);
}

bool has_default(const FieldDoc& field) {
  const Node& value = field.default_value;
  if (field.required || value.is_null()) return false;
  return !(value.is_string() && value.as_string().empty()) &&
         (value.is_scalar() || value.size() > 1);
}

std::string capital(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 32);
  return text;
}

std::string about(const FieldDoc& field) {
  std::string text = field.help.empty() ? "" : field.help + " ";
  const std::string what = expected(field.type, field.rules);
  const bool plain = what == "text" || what == "a path" || what == "a map";  // that tells nothing
  if (plain && !has_default(field) && !field.required && !field.help.empty()) return field.help;
  text += capital(what);
  if (!field.unit.empty()) text += ", in " + field.unit;
  if (field.required) return text + "; required.";
  if (has_default(field) && field.type.kind != Kind::kTable) {
    return text + "; default " + to_flow_yaml(field.default_value) + ".";
  }
  return text + ".";
}

void add_comment(const std::string& text, std::size_t indent, std::string& out) {
  const std::string start = std::string(indent, ' ') + "#";
  std::string line = start;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    const std::string word = text.substr(at, end - at);
    if (line.size() > start.size() && line.size() + 1 + word.size() > kWidth) {
      out += line + '\n';
      line = start;
    }
    line += ' ' + word;
    at = end + 1;
  }
  out += line + '\n';
}

void add_lines(const std::string& yaml, const std::string& start, std::string& out) {
  std::size_t at = 0;
  while (at < yaml.size()) {
    const std::size_t end = yaml.find('\n', at);
    out += start + yaml.substr(at, end - at) + '\n';
    at = end + 1;
  }
}

std::string stand_in(const FieldDoc& field) {
  if (!field.example.empty()) return field.example;
  if (has_default(field) || field.default_value.is_bool()) {
    return to_flow_yaml(field.default_value);
  }
  switch (field.type.kind) {
    case Kind::kEnum:
      return yaml_string(field.type.names[0]);
    case Kind::kString:
      return field.rules.choices.empty() ? "\"\"" : field.rules.choices[0];
    case Kind::kList:
      return "[]";
    case Kind::kMap:
    case Kind::kTable:
      return "{}";
    default:
      return "null";
  }
}

// `set`: the fields stand in the file; otherwise all of them are comments.
void add_fields(const TableDoc& table, const Node& values, std::size_t indent, bool set,
                std::size_t nested, std::string& out) {
  const std::string start(indent, ' ');
  for (const FieldDoc& field : table.fields) {
    const Node* value = values.find(field.name);
    add_comment(about(field), indent, out);
    const std::string mark = start + (set && value != nullptr ? "" : "# ");
    const bool opens = field.type.kind == Kind::kTable && nested < kMaxNested &&
                       (value == nullptr || value->is_map()) &&
                       (field.example.empty() || value != nullptr);
    if (opens) {
      out += mark + field.name + ":\n";
      std::string inside;
      const bool inside_set = set && value != nullptr;
      add_fields(field.type.table(), value != nullptr ? *value : Node(),
                 inside_set ? indent + 2 : 2, inside_set, nested + 1, inside);
      if (inside_set) {
        out += inside;
      } else {
        // Comments of comments: one '# ' before all of it keeps it readable.
        std::string plain;
        add_lines(inside, "", plain);
        add_lines(plain, start + "# ", out);
      }
    } else if (value != nullptr) {
      add_lines(to_yaml(Node::map({{field.name, *value, {}}})), mark, out);
    } else {
      out += mark + field.name + ": " + stand_in(field) + '\n';
    }
    if (nested == 0) out += '\n';
  }
}

std::string cell(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '|') out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out;
}

void add_section(const TableDoc& table, int level, std::string& out) {
  out += std::string(static_cast<std::size_t>(level), '#') + " " + table.name + "\n\n";
  if (!table.help.empty()) out += table.help + "\n\n";
  if (!table.shorthand.empty()) {
    out += "A value that is no map stands for `{" + table.shorthand + ": …}`.\n\n";
  }
  out += "| key | what it may be | default | what it means |\n|---|---|---|---|\n";
  for (const FieldDoc& field : table.fields) {
    std::string what = expected(field.type, field.rules);
    if (!field.unit.empty()) what += ", in " + field.unit;
    std::vector<const TableDoc*> inner;
    collect_tables(field.type, inner);
    for (const TableDoc* one : inner) {
      what += (one == inner.front() ? " (see " : ", ") + one->name;
      if (one == inner.back()) what += ")";
    }
    std::string means = field.help;
    if (!field.example.empty()) means += " Example: `" + field.example + "`.";
    for (const std::string& old : field.old_names) means += " Also read: `" + old + "`.";
    std::string standard = field.required ? "required" : "";
    if (has_default(field)) standard = "`" + to_flow_yaml(field.default_value) + "`";
    out += "| `" + field.name + "` | " + cell(what) + " | " + cell(standard) + " | " + cell(means) +
           " |\n";
  }
}

}  // namespace

std::string yaml_template(const TableDoc& table, const Node& values) {
  std::string out;
  add_fields(table, values, 0, true, 0, out);
  while (out.ends_with("\n\n")) out.pop_back();
  return out;
}

std::string markdown_tables(const TableDoc& table, int level) {
  std::vector<const TableDoc*> found{&table};
  std::string out;
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (i > 0) out += '\n';
    add_section(*found[i], i == 0 ? level : level + 1, out);
    for (const FieldDoc& field : found[i]->fields) {
      collect_tables(field.type, found);
    }
  }
  return out;
}

}  // namespace weir::config
