#include "weir/base/names.h"

#include <algorithm>

#include "weir/base/nearest_name.h"

namespace weir {

Status Names::add(const std::string& name, const std::vector<std::string>& aliases) {
  std::vector<std::string> added = {name};
  added.insert(added.end(), aliases.begin(), aliases.end());
  for (auto one = added.begin(); one != added.end(); ++one) {
    if (!has(*one) && std::find(added.begin(), one, *one) == one) continue;
    return Error(ErrorCode::kInvalidArgument, "there is a " + kind_ + " '" + *one + "' already");
  }
  names_.push_back(name);
  for (const std::string& alias : aliases) aliases_.emplace(alias, name);
  return {};
}

bool Names::has(const std::string& name) const {
  return aliases_.count(name) != 0 || std::find(names_.begin(), names_.end(), name) != names_.end();
}

Result<std::string> Names::canonical(const std::string& name) const {
  if (const auto found = aliases_.find(name); found != aliases_.end()) return found->second;
  if (has(name)) return name;
  return Error(ErrorCode::kNotFound, "unknown " + kind_ + " '" + name + "'", {}, hint_for(name));
}

std::string Names::hint_for(const std::string& name) const {
  std::vector<std::string> known = names_;
  for (const auto& [alias, meant] : aliases_) known.push_back(alias);
  const auto near = nearest_name(name, known);
  return near ? "did you mean '" + *near + "'?" : hint_for_name(name, names_);
}

}  // namespace weir
