// The names of a model's classes: label id -> name. Immutable and shared, so that an update of the
// model cannot make a finding's label dangle.
//
//   const auto labels = std::make_shared<const LabelSet>(LabelSet::from_lines("Person\nCar\n"));
//   labels->name(1);        // "Car"
//   labels->find("Car");    // 1
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace weir {

class LabelSet {
 public:
  LabelSet() = default;
  // The id of a name is its place in the list.
  explicit LabelSet(std::vector<std::string> names);
  // Ids that need not be dense; of two entries with the same id the first counts.
  explicit LabelSet(std::vector<std::pair<int32_t, std::string>> entries);
  // One name a line; an empty line at the end is not a name, nor is a carriage return.
  static LabelSet from_lines(std::string_view text);

  std::size_t size() const { return entries_.size(); }
  // Empty if there is no such id.
  std::string_view name(int32_t id) const;
  // The lowest id with this name.
  std::optional<int32_t> find(std::string_view name) const;
  // By rising id.
  const std::vector<std::pair<int32_t, std::string>>& entries() const { return entries_; }
  bool operator==(const LabelSet&) const = default;

 private:
  std::vector<std::pair<int32_t, std::string>> entries_;  // by id
};

}  // namespace weir
