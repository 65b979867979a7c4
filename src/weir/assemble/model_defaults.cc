#include "weir/assemble/model_defaults.h"

#include <filesystem>
#include <utility>

namespace weir {
namespace {

using config::Node;

Node components_of(const std::vector<std::string>& files) {
  std::vector<Node::Entry> components;
  for (const std::string& file : files) {
    components.push_back({std::filesystem::path(file).stem().string(), Node::string(file), {}});
  }
  return Node::map(std::move(components));
}

}  // namespace

Node model_defaults(const catalogue::Entry& entry, const std::vector<std::string>& files) {
  std::vector<Node::Entry> keys;
  if (files.size() == 1) keys.push_back({"file", Node::string(files.front()), {}});
  if (files.size() > 1) keys.push_back({"components", components_of(files), {}});
  if (!entry.family.empty()) keys.push_back({"family", Node::string(entry.family), {}});
  // The two tables call their fields the same.
  if (entry.input) keys.push_back({"input", config::write(*entry.input), {}});
  if (!entry.labels.empty()) {
    keys.push_back({"labels", config::Codec<std::vector<std::string>>::write(entry.labels), {}});
  }
  if (entry.thresholds.is_map()) keys.push_back({"thresholds", entry.thresholds, {}});
  if (entry.family_options.is_map()) {
    keys.push_back({"family_options", entry.family_options, {}});
  }
  return Node::map(std::move(keys));
}

}  // namespace weir
