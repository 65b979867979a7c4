// The one tree that every config is read into: null, bool, int, float, string, list, or map in the
// order of the file. Each node knows where it was written.
//
//   const Node* score = root.find("score");
//   if (score && score->is_number()) use(score->as_float());
//   return Error(ErrorCode::kInvalidArgument, "score is above 1", score->where().to_string());
//
// A Node is an immutable value: copying shares, nothing ever changes below a copy, so any thread
// may read any node. Changing a tree makes a new one (merge.h, override.h). The tree carries its
// size and depth, so that whoever builds one out of pieces can hold it to the bounds of limits.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "weir/base/result.h"

namespace weir::config {

// A place in what the user wrote: a file with line and column (from 1), or, without a line, another
// origin such as "command line: steps.objects.score".
struct Place {
  std::shared_ptr<const std::string> origin;
  int line = 0;
  int column = 0;

  static Place of(std::string origin_text, int line = 0, int column = 0);
  // "street.yaml:3:5"; without a line the origin alone; empty if unknown.
  std::string to_string() const;
};

class Node {
 public:
  enum class Kind : uint8_t { kNull, kBool, kInt, kFloat, kString, kList, kMap };
  struct Entry;

  Node() = default;  // null, written nowhere
  static Node null(Place place) { return {std::move(place), nullptr}; }
  static Node boolean(bool value, Place place = {});
  static Node integer(int64_t value, Place place = {});
  // `text` is how it was written ("1e-3"); empty: the shortest text that reads back the same.
  static Node number(double value, Place place = {}, std::string text = {});
  static Node string(std::string value, Place place = {});
  static Node list(std::vector<Node> items, Place place = {});
  // The keys must differ; asserted.
  static Node map(std::vector<Entry> entries, Place place = {});
  // A plain scalar by the rules of scalar.h. `foreign`: it came as text from outside (environment,
  // command line), so that a field that wants a string takes `8080` as well.
  static Node plain(std::string_view text, Place place = {}, bool foreign = false);

  Kind kind() const;
  bool is_null() const { return kind() == Kind::kNull; }
  bool is_bool() const { return kind() == Kind::kBool; }
  bool is_int() const { return kind() == Kind::kInt; }
  bool is_number() const { return kind() == Kind::kInt || kind() == Kind::kFloat; }
  bool is_string() const { return kind() == Kind::kString; }
  bool is_list() const { return kind() == Kind::kList; }
  bool is_map() const { return kind() == Kind::kMap; }
  bool is_scalar() const { return kind() <= Kind::kString; }
  bool is_foreign() const;

  // Each asserts its kind; as_float takes an int too.
  bool as_bool() const;
  int64_t as_int() const;
  double as_float() const;
  const std::string& as_string() const;
  // A scalar as it was written, or as it would be: "null", "true", "0.5", the string itself.
  std::string text() const;

  // Empty unless it is a list, a map.
  const std::vector<Node>& items() const;
  const std::vector<Entry>& entries() const;
  // The value under `key`, or nullptr: also when this is no map. O(log n).
  const Node* find(std::string_view key) const;
  const Entry* find_entry(std::string_view key) const;

  const Place& where() const { return place_; }
  // The same value, shared, as if written elsewhere; what is below keeps its places. O(1).
  Node moved_to(Place place) const { return {std::move(place), content_}; }

  // Nodes in this tree, itself included, each alias counted as often as it is used.
  std::size_t size() const;
  std::size_t depth() const;  // a scalar has 1
  // Equal for two lists, maps or texts only if they share their content.
  const void* identity() const { return content_.get(); }

 private:
  struct Content;
  Node(Place place, std::shared_ptr<const Content> content)
      : place_(std::move(place)), content_(std::move(content)) {}
  static Node make(Content content, Place place);

  Place place_;
  std::shared_ptr<const Content> content_;  // nullptr: null
};

struct Node::Entry {
  std::string key;
  Node value;
  Place place;  // of the key
};

// For messages: "the number 3", "the text 'high'", "a list of 2", "a map", "nothing".
std::string describe(const Node& node);
// For messages: "a number", "text", "a list", …
std::string_view name(Node::Kind kind);

// An Error of code invalid_argument at the place of `node`.
Error error_at(const Node& node, std::string message, std::string hint = {});
Error error_at(const Place& place, std::string message, std::string hint = {});

}  // namespace weir::config
