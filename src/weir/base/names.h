// The names of one kind of component (families, back ends, …) and their aliases, for those that are
// known only while the program runs; a field knows its own (fields.h).
//
//   Names families("family");
//   families.add("detr").alias("rt-detr", "detr");
//   families.canonical("rt-detr")   // "detr"
//   families.canonical("dert")      // kNotFound: unknown family 'dert'; did you mean 'detr'?
//
// Fill it, then share it: const calls are safe from any thread.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "weir/base/result.h"

namespace weir::config {

class Names {
 public:
  explicit Names(std::string kind) : kind_(std::move(kind)) {}

  Names& add(const std::string& name);
  // `other` is read as `name`, which is added if need be. Asserts that `other` means nothing else.
  Names& alias(const std::string& other, const std::string& name);

  Result<std::string> canonical(const std::string& name) const;
  const std::vector<std::string>& all() const { return names_; }  // without the aliases
  const std::map<std::string, std::string>& aliases() const { return aliases_; }

 private:
  std::string kind_;
  std::vector<std::string> names_;
  std::map<std::string, std::string> aliases_;
};

}  // namespace weir::config
