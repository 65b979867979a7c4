#include "apps/cli/version_text.h"

#include "weir/base/version.h"
#include "weir_git_version.h"

namespace weir::cli {

std::string version_number() {
  return WEIR_VERSION;
}

std::string git_describe() {
  return WEIR_GIT_DESCRIBE;
}

std::string compiler() {
#if defined(__clang__)
  return "clang++ " __clang_version__;
#else
  return "g++ " __VERSION__;
#endif
}

std::string build_kind() {
  std::string kind = WEIR_BUILD_KIND;
  const std::string sanitizers = WEIR_BUILD_SANITIZE;
  return sanitizers.empty() ? kind : kind + ", sanitizers " + sanitizers;
}

std::string version_line() {
  const std::string commit = git_describe();
  return "weir " + version_number() + (commit.empty() ? "" : " (" + commit + ")");
}

}  // namespace weir::cli
