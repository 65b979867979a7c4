#include "weir/data/label_set.h"

#include <algorithm>

namespace weir {

LabelSet::LabelSet(std::vector<std::string> names) {
  entries_.reserve(names.size());
  for (std::string& name : names) {
    entries_.emplace_back(static_cast<int32_t>(entries_.size()), std::move(name));
  }
}

LabelSet::LabelSet(std::vector<std::pair<int32_t, std::string>> entries)
    : entries_(std::move(entries)) {
  std::stable_sort(entries_.begin(), entries_.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  const auto same_id = [](const auto& a, const auto& b) { return a.first == b.first; };
  entries_.erase(std::unique(entries_.begin(), entries_.end(), same_id), entries_.end());
}

LabelSet LabelSet::from_lines(std::string_view text) {
  std::vector<std::string> names;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    names.emplace_back(line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  while (!names.empty() && names.back().empty()) names.pop_back();
  return LabelSet(std::move(names));
}

std::string_view LabelSet::name(int32_t id) const {
  const auto dense = static_cast<std::size_t>(id);
  if (id >= 0 && dense < entries_.size() && entries_[dense].first == id) {
    return entries_[dense].second;
  }
  const auto found =
      std::lower_bound(entries_.begin(), entries_.end(), id,
                       [](const auto& entry, int32_t wanted) { return entry.first < wanted; });
  return found != entries_.end() && found->first == id ? std::string_view(found->second)
                                                       : std::string_view();
}

std::optional<int32_t> LabelSet::find(std::string_view name) const {
  for (const auto& [id, text] : entries_) {
    if (text == name) return id;
  }
  return std::nullopt;
}

}  // namespace weir
