// What is in the findings of a family, and what the family needs of a finding that it is used on.
// Each family declares both once, and whoever puts one model on another compares them: `weir check`
// along `on`, `weir infer` along `--then`.
//
//   info.gives = Gives{.box = true, .score = true, .classes = true, .points = {5}};
//   info.needs.points = {5, 6, 468};
//
// Plain values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace weir {

// What a finding may have. A family whose models differ says what any of them gives.
struct Gives {
  bool box = false;
  bool score = false;
  bool classes = false;  // `best` is one of the labels
  bool mask = false;
  bool text = false;
  bool embedding = false;
  std::vector<int32_t> points = {};  // how many keypoints, which is by the model; empty: none

  bool operator==(const Gives&) const = default;
};

// What most detectors give.
inline Gives labelled_boxes(std::vector<int32_t> points = {}) {
  return {.box = true, .score = true, .classes = true, .points = std::move(points)};
}

struct Needs {
  bool box = false;                            // it has nothing to look at without one
  std::string box_use = "looks inside boxes";  // what it does with one
  // It turns what it looks at by so many keypoints, one of these numbers; empty: by none.
  std::vector<int32_t> points = {};
  // The option of the family that does without the points when it is off; empty: none does.
  std::string points_option = {};
};

// Why what needs this cannot look at the findings of `from`: "looks inside boxes, and 'a' gives a
// mask". Nothing: it can; where it needs no box, what has no place at all lets it look at the whole
// picture, as a switch does.
std::optional<std::string> misfit_in_words(const Needs& needs, const std::string& from,
                                           const Gives& given);

// "a box, a score, a class and 5 points"; "nothing".
std::string in_words(const Gives& gives);
// "5, 6 or 468 points"; "no points".
std::string points_in_words(const std::vector<int32_t>& points);

}  // namespace weir
