#include "weir/config/load.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "weir/config/merge.h"

namespace weir::config {
namespace {

constexpr const char* kInclude = "include";

std::string relative_to(const std::string& file, const std::string& path) {
  const std::filesystem::path wanted(path);
  if (wanted.is_absolute()) return wanted.lexically_normal().string();
  return (std::filesystem::path(file).parent_path() / wanted).lexically_normal().string();
}

// Follows the includes of one file, depth first.
class Inclusion {
 public:
  explicit Inclusion(const LoadOptions& options) : options_(options) {}

  Result<Node> file(const std::string& path, const Place& asked_at);
  Result<Node> text(std::string_view text, const std::string& path);

 private:
  Result<std::string> read(const std::string& path) const {
    return options_.read_file ? options_.read_file(path) : read_text_file(path, options_.limits);
  }
  Result<std::vector<Node>> included(const Node& include) const;
  Error circle(const std::string& path, const Place& asked_at) const;

  const LoadOptions& options_;
  std::vector<std::string> chain_;
  std::size_t files_ = 0;
};

Error Inclusion::circle(const std::string& path, const Place& asked_at) const {
  std::string chain;
  for (auto at = std::find(chain_.begin(), chain_.end(), path); at != chain_.end(); ++at) {
    chain += *at + " -> ";
  }
  return error_at(asked_at, "files include each other in a circle: " + chain + path);
}

Result<Node> Inclusion::file(const std::string& path, const Place& asked_at) {
  if (std::find(chain_.begin(), chain_.end(), path) != chain_.end()) {
    return circle(path, asked_at);
  }
  if (++files_ > options_.limits.files) {
    return Error(ErrorCode::kExhausted,
                 "more than " + std::to_string(options_.limits.files) + " files are included",
                 asked_at.to_string());
  }
  auto text = read(path);
  if (!text) {
    Error error = std::move(text).error();
    if (asked_at.origin == nullptr) return std::move(error).at(path);
    error.message = "the file '" + path + "' " + error.message;
    error.where = asked_at.to_string();
    return error;
  }
  return this->text(*text, path);
}

Result<std::vector<Node>> Inclusion::included(const Node& include) const {
  WEIR_ASSIGN(const Node resolved, resolve(include, options_.resolvers, options_.limits));
  std::vector<Node> files = resolved.is_list() ? resolved.items() : std::vector<Node>{resolved};
  for (const Node& file : files) {
    if (file.is_string() && !file.as_string().empty()) continue;
    return error_at(file, "'include' must be a file or a list of files, found " + describe(file));
  }
  return files;
}

Result<Node> Inclusion::text(std::string_view text, const std::string& path) {
  WEIR_ASSIGN(Node root, parse_yaml(text, path, options_.limits));
  const Node* include = root.find(kInclude);
  if (include == nullptr) return root;
  std::vector<Node::Entry> own;
  for (const Node::Entry& entry : root.entries()) {
    if (entry.key != kInclude) own.push_back(entry);
  }
  if (include->is_null()) return Node::map(std::move(own), root.where());
  WEIR_ASSIGN(const std::vector<Node> files, included(*include));
  chain_.push_back(path);
  Node base;
  for (const Node& file : files) {
    WEIR_ASSIGN(const Node next, this->file(relative_to(path, file.as_string()), file.where()));
    if (!next.is_map() && !next.is_null()) {
      return error_at(next, "an included file must be a map, found " + describe(next));
    }
    if (!next.is_null()) base = merge(base, next);
  }
  chain_.pop_back();
  Node merged = merge(base, Node::map(std::move(own), root.where()));
  if (merged.size() > options_.limits.nodes) {
    return Error(ErrorCode::kExhausted,
                 "more than " + std::to_string(options_.limits.nodes) + " values with includes",
                 path);
  }
  return merged;
}

Result<Node> finish(Node root, const LoadOptions& options) {
  for (const std::string& assignment : options.overrides) {
    WEIR_ASSIGN(root, apply_override(root, assignment, options.limits));
  }
  return resolve(root, options.resolvers, options.limits);
}

}  // namespace

Result<Node> load_file(const std::string& path, const LoadOptions& options) {
  WEIR_ASSIGN(Node root, Inclusion(options).file(relative_to("", path), {}));
  return finish(std::move(root), options);
}

Result<Node> load_text(std::string_view text, const std::string& name, const LoadOptions& options) {
  WEIR_ASSIGN(Node root, Inclusion(options).text(text, name));
  return finish(std::move(root), options);
}

}  // namespace weir::config
