// The back ends that this library was built with.
#pragma once

#include <string>
#include <vector>

#include "weir/backend/registry.h"
#include "weir/base/result.h"

namespace weir {

// Adds them in the order of preference: the first that reads a file is its default.
Status add_builtin_backends(BackendRegistry& backends);

// A back end that this program could have but was not built with.
struct AbsentBackend {
  std::string name;
  std::string hint;  // how to get it
  std::vector<std::string> aliases = {};
};
std::vector<AbsentBackend> absent_backends();

}  // namespace weir
