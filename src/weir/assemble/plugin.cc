#include "weir/assemble/plugin.h"

#include <dlfcn.h>

#include <cstdlib>
#include <cstring>
#include <sstream>

namespace weir {
namespace {

using TagFunction = const char*();
using AddFunction = void(const Plugin*, Status*);

template <class Function>
Function* symbol(void* library, const char* name) {
  return reinterpret_cast<Function*>(dlsym(library, name));
}

}  // namespace

Status load_plugin(const std::string& path, const Plugin& plugin) {
  // Never closed: its families may be in use until the end of the process.
  void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    const char* why = dlerror();
    return Error(ErrorCode::kUnavailable,
                 std::string("cannot open the plug-in: ") + (why != nullptr ? why : "no reason"),
                 path);
  }
  auto* tag = symbol<TagFunction>(library, "weir_plugin_tag");
  auto* add = symbol<AddFunction>(library, "weir_plugin_add");
  if (tag == nullptr || add == nullptr) {
    return Error(ErrorCode::kInvalidArgument, "the library is no plug-in of Weir", path,
                 "a plug-in has WEIR_PLUGIN in one of its sources");
  }
  if (std::strcmp(tag(), WEIR_BUILD_TAG) != 0) {
    return Error(ErrorCode::kUnsupported,
                 std::string("the plug-in was built for ") + tag() + ", this is " + WEIR_BUILD_TAG,
                 path, "build it again");
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
