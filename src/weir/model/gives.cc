#include "weir/model/gives.h"

#include <cstddef>

namespace weir {

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
