#include "weir/backend/option_reader.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <vector>

#include "weir/base/nearest_name.h"

namespace weir {
namespace {

// "provider.*" covers "provider.device_id", not "provider." alone.
bool covers(const std::string& known, const std::string& name) {
  if (!known.ends_with(".*")) return known == name;
  const std::string_view prefix(known.data(), known.size() - 1);
  return name.size() > prefix.size() && std::string_view(name).substr(0, prefix.size()) == prefix;
}

}  // namespace

Status OptionReader::check_names() const {
  std::vector<std::string> known;
  for (const OptionInfo& option : known_) known.push_back(option.name);
  for (const auto& [name, value] : values_) {
    const std::string& wanted = name;
    if (std::any_of(known.begin(), known.end(),
                    [&](const std::string& k) { return covers(k, wanted); })) {
      continue;
    }
    return Error(ErrorCode::kInvalidArgument, owner_ + " has no option '" + name + "'", where_,
                 hint_for_name(name, known));
  }
  return {};
}

std::string OptionReader::text(std::string_view name, std::string_view fallback) const {
  const auto found = values_.find(std::string(name));
  return found == values_.end() ? std::string(fallback) : found->second;
}

Result<int64_t> OptionReader::integer(std::string_view name, int64_t fallback, int64_t min,
                                      int64_t max) const {
  const auto found = values_.find(std::string(name));
  if (found == values_.end()) return fallback;
  const std::string& value = found->second;
  int64_t number = 0;
  const auto [end, code] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (code != std::errc() || end != value.data() + value.size() || number < min || number > max) {
    return bad_value(name,
                     "a whole number from " + std::to_string(min) + " to " + std::to_string(max));
  }
  return number;
}

Result<double> OptionReader::number(std::string_view name, double fallback, double min,
                                    double max) const {
  const auto found = values_.find(std::string(name));
  if (found == values_.end()) return fallback;
  const std::string& value = found->second;
  double number = 0;
  const auto [end, code] = std::from_chars(value.data(), value.data() + value.size(), number);
  // Written so that NaN is out of every range.
  if (code != std::errc() || end != value.data() + value.size() ||
      !(number >= min && number <= max)) {
    std::array<char, 96> range{};
    std::snprintf(range.data(), range.size(), "a number from %g to %g", min, max);
    return bad_value(name, range.data());
  }
  return number;
}

Result<bool> OptionReader::flag(std::string_view name, bool fallback) const {
  const auto found = values_.find(std::string(name));
  if (found == values_.end()) return fallback;
  const std::string& value = found->second;
  if (value == "true" || value == "on" || value == "yes" || value == "1") return true;
  if (value == "false" || value == "off" || value == "no" || value == "0") return false;
  return bad_value(name, "true or false");
}

OptionReader::Values OptionReader::with_prefix(std::string_view prefix) const {
  Values found;
  for (const auto& [name, value] : values_) {
    if (name.size() > prefix.size() && std::string_view(name).substr(0, prefix.size()) == prefix) {
      found[name.substr(prefix.size())] = value;
    }
  }
  return found;
}

Error OptionReader::bad_value(std::string_view name, const std::string& expected) const {
  return Error(ErrorCode::kInvalidArgument,
               "the option '" + std::string(name) + "' is '" + text(name) + "'", where_,
               "write " + expected);
}

}  // namespace weir
