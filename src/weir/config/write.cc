#include "weir/config/write.h"

#include <algorithm>
#include <cmath>

#include "weir/base/json_text.h"
#include "weir/config/scalar.h"

namespace weir::config {
namespace {

constexpr std::size_t kMaxFlowWidth = 80;

// What certainly needs no quotes, in block and in flow style, and for other readers of YAML too.
bool is_plain(std::string_view text) {
  if (!std::holds_alternative<std::string>(parse_scalar(text))) return false;
  const auto is_word = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80;
  };
  constexpr std::string_view kInside = " -./+$=";
  if (!is_word(text.front()) && text.front() != '/' && text.front() != '$') return false;
  for (std::size_t i = 1; i < text.size(); ++i) {
    const bool colon = text[i] == ':' && i + 1 < text.size() && text[i + 1] != ' ' &&
                       (is_word(text[i + 1]) || kInside.find(text[i + 1]) != kInside.npos);
    if (!is_word(text[i]) && kInside.find(text[i]) == kInside.npos && !colon) return false;
  }
  return text.back() != ' ';
}

std::string quoted(std::string_view text) {
  constexpr char kHex[] = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        if (byte < 0x20 || byte == 0x7F) {
          out += std::string("\\u00") + kHex[byte >> 4U] + kHex[byte & 15U];
        } else {
          out += c;
        }
    }
  }
  return out + '"';
}

std::string yaml_scalar(const Node& node) {
  return node.is_string() ? yaml_string(node.as_string()) : node.is_null() ? "null" : node.text();
}

std::string json_scalar(const Node& node) {
  switch (node.kind()) {
    case Node::Kind::kBool:
      return node.text();
    case Node::Kind::kInt:
      return std::to_string(node.as_int());
    case Node::Kind::kFloat:
      return std::isfinite(node.as_float()) ? number_text(node.as_float()) : "null";
    case Node::Kind::kString:
      return json_string(node.as_string());
    default:
      return "null";
  }
}

bool on_one_line(const Node& node) {
  if (node.is_scalar() || node.size() == 1) return true;
  if (!node.is_list()) return false;
  return std::all_of(node.items().begin(), node.items().end(),
                     [](const Node& item) { return item.is_scalar(); }) &&
         to_flow_yaml(node).size() <= kMaxFlowWidth;
}

void write_block(const Node& node, std::size_t indent, bool after_dash, std::string& out);

void write_value(const Node& value, std::size_t indent, std::string& out) {
  if (on_one_line(value)) {
    out += ' ' + to_flow_yaml(value) + '\n';
  } else {
    out += '\n';
    write_block(value, indent + 2, false, out);
  }
}

// `after_dash`: the first line continues the line of a list's dash.
void write_block(const Node& node, std::size_t indent, bool after_dash, std::string& out) {
  bool first = after_dash;
  for (const Node::Entry& entry : node.entries()) {
    if (!first) out.append(indent, ' ');
    first = false;
    out += yaml_string(entry.key) + ':';
    write_value(entry.value, indent, out);
  }
  for (const Node& item : node.items()) {
    if (!first) out.append(indent, ' ');
    first = false;
    out += '-';
    if (on_one_line(item)) {
      out += ' ' + to_flow_yaml(item) + '\n';
    } else {
      out += ' ';
      write_block(item, indent + 2, true, out);
    }
  }
}

void json_break(int indent, std::size_t level, std::string& out) {
  if (indent <= 0) return;
  out += '\n';
  out.append(level * static_cast<std::size_t>(indent), ' ');
}

void write_json(const Node& node, int indent, std::size_t level, std::string& out) {
  if (node.is_scalar()) {
    out += json_scalar(node);
    return;
  }
  out += node.is_map() ? '{' : '[';
  bool first = true;
  const auto next = [&] {
    if (!first) out += ',';
    if (!first && indent <= 0) out += ' ';
    first = false;
    json_break(indent, level + 1, out);
  };
  for (const Node::Entry& entry : node.entries()) {
    next();
    out += json_string(entry.key) + ": ";
    write_json(entry.value, indent, level + 1, out);
  }
  for (const Node& item : node.items()) {
    next();
    write_json(item, indent, level + 1, out);
  }
  if (!first) json_break(indent, level, out);
  out += node.is_map() ? '}' : ']';
}

}  // namespace

std::string yaml_string(std::string_view text) {
  return is_plain(text) ? std::string(text) : quoted(text);
}

std::string json_string(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

std::string to_flow_yaml(const Node& node) {
  if (node.is_scalar()) return yaml_scalar(node);
  std::string out;
  for (const Node::Entry& entry : node.entries()) {
    if (!out.empty()) out += ", ";
    out += yaml_string(entry.key) + ": " + to_flow_yaml(entry.value);
  }
  for (const Node& item : node.items()) {
    if (!out.empty()) out += ", ";
    out += to_flow_yaml(item);
  }
  return node.is_map() ? "{" + out + "}" : "[" + out + "]";
}

std::string to_yaml(const Node& node) {
  if (on_one_line(node)) return to_flow_yaml(node) + "\n";
  std::string out;
  write_block(node, 0, false, out);
  return out;
}

std::string to_json(const Node& node, int indent) {
  std::string out;
  write_json(node, indent, 0, out);
  return out;
}

bool same_value(const Node& a, const Node& b) {
  if (a.kind() != b.kind() || a.size() != b.size()) return false;
  switch (a.kind()) {
    case Node::Kind::kFloat:
      return a.as_float() == b.as_float() || (std::isnan(a.as_float()) && std::isnan(b.as_float()));
    case Node::Kind::kList:
      return std::equal(a.items().begin(), a.items().end(), b.items().begin(), b.items().end(),
                        same_value);
    case Node::Kind::kMap:
      return std::all_of(a.entries().begin(), a.entries().end(), [&](const Node::Entry& entry) {
        const Node* other = b.find(entry.key);
        return other != nullptr && same_value(entry.value, *other);
      });
    case Node::Kind::kInt:
      return a.as_int() == b.as_int();
    default:
      return yaml_scalar(a) == yaml_scalar(b);
  }
}

}  // namespace weir::config
