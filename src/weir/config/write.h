// Tree to text: YAML that a person edits, JSON that a program reads. Pure; any thread.
//
//   to_yaml(parse_yaml("{b: [1, 2], a: {}}", "x").value())   // "b: [1, 2]\na: {}\n"
//
// Both keep the order of the keys, and numbers as they were written where the format allows it.
// What to_yaml wrote, parse_yaml reads back as an equal tree. JSON has no NaN and no infinity: they
// become null.
#pragma once

#include <string>
#include <string_view>

#include "weir/config/node.h"

namespace weir::config {

// Lists of scalars stand on one line, everything else in block style, two spaces a level.
std::string to_yaml(const Node& node);
// On one line, `key: value` in braces: for comments, messages and examples.
std::string to_flow_yaml(const Node& node);
// One line if `indent` is 0, else that many spaces a level.
std::string to_json(const Node& node, int indent = 0);

// A string as a YAML scalar: plain where that reads back as the same string, else quoted.
std::string yaml_string(std::string_view text);
// A string as JSON, with its quotes.
std::string json_string(std::string_view text);

// Whether two trees hold the same values; places, spelling of numbers and order of keys aside.
bool same_value(const Node& a, const Node& b);

}  // namespace weir::config
