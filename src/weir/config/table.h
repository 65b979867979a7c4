// The description behind a field table, without the C++ type that it fills: what schema.h,
// template.h and the reader work on. Whoever writes a table wants fields.h.
#pragma once

#include <cstddef>
#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "weir/config/node.h"

namespace weir::config {

struct TableDoc;

// What a value may be.
struct TypeDoc {
  enum class Kind : uint8_t {
    kAny,  // whatever there is: the room reads it itself
    kBool,
    kInt,
    kFloat,
    kString,
    kEnum,   // one of `names`
    kList,   // of parts[0]
    kMap,    // of names to parts[0]
    kTable,  // a map that another table describes
    kOneOf,  // any of `parts`, the first that fits
  };
  Kind kind = Kind::kAny;
  std::vector<std::string> names = {};
  std::vector<TypeDoc> parts = {};
  // Of a kList: exactly so many; 0: the rules say.
  std::size_t count = 0;
  // Asked late, so that a table may hold itself.
  const TableDoc& (*table)() = nullptr;
  // Of a kString with rules of its own: "a shape such as 1x3x640x640".
  std::string spelled = {};
};

// What a field demands beyond its type. A range holds for each number in a list or map too.
struct Rules {
  static constexpr std::size_t kAnyCount = std::numeric_limits<std::size_t>::max();
  std::optional<double> min = {};
  std::optional<double> max = {};
  bool above_min = false;  // min itself is too small
  std::size_t min_items = 0;
  std::size_t max_items = kAnyCount;
  bool one_for_list = false;              // a value that is no list stands for a list of it
  std::vector<std::string> choices = {};  // of text: nothing else is allowed
  std::map<std::string, std::string> aliases = {};  // of a choice: read as the one it stands for
};

struct FieldDoc {
  std::string name;
  std::vector<std::string> old_names;  // read as well, never written
  std::string help;
  std::string example;  // as YAML
  std::string unit;
  bool required = false;
  TypeDoc type;
  Rules rules;
  Node default_value;
};

struct TableDoc {
  std::string name;  // of the table, "model": the name in the schema and the heading in the docs
  std::string help;
  std::vector<FieldDoc> fields;
  std::string shorthand;  // a value that is no map stands for {shorthand: value}

  // By name or old name; nullptr if there is none.
  const FieldDoc* find(std::string_view key) const;
};

// Keys that start so are the user's own, in every table: definitions for ${x-name.…} to refer to.
inline constexpr std::string_view kUserKeyPrefix = "x-";

// "a number from 0 to 1", "one of 'rgb', 'bgr'", "a list of 2 to 4 whole numbers", "text or a map".
std::string expected(const TypeDoc& type, const Rules& rules);
// Whether a value has the right kind (not whether all of it is right).
bool fits(const TypeDoc& type, const Rules& rules, const Node& node);
// "'steps.who.score' must be a number from 0 to 1, found the text 'high'".
Error wrong_value(const Node& node, const std::string& name, const TypeDoc& type,
                  const Rules& rules);

// Scalars, checked against type and rules. `name` is the dotted path, for messages.
Result<bool> read_bool(const Node& node, const std::string& name);
Result<int64_t> read_int(const Node& node, const std::string& name, const Rules& rules);
Result<double> read_float(const Node& node, const std::string& name, const Rules& rules);
Result<std::string> read_string(const Node& node, const std::string& name, const Rules& rules);
// The row of `names` that was written.
Result<std::size_t> read_enum(const Node& node, const std::string& name,
                              const std::vector<std::string>& names);
Status check_count(const Node& node, std::size_t count, const std::string& name,
                   const TypeDoc& type, const Rules& rules);
// Which of the alternatives of a kOneOf this value is, or what it should have been.
Result<std::size_t> pick_alternative(const Node& node, const std::string& name, const TypeDoc& type,
                                     const Rules& rules);

// Walks `node` by the table: refuses unknown keys, calls `read_field` with the index of each field
// that has a value, in the order of the file, then refuses missing ones.
using ReadField =
    std::function<Status(std::size_t field, const Node& value, const std::string& name)>;
Status read_table(const TableDoc& table, const Node& node, const std::string& name,
                  const ReadField& read_field);

// "steps.who" + "score" = "steps.who.score".
std::string join_name(const std::string& path, std::string_view key);

}  // namespace weir::config
