// References inside the values of a tree.
//
//   ${models.face.score}   another value of the same tree, by its dotted path (path.h)
//   ${env:HOME}            a resolver by its name, and what it is asked for
//   ${env:PORT:-8080}      what to take if the resolver has nothing, or nothing but ""
//   $${text}               the text "${text}" itself
//
// A value that is nothing but one reference becomes what it refers to, with its type; what came
// from a resolver is read as if it stood there unquoted (so `8080` fits a number and a text).
// Inside other text only scalars can be put together. References may stand inside each other, and
// in a default. Text that a resolver gave is not looked into again.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "weir/config/yaml.h"

namespace weir::config {

// Where `${name:key}` comes from. Knows `env` from the start; an application adds its own, say
// `secret`. Safe to share between threads once filled, if the functions are.
class Resolvers {
 public:
  // The text for `key`; kNotFound lets a default stand in.
  using Resolver = std::function<Result<std::string>(const std::string& key)>;

  Resolvers();
  Resolvers& add(std::string name, Resolver resolver);
  const Resolver* find(const std::string& name) const;
  std::vector<std::string> names() const;

 private:
  std::map<std::string, Resolver> resolvers_;
};

// The tree with every reference replaced. A reference keeps the place where it was written; a cycle
// is an Error that names it; the result is held to the limits.
Result<Node> resolve(const Node& root, const Resolvers& resolvers, const Limits& limits = {});

}  // namespace weir::config
