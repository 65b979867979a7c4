#include "weir/model/gives.h"

#include <algorithm>
#include <cstddef>

namespace weir {

std::optional<std::string> misfit_in_words(const Needs& needs, const std::string& from,
                                           const Gives& given) {
  const std::string and_gives = ", and '" + from + "' gives ";
  if (!given.box) {
    if (!needs.box) return std::nullopt;
    return needs.box_use + and_gives + in_words(given);
  }
  const bool share_one =
      std::find_first_of(given.points.begin(), given.points.end(), needs.points.begin(),
                         needs.points.end()) != given.points.end();
  if (needs.points.empty() || share_one) return std::nullopt;
  return "is turned upright by " + points_in_words(needs.points) + and_gives +
         points_in_words(given.points);
}

std::string points_in_words(const std::vector<int32_t>& points) {
  if (points.empty()) return "no points";
  std::string text;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (i > 0) text += i + 1 == points.size() ? " or " : ", ";
    text += std::to_string(points[i]);
  }
  return text + " points";
}

std::string in_words(const Gives& gives) {
  std::vector<std::string> parts;
  if (gives.box) parts.emplace_back("a box");
  if (gives.score) parts.emplace_back("a score");
  if (gives.classes) parts.emplace_back("a class");
  if (gives.mask) parts.emplace_back("a mask");
  if (gives.text) parts.emplace_back("a text");
  if (gives.embedding) parts.emplace_back("an embedding");
  if (!gives.points.empty()) parts.push_back(points_in_words(gives.points));
  std::string text;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) text += i + 1 == parts.size() ? " and " : ", ";
    text += parts[i];
  }
  return text.empty() ? "nothing" : text;
}

}  // namespace weir
