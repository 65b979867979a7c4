// Text to tree: the YAML reader, bounded. yaml-cpp is behind it and nowhere else.
//
//   WEIR_ASSIGN(Node root, parse_yaml("score: 0.5\n", "street.yaml"));
//   root.find("score")->where().to_string()   // "street.yaml:1:8"
//
// What is read is one document of YAML 1.2 with the scalars of scalar.h (`yes` and `no` are
// strings). Keys are scalars and must differ; `!!str` and its like are the only tags; anchors and
// aliases work, within the bounds; `<<` is refused (`include` is there). JSON is YAML and is read
// too. Nothing here follows includes or references: load.h does. Pure; any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "weir/config/node.h"

namespace weir::config {

// Beyond a bound the text is refused with ErrorCode::kExhausted, which names the bound.
struct Limits {
  std::size_t bytes = 4U << 20;  // of one file; also of all text that references produce
  std::size_t nodes = 200'000;   // of one tree, each alias counted as often as it is used
  std::size_t depth = 64;        // of maps and lists in each other
  std::size_t files = 64;        // of one tree
};

// `name` stands in every place of the tree and of an Error.
Result<Node> parse_yaml(std::string_view text, std::string name, const Limits& limits = {});

// The bytes of a file, refused above limits.bytes; kNotFound if it cannot be opened.
Result<std::string> read_text_file(const std::string& path, const Limits& limits = {});

// Both of the above; includes and references stay as they were written.
Result<Node> read_yaml_file(const std::string& path, const Limits& limits = {});

}  // namespace weir::config
