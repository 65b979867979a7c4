// Opens libraries at run time that hand C++ objects to us: plug-ins, and those of our own that are
// opened on need. Such a library has WEIR_LIBRARY_TAG in one of its sources, and must come from the
// same version of Weir and the same compiler: of another, no function but that one is called.
//
//   WEIR_ASSIGN(void* library, open_tagged_library("./libbrightness.so"));
//
// Any thread. What was opened stays open until the process ends.
#pragma once

#include <string>

#include "weir/base/result.h"
#include "weir/base/version.h"

namespace weir {

// What dlsym() takes. kUnavailable with the loader's words if it cannot be opened, kInvalidArgument
// if it has no tag, kUnsupported if it was built for another Weir.
Result<void*> open_tagged_library(const std::string& path);

}  // namespace weir

#define WEIR_LIBRARY_TAG                                                             \
  extern "C" __attribute__((visibility("default"))) const char* weir_library_tag() { \
    return WEIR_BUILD_TAG;                                                           \
  }
