// A JSON text as a tree, for the readers of this layer; hides the parser.
//
// Numbers keep their text, because a float has to be read as a float: by way of a double it can end
// one bit off. Bounded in depth and in values; strings are valid UTF-8.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "weir/base/result.h"

namespace weir::json {

enum class Kind { kNull, kBool, kNumber, kString, kArray, kObject };

struct Value {
  Kind kind = Kind::kNull;
  bool truth = false;
  std::string text{};  // of a string, or of a number as it was written
  std::vector<Value> items{};
  std::vector<std::pair<std::string, Value>> fields{};

  // The first field of that name, or null.
  const Value* find(std::string_view key) const;
};

// "a number", "an object", …
std::string_view describe(Kind kind);

// kCorrupt for what is not JSON, with the byte where it ends to be.
Result<Value> parse(std::string_view text);

}  // namespace weir::json
