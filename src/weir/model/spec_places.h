// Where and what a message about a spec is about. Pure: any thread.
#pragma once

#include <string>

#include "weir/config/fields.h"

namespace weir {

// The node of a key, or that of the map which lacks it.
inline const config::Node& at_key(const config::Node& node, const char* key) {
  const config::Node* value = node.find(key);
  return value != nullptr ? *value : node;
}

inline std::string in_words(const std::string& name, const char* key) {
  return "'" + config::join_name(name, key) + "'";
}

}  // namespace weir
