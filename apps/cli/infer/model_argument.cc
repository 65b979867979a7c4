#include "apps/cli/infer/model_argument.h"

#include <filesystem>

#include "apps/cli/find_model.h"
#include "weir/config/merge.h"

namespace weir::cli {
namespace {

namespace fs = std::filesystem;

bool is_there(const std::string& path) {
  std::error_code unknown;
  return fs::exists(path, unknown);
}

// A mistyped path is no file, and not a name that the catalogue does not know.
bool looks_like_file(const std::string& model) {
  if (is_spec_file(model)) return true;
  const fs::path path(model);
  const bool rooted = model.starts_with('/') || model.starts_with("./") || model.starts_with("../");
  const bool below = path.has_parent_path() && is_there(path.parent_path().string());
  const bool bare = !path.has_parent_path() && path.has_extension();
  return model.find("://") == std::string::npos && (rooted || below || bare);
}

}  // namespace

Result<ModelSpec> model_argument(const std::string& model,
                                 const std::vector<std::string>& assignments) {
  if (is_spec_file(model) && is_there(model)) {
    config::LoadOptions options;
    options.overrides = assignments;
    return read_model_spec_file(model, options);
  }
  const char* key = is_there(model) || looks_like_file(model) ? "file" : "use";
  config::Node node = config::Node::map({{key, config::Node::string(model), {}}});
  for (const std::string& assignment : assignments) {
    WEIR_ASSIGN(node, config::apply_override(node, assignment));
  }
  return read_model_spec(node);
}

std::string step_name(const std::string& model) {
  const fs::path path(model);
  const bool named_file = path.has_extension() || is_there(model);
  return named_file ? path.stem().string() : path.filename().string();
}

}  // namespace weir::cli
