#include "weir/config/file_path.h"

#include <filesystem>

namespace weir::config {

std::string path_from(const Node& node, const std::string& text) {
  const std::filesystem::path wanted(text);
  const Place& place = node.where();
  if (text.empty() || wanted.is_absolute() || !place.origin || place.line == 0) return text;
  return (std::filesystem::path(*place.origin).parent_path() / wanted).lexically_normal().string();
}

}  // namespace weir::config
