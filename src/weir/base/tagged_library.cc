#include "weir/base/tagged_library.h"

#include <dlfcn.h>

#include <cstring>

namespace weir {

Result<void*> open_tagged_library(const std::string& path) {
  void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    const char* why = dlerror();
    return Error(ErrorCode::kUnavailable,
                 std::string("cannot open the library: ") + (why != nullptr ? why : "no reason"),
                 path);
  }
  auto* tag = reinterpret_cast<const char* (*)()>(dlsym(library, "weir_library_tag"));
  if (tag == nullptr) {
    return Error(ErrorCode::kInvalidArgument, "the library was not made for Weir", path,
                 "write WEIR_PLUGIN into one of its sources, or WEIR_LIBRARY_TAG");
  }
  if (std::strcmp(tag(), WEIR_BUILD_TAG) != 0) {
    return Error(ErrorCode::kUnsupported,
                 std::string("the library was built for ") + tag() + ", this is " + WEIR_BUILD_TAG,
                 path, "build it again");
  }
  return library;
}

}  // namespace weir
