// "Did you mean": the name that somebody probably wanted to write.
//
//   nearest_name("scor", {"label", "score"})   // "score"
//   nearest_name("colour", {"label"})          // nothing is near enough
//
// Distance is Damerau-Levenshtein (a swap of two neighbours counts as one), without regard to case,
// `-` and `_` being the same. Near enough is a third of the longer name, at least one, at most
// three edits. Names longer than 64 bytes are not compared. Pure functions.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

// Edits that turn one name into the other: insert, delete, replace, swap two neighbours.
std::size_t edit_distance(std::string_view a, std::string_view b);

// The nearest of `known`, the first of equals, or nothing.
std::optional<std::string> nearest_name(std::string_view wanted,
                                        const std::vector<std::string>& known);

// A hint for an Error: "did you mean 'score'?", else "known are 'a', 'b' and 'c'" (at most 12 of
// them, then "and 7 more"), else empty.
std::string hint_for_name(std::string_view wanted, const std::vector<std::string>& known);

}  // namespace weir
