#include "weir/config/reference.h"

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "weir/base/nearest_name.h"
#include "weir/config/path.h"

namespace weir::config {
namespace {

constexpr std::size_t kMaxNested = 200;  // levels of the tree and of references together

Result<std::string> from_environment(const std::string& key) {
  const char* value = std::getenv(key.c_str());  // NOLINT(concurrency-mt-unsafe): nobody sets it
  if (value != nullptr) return std::string(value);
  return Error(ErrorCode::kNotFound, "the environment variable '" + key + "' is not set", {},
               "set it, or write ${env:" + key + ":-default}");
}

// The end of the reference that starts at `start` ("${"): past its '}'; npos if it has none.
std::size_t end_of_reference(std::string_view text, std::size_t start) {
  std::size_t open = 0;
  for (std::size_t at = start; at < text.size(); ++at) {
    if (text.substr(at, 2) == "${") ++open;
    if (text[at] == '}' && --open == 0) return at + 1;
  }
  return text.npos;
}

// Where `token` stands outside of references inside `text`; npos if nowhere.
std::size_t find_outside(std::string_view text, std::string_view token, std::size_t from) {
  for (std::size_t at = from; at < text.size(); ++at) {
    if (text.substr(at, 2) == "${") {
      at = end_of_reference(text, at);
      if (at == text.npos) return at;
      --at;
    } else if (text.substr(at).starts_with(token)) {
      return at;
    }
  }
  return text.npos;
}

class Resolution {
 public:
  Resolution(const Node& root, const Resolvers& resolvers, const Limits& limits)
      : root_(root), resolvers_(resolvers), limits_(limits) {}

  Result<Node> node(const Node& node, const std::string& name);

 private:
  Result<Node> container(const Node& node, const std::string& name);
  Result<Node> text(const Node& node, const std::string& name);
  Result<Node> reference(std::string_view inside, const Node& node, const std::string& name);
  Result<Node> look_up(const std::string& path, const Node& node);
  Result<std::string> ask(const std::string& resolver, const std::string& key, const Node& node);
  Result<std::string> put_together(std::string_view text, const Node& node,
                                   const std::string& name);
  Status spend(std::size_t nodes, std::size_t bytes, const Node& node);
  Error cycle(const Node& node, const std::string& name) const;

  const Node& root_;
  const Resolvers& resolvers_;
  const Limits& limits_;
  std::unordered_map<const void*, Node> done_;
  std::vector<std::pair<const void*, std::string>> under_way_;
  std::size_t nested_ = 0;
  std::size_t nodes_ = 0;
  std::size_t bytes_ = 0;
};

// What references produced is counted, so that a few lines cannot grow without end.
Status Resolution::spend(std::size_t nodes, std::size_t bytes, const Node& node) {
  nodes_ += nodes;
  bytes_ += bytes;
  if (nodes_ <= limits_.nodes && bytes_ <= limits_.bytes) return {};
  const std::string bound = nodes_ > limits_.nodes ? std::to_string(limits_.nodes) + " values"
                                                   : std::to_string(limits_.bytes) + " bytes";
  return Error(ErrorCode::kExhausted, "references make more than " + bound,
               node.where().to_string());
}

Error Resolution::cycle(const Node& node, const std::string& name) const {
  const auto start = std::find_if(under_way_.begin(), under_way_.end(), [&](const auto& entry) {
    return entry.first == node.identity();
  });
  std::string chain;
  for (auto at = start; at != under_way_.end(); ++at) {
    chain += (at->second.empty() ? "the whole file" : at->second) + " -> ";
  }
  return error_at(node, "references go round in a circle: " + chain +
                            (start->second.empty() ? "the whole file" : name));
}

Result<Node> Resolution::node(const Node& node, const std::string& name) {
  const bool has_more = node.is_map() || node.is_list();
  if (!has_more && (!node.is_string() || node.as_string().find("${") == std::string::npos)) {
    return node;
  }
  if (const auto known = done_.find(node.identity()); known != done_.end()) {
    return known->second.moved_to(node.where());
  }
  const bool circular = std::any_of(under_way_.begin(), under_way_.end(), [&](const auto& entry) {
    return entry.first == node.identity();
  });
  if (circular) return cycle(node, name);
  if (under_way_.size() >= kMaxNested) {
    return Error(ErrorCode::kExhausted,
                 "references are nested more than " + std::to_string(kMaxNested) + " deep",
                 node.where().to_string());
  }
  under_way_.emplace_back(node.identity(), name);
  Result<Node> result = has_more ? container(node, name) : text(node, name);
  under_way_.pop_back();
  if (!result) return result;
  if (result->size() > limits_.nodes || result->depth() > limits_.depth) {
    return Error(ErrorCode::kExhausted, "references make the tree too large or too deep",
                 node.where().to_string());
  }
  done_.emplace(node.identity(), *result);
  return result;
}

Result<Node> Resolution::container(const Node& node, const std::string& name) {
  const std::string prefix = name.empty() ? "" : name + ".";
  if (node.is_map()) {
    std::vector<Node::Entry> entries;
    for (const Node::Entry& entry : node.entries()) {
      WEIR_ASSIGN(Node value, this->node(entry.value, prefix + entry.key));
      entries.push_back({entry.key, std::move(value), entry.place});
    }
    return Node::map(std::move(entries), node.where());
  }
  std::vector<Node> items;
  for (const Node& item : node.items()) {
    WEIR_ASSIGN(Node value, this->node(item, prefix + std::to_string(items.size())));
    items.push_back(std::move(value));
  }
  return Node::list(std::move(items), node.where());
}

Result<Node> Resolution::text(const Node& node, const std::string& name) {
  const std::string& all = node.as_string();
  if (all.starts_with("${") && end_of_reference(all, 0) == all.size()) {
    WEIR_ASSIGN(const Node value,
                reference(std::string_view(all).substr(2, all.size() - 3), node, name));
    WEIR_TRY(spend(value.size(), 0, node));
    return value.moved_to(node.where());
  }
  WEIR_ASSIGN(std::string put, put_together(all, node, name));
  return Node::string(std::move(put), node.where());
}

Result<std::string> Resolution::put_together(std::string_view text, const Node& node,
                                             const std::string& name) {
  if (++nested_ > kMaxNested) {
    return Error(ErrorCode::kExhausted, "references are nested too deep", node.where().to_string());
  }
  std::string out;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t start = text.find("${", at);
    if (start == text.npos) break;
    if (start > at && text[start - 1] == '$') {
      out.append(text.substr(at, start - 1 - at)).append("${");
      at = start + 2;
      continue;
    }
    const std::size_t end = end_of_reference(text, start);
    if (end == text.npos) {
      return error_at(node, "'${' without its '}'", "for the text itself write '$${'");
    }
    out += text.substr(at, start - at);
    WEIR_ASSIGN(const Node value, reference(text.substr(start + 2, end - start - 3), node, name));
    if (!value.is_scalar()) {
      return error_at(node, "'" + std::string(text.substr(start, end - start)) + "' is " +
                                describe(value) + ", which cannot stand inside text");
    }
    const std::string piece = value.is_null() ? "" : value.text();
    WEIR_TRY(spend(0, piece.size(), node));
    out += piece;
    at = end;
  }
  out += text.substr(at);
  --nested_;
  return out;
}

// `name:key`, `name:key:-default` or `dotted.path`; each part may hold references itself, and the
// default is looked into only if it is needed.
Result<Node> Resolution::reference(std::string_view inside, const Node& node,
                                   const std::string& name) {
  const std::size_t colon = find_outside(inside, ":", 0);
  if (colon == inside.npos) {
    WEIR_ASSIGN(const std::string path, put_together(inside, node, name));
    return look_up(path, node);
  }
  const std::size_t dash = find_outside(inside, ":-", colon + 1);
  const std::string_view asked =
      inside.substr(colon + 1, dash == inside.npos ? dash : dash - colon - 1);
  WEIR_ASSIGN(const std::string key, put_together(asked, node, name));
  const Result<std::string> answer = ask(std::string(inside.substr(0, colon)), key, node);
  const bool nothing = answer ? answer->empty() : answer.error().code == ErrorCode::kNotFound;
  if (!nothing || dash == inside.npos) {
    if (!answer) return Error(answer.error());
    WEIR_TRY(spend(1, answer->size(), node));
    return Node::plain(*answer, node.where(), true);
  }
  WEIR_ASSIGN(const std::string standard, put_together(inside.substr(dash + 2), node, name));
  return Node::plain(standard, node.where(), true);
}

Result<std::string> Resolution::ask(const std::string& resolver, const std::string& key,
                                    const Node& node) {
  const Resolvers::Resolver* found = resolvers_.find(resolver);
  if (found == nullptr) {
    return error_at(node, "nothing is known to resolve '${" + resolver + ":…}'",
                    hint_for_name(resolver, resolvers_.names()));
  }
  auto text = (*found)(key);
  if (!text) return std::move(text).error().at(node.where().to_string());
  return text;
}

Result<Node> Resolution::look_up(const std::string& path, const Node& node) {
  auto parts = split_path(path);
  if (!parts) return std::move(parts).error().at(node.where().to_string());
  Node at = root_;
  std::string name;
  for (const std::string& part : *parts) {
    // On the way down a part may itself be a reference to a map.
    if (at.is_string()) {
      WEIR_ASSIGN(at, this->node(at, name));
    }
    const Node* next = find_part(at, part);
    if (next == nullptr) {
      std::vector<std::string> known;
      for (const Node::Entry& entry : at.entries()) known.push_back(entry.key);
      const std::string in = name.empty() ? "at the top" : "in '" + name + "'";
      return error_at(node, "'${" + path + "}': there is no '" + part + "' " + in,
                      hint_for_name(part, known));
    }
    name += (name.empty() ? "" : ".") + part;
    at = Node(*next);
  }
  return this->node(at, name);
}

}  // namespace

Resolvers::Resolvers() {
  add("env", from_environment);
}

Resolvers& Resolvers::add(std::string name, Resolver resolver) {
  resolvers_[std::move(name)] = std::move(resolver);
  return *this;
}

const Resolvers::Resolver* Resolvers::find(const std::string& name) const {
  const auto found = resolvers_.find(name);
  return found == resolvers_.end() ? nullptr : &found->second;
}

std::vector<std::string> Resolvers::names() const {
  std::vector<std::string> all;
  for (const auto& [name, resolver] : resolvers_) all.push_back(name);
  return all;
}

Result<Node> resolve(const Node& root, const Resolvers& resolvers, const Limits& limits) {
  return Resolution(root, resolvers, limits).node(root, "");
}

}  // namespace weir::config
