#include "weir/config/names.h"

#include <algorithm>
#include <cassert>

#include "weir/base/nearest_name.h"

namespace weir::config {

Names& Names::add(const std::string& name) {
  if (std::find(names_.begin(), names_.end(), name) == names_.end()) names_.push_back(name);
  return *this;
}

Names& Names::alias(const std::string& other, const std::string& name) {
  add(name);
  const bool fresh = aliases_.emplace(other, name).second;
  assert((fresh || aliases_.at(other) == name) && "an alias with two meanings");
  assert(std::find(names_.begin(), names_.end(), other) == names_.end());
  (void)fresh;
  return *this;
}

Result<std::string> Names::canonical(const std::string& name) const {
  if (std::find(names_.begin(), names_.end(), name) != names_.end()) return name;
  if (const auto found = aliases_.find(name); found != aliases_.end()) return found->second;
  std::vector<std::string> known = names_;
  for (const auto& [alias, meant] : aliases_) known.push_back(alias);
  const auto near = nearest_name(name, known);
  std::string hint = near ? "did you mean '" + *near + "'?" : hint_for_name(name, names_);
  return Error(ErrorCode::kNotFound, "unknown " + kind_ + " '" + name + "'", {}, std::move(hint));
}

}  // namespace weir::config
