// The names of one kind of component (families, back ends, …) and their aliases, for those that are
// known only while the program runs; a field of config knows its own (config/fields.h).
//
//   Names families("family");
//   families.add("detr", {"rt-detr"});
//   families.canonical("rt-detr")   // "detr"
//   families.canonical("dert")      // kNotFound: unknown family 'dert'; did you mean 'detr'?
//
// Fill it, then share it: const calls are safe from any thread.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "weir/base/result.h"

namespace weir {

class Names {
 public:
  explicit Names(std::string kind) : kind_(std::move(kind)) {}

  // Each alias is read as `name`. Refuses, and adds nothing, if any of them means something
  // already.
  Status add(const std::string& name, const std::vector<std::string>& aliases = {});

  // The name itself, or the one that an alias stands for. An unknown one gets the nearest as a
  // hint.
  Result<std::string> canonical(const std::string& name) const;
  bool has(const std::string& name) const;
  const std::vector<std::string>& all() const { return names_; }  // without the aliases
  const std::map<std::string, std::string>& aliases() const { return aliases_; }
  // "did you mean 'rt-detr'?" of names and aliases, else what names there are.
  std::string hint_for(const std::string& name) const;

 private:
  std::string kind_;
  std::vector<std::string> names_;
  std::map<std::string, std::string> aliases_;
};

}  // namespace weir
