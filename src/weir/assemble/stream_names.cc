#include "weir/assemble/stream_names.h"

#include <charconv>

namespace weir {

std::string StreamNames::next(const std::string& source) {
  int& last = last_[source];
  while (true) {
    ++last;
    std::string name = last == 1 ? source : source + "_" + std::to_string(last);
    if (!is_of_another(name, source)) return name;
  }
}

bool StreamNames::is_of_another(const std::string& name, const std::string& source) const {
  if (name != source && last_.contains(name)) return true;
  const std::size_t bar = name.rfind('_');
  if (bar == std::string::npos) return false;
  const auto other = last_.find(name.substr(0, bar));
  if (other == last_.end() || other->first == source) return false;
  int number = 0;
  const char* const end = name.data() + name.size();
  const auto [rest, wrong] = std::from_chars(name.data() + bar + 1, end, number);
  // "gate_02" is nobody's number.
  const bool whole = wrong == std::errc() && rest == end && name[bar + 1] != '0';
  return whole && number > 1 && number <= other->second;
}

}  // namespace weir
