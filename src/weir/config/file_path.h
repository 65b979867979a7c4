// A path in a config: relative to the file that it was written in, so that a config works from any
// folder. What comes from the command line is relative to the working folder.
//
//   struct Spec { config::FilePath file; };   // "../models/a.onnx" in conf/x.yaml: models/a.onnx
#pragma once

#include <string>

#include "weir/config/codec.h"

namespace weir::config {

struct FilePath {
  std::string path;  // empty: none

  bool empty() const { return path.empty(); }
  bool operator==(const FilePath&) const = default;
};

// Where `text`, written in `node`, leads.
std::string path_from(const Node& node, const std::string& text);

template <>
struct Codec<FilePath> {
  static TypeDoc type() { return {.kind = TypeDoc::Kind::kString, .spelled = "a path"}; }
  static Status read(const Node& node, const std::string& name, const Rules& rules, FilePath& out) {
    if (!fits(type(), rules, node)) return wrong_value(node, name, type(), rules);
    out.path = path_from(node, node.text());
    return {};
  }
  static Node write(const FilePath& value) { return Node::string(value.path); }
};

}  // namespace weir::config
