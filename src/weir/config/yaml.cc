#include "weir/config/yaml.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <fstream>
#include <optional>
#include <set>
#include <sstream>
#include <utility>

#include "weir/base/json_text.h"
#include "weir/config/utf8.h"

namespace weir::config {
namespace {

// Builds the tree from yaml-cpp's events. After the first error it ignores the rest: a handler
// cannot stop the parser without throwing.
class TreeBuilder final : public YAML::EventHandler {
 public:
  TreeBuilder(std::shared_ptr<const std::string> origin, const Limits& limits)
      : origin_(std::move(origin)), limits_(limits) {}

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    add(Node::null(place(mark)), anchor);
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override;
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(mark, tag, "tag:yaml.org,2002:seq", anchor, false);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(mark, tag, "tag:yaml.org,2002:map", anchor, true);
  }
  void OnMapEnd() override { close(); }

  Result<Node> finish() && {
    if (error_) return std::move(*error_);
    return std::move(root_);
  }
  Place place(const YAML::Mark& mark) const { return {origin_, mark.line + 1, mark.column + 1}; }

 private:
  // A list or map that is still being read. `key` is set while its value is awaited.
  struct Open {
    Place place;
    YAML::anchor_t anchor = 0;
    bool is_map = false;
    std::vector<Node> items;
    std::vector<Node::Entry> entries;
    std::optional<Node> key;
    std::set<std::string> keys;
  };

  bool awaits_key() const { return !open_.empty() && open_.back().is_map && !open_.back().key; }
  void open(const YAML::Mark& mark, const std::string& tag, std::string_view wanted,
            YAML::anchor_t anchor, bool is_map);
  void close();
  void add(Node node, YAML::anchor_t anchor);
  void add_key(Node node);
  void fail(Error error) {
    if (!error_) error_ = std::move(error);
  }
  void fail_bound(const Place& at, std::string message) {
    fail({ErrorCode::kExhausted, std::move(message), at.to_string(), {}});
  }

  std::shared_ptr<const std::string> origin_;
  const Limits& limits_;
  std::vector<Open> open_;
  std::vector<std::pair<YAML::anchor_t, Node>> anchors_;  // finished ones, ids ascending or not
  std::size_t nodes_ = 0;
  Node root_;
  std::optional<Error> error_;
};

// A key keeps its text whatever it looks like, so that `1:` and `true:` are keys.
void TreeBuilder::add_key(Node node) {
  Open& map = open_.back();
  if (!node.is_string()) {
    return fail(error_at(node, "a key must be text, found " + describe(node)));
  }
  if (node.as_string() == "<<") {
    return fail(error_at(node, "merge keys ('<<') are not supported", "use 'include'"));
  }
  if (!map.keys.insert(node.as_string()).second) {
    const auto first =
        std::find_if(map.entries.begin(), map.entries.end(),
                     [&](const Node::Entry& entry) { return entry.key == node.as_string(); });
    return fail(error_at(node, "the key '" + node.as_string() + "' is here twice",
                         "the first is at " + first->place.to_string()));
  }
  map.key = std::move(node);
}

void TreeBuilder::add(Node node, YAML::anchor_t anchor) {
  if (error_) return;
  if (awaits_key()) return add_key(std::move(node));
  nodes_ += node.size();
  if (nodes_ > limits_.nodes || node.size() > limits_.nodes) {
    return fail_bound(node.where(), "more than " + std::to_string(limits_.nodes) +
                                        " values, aliases counted as often as they are used");
  }
  if (node.depth() + open_.size() > limits_.depth) {
    return fail_bound(node.where(), "deeper than " + std::to_string(limits_.depth) + " levels");
  }
  if (anchor != 0) anchors_.emplace_back(anchor, node);
  if (open_.empty()) {
    root_ = std::move(node);
  } else if (open_.back().is_map) {
    Open& map = open_.back();
    map.entries.push_back({map.key->as_string(), std::move(node), map.key->where()});
    map.key.reset();
  } else {
    open_.back().items.push_back(std::move(node));
  }
}

void TreeBuilder::open(const YAML::Mark& mark, const std::string& tag, std::string_view wanted,
                       YAML::anchor_t anchor, bool is_map) {
  if (error_) return;
  const Place at = place(mark);
  if (awaits_key()) {
    return fail(error_at(at,
                         std::string("a key must be text, found ") + (is_map ? "a map" : "a list"),
                         "put text that holds { or [ into quotes"));
  }
  if (!tag.empty() && tag != "?" && tag != "!" && tag != wanted) {
    return fail(error_at(at, "the tag '" + tag + "' is not supported", "leave it out"));
  }
  if (open_.size() + 1 > limits_.depth) {
    return fail_bound(at, "deeper than " + std::to_string(limits_.depth) + " levels");
  }
  Open level;
  level.place = at;
  level.anchor = anchor;
  level.is_map = is_map;
  open_.push_back(std::move(level));
}

void TreeBuilder::close() {
  if (error_) return;
  Open level = std::move(open_.back());
  open_.pop_back();
  // Its children have been counted as they came: only the list or map itself is new.
  Node node = level.is_map ? Node::map(std::move(level.entries), level.place)
                           : Node::list(std::move(level.items), level.place);
  nodes_ -= node.size() - 1;
  add(std::move(node), level.anchor);
}

void TreeBuilder::OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                           const std::string& value) {
  if (error_) return;
  const Place at = place(mark);
  // yaml-cpp turns "\N" and "\_" into single bytes.
  if (!is_utf8(value) || value.find('\0') != value.npos) {
    return fail(error_at(at, "an escape gives what is not text (UTF-8)"));
  }
  if (awaits_key() || tag == "!" || tag == "tag:yaml.org,2002:str") {
    return add(Node::string(value, at), anchor);
  }
  Node node = Node::plain(value, at);
  if (tag.empty() || tag == "?") return add(std::move(node), anchor);
  if (tag == "tag:yaml.org,2002:float" && node.is_number()) {
    return add(Node::number(node.as_float(), at, value), anchor);
  }
  const bool fits = (tag == "tag:yaml.org,2002:int" && node.is_int()) ||
                    (tag == "tag:yaml.org,2002:bool" && node.is_bool()) ||
                    (tag == "tag:yaml.org,2002:null" && node.is_null());
  if (fits) return add(std::move(node), anchor);
  fail(error_at(at, "the tag '" + tag + "' is not supported here", "leave it out"));
}

void TreeBuilder::OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) {
  if (error_) return;
  const auto found = std::find_if(anchors_.rbegin(), anchors_.rend(),
                                  [&](const auto& known) { return known.first == anchor; });
  if (found == anchors_.rend()) {
    return fail(error_at(place(mark), "an alias inside the very value that it stands for"));
  }
  if (awaits_key() && found->second.is_scalar()) {
    return add(Node::string(found->second.text(), place(mark)), 0);
  }
  add(found->second, 0);
}

Place place_of_byte(const std::shared_ptr<const std::string>& origin, std::string_view text,
                    std::size_t at) {
  const std::string_view before = text.substr(0, at);
  const std::size_t line_start = before.rfind('\n') == before.npos ? 0 : before.rfind('\n') + 1;
  return {origin, static_cast<int>(std::count(before.begin(), before.end(), '\n')) + 1,
          static_cast<int>(at - line_start) + 1};
}

std::string_view line_of(std::string_view text, int line) {
  std::size_t start = 0;
  for (int i = 0; i < line; ++i) {
    start = text.find('\n', start);
    if (start == text.npos) return {};
    ++start;
  }
  return text.substr(start, text.find('\n', start) - start);
}

// Where a value in braces that nobody quoted ends: at a space, a comma, or a bracket that it has
// not opened.
std::size_t end_of_value(std::string_view line, std::size_t from) {
  int open = 0;
  for (std::size_t i = from; i < line.size(); ++i) {
    const char c = line[i];
    if (c == '{') ++open;
    if (c == ' ' || c == ',' || c == ']' || (c == '}' && --open < 0)) return i;
  }
  return line.size();
}

// Text with names in braces, such as a path of a sink, that was taken for a map: yaml-cpp stops
// behind the brace that ends it, or before the brace in its middle.
std::string hint_for_braces(std::string_view line, std::size_t stopped) {
  if (stopped == 0 || stopped >= line.size()) return {};
  const bool behind = line[stopped - 1] == '}';
  if (!behind && line[stopped] != '{') return {};
  const std::size_t brace = behind ? line.rfind('{', stopped - 1) : stopped;
  if (brace == line.npos) return {};
  const std::size_t before = line.find_last_of(" [", brace);
  const std::size_t begin = before == line.npos ? 0 : before + 1;
  const std::string value(line.substr(begin, end_of_value(line, begin) - begin));
  if (value.find('}') == value.npos) return {};
  const char* why = begin == brace ? "it begins with a brace" : "there are braces in it";
  return "put the value in quotes because " + std::string(why) + ": '" + value + "'";
}

// Most of yaml-cpp's complaints come down to a few things that people do.
std::string hint_for(std::string_view text, const YAML::Mark& mark) {
  const std::string_view wrong = line_of(text, mark.line);
  if (wrong.find("${") != wrong.npos) return "inside { } or [ ] write \"${…}\" in quotes";
  if (wrong.find('\t') != wrong.npos) return "indent with spaces, not tabs";
  std::string braces = hint_for_braces(wrong, static_cast<std::size_t>(std::max(mark.column, 0)));
  if (!braces.empty()) return braces;
  if (wrong.find(": ") != wrong.npos) return "text that holds ': ' needs quotes";
  return {};
}

Result<Node> run_parser(std::string_view text, const std::shared_ptr<const std::string>& origin,
                        const Limits& limits) {
  TreeBuilder builder(origin, limits);
  try {
    // The comment at the end: yaml-cpp takes a quote that is open at the last line feed for closed.
    std::istringstream stream(std::string(text) + (text.ends_with('\n') ? "#" : "\n#"));
    YAML::Parser parser(stream);
    parser.HandleNextDocument(builder);
    TreeBuilder second(origin, limits);
    if (parser.HandleNextDocument(second)) {
      return error_at(Place{origin}, "more than one document ('---') in one file");
    }
  } catch (const YAML::Exception& error) {
    const Place at = error.mark.is_null() ? Place{origin} : builder.place(error.mark);
    return error_at(at, "not valid YAML: " + error.msg, hint_for(text, error.mark));
  } catch (const std::exception& error) {
    return error_at(Place{origin}, std::string("not valid YAML: ") + error.what());
  }
  return std::move(builder).finish();
}

}  // namespace

Result<Node> parse_yaml(std::string_view text, std::string name, const Limits& limits) {
  auto origin = std::make_shared<const std::string>(std::move(name));
  if (text.size() > limits.bytes) {
    return Error(ErrorCode::kExhausted, "larger than " + std::to_string(limits.bytes) + " bytes",
                 *origin);
  }
  if (const std::size_t bad = first_bad_byte(text); bad != text.npos) {
    return error_at(place_of_byte(origin, text, bad), "a byte that is not text (UTF-8)");
  }
  WEIR_ASSIGN(Node root, run_parser(text, origin, limits));
  if (root.where().origin == nullptr) return Node::null(Place{origin, 1, 1});
  return root;
}

Result<std::string> read_text_file(const std::string& path, const Limits& limits) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return Error(ErrorCode::kNotFound, "cannot be opened", path, "is it there?");
  std::string text(limits.bytes + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (file.bad() || file.gcount() == 0) {
    if (!file.eof()) return Error(ErrorCode::kInvalidArgument, "cannot be read", path);
  }
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (text.size() > limits.bytes) {
    return Error(ErrorCode::kExhausted, "larger than " + std::to_string(limits.bytes) + " bytes",
                 path);
  }
  return text;
}

Result<Node> read_yaml_file(const std::string& path, const Limits& limits) {
  WEIR_ASSIGN(std::string text, read_text_file(path, limits));
  return parse_yaml(text, path, limits);
}

}  // namespace weir::config
