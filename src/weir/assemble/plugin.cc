#include "weir/assemble/plugin.h"

#include <dlfcn.h>

#include <cstdlib>
#include <sstream>

#include "weir/base/tagged_library.h"

namespace weir {
Status load_plugin(const std::string& path, const Plugin& plugin) {
  WEIR_ASSIGN(void* const library, open_tagged_library(path));
  auto* add = reinterpret_cast<void (*)(const Plugin*, Status*)>(dlsym(library, "weir_plugin_add"));
  if (add == nullptr) {
    return Error(ErrorCode::kInvalidArgument, "the library is no plug-in of Weir", path,
                 "write WEIR_PLUGIN into one of its sources");
  }
  Status added;
  add(&plugin, &added);
  if (!added.has_value() && added.error().where.empty()) added.error().where = path;
  return added;
}

std::vector<std::string> plugins_of_environment() {
  std::vector<std::string> paths;
  const char* list = std::getenv("WEIR_PLUGINS");
  std::istringstream stream(list != nullptr ? list : "");
  for (std::string path; std::getline(stream, path, ':');) {
    if (!path.empty()) paths.push_back(path);
  }
  return paths;
}

}  // namespace weir
