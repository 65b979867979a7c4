// Libraries that are opened at run time and bring families or back ends of their own, so that the
// command and every program of Weir can use them:
//
//   // brightness.cc, built as a shared library and named in WEIR_PLUGINS
//   WEIR_PLUGIN(plugin) { return plugin.families.add(brightness_family()); }
//
//   WEIR_PLUGINS=./libbrightness.so weir infer -m night.yaml yard.jpg
//
// A plug-in must come from the same version of Weir and the same compiler (base/tagged_library.h),
// and stays in the process until its end. docs/add-a-model.md.
#pragma once

#include <string>
#include <vector>

#include "weir/backend/registry.h"
#include "weir/base/result.h"
#include "weir/base/tagged_library.h"
#include "weir/model/family_registry.h"

namespace weir {

// What a plug-in adds to.
struct Plugin {
  BackendRegistry& backends;
  FamilyRegistry& families;
};

// Opens the library `path` and lets it add what it has.
Status load_plugin(const std::string& path, const Plugin& plugin);

// The paths of WEIR_PLUGINS, which are separated by colons.
std::vector<std::string> plugins_of_environment();

}  // namespace weir

// The definition of what a plug-in adds: a function body that returns a Status.
#define WEIR_PLUGIN(argument)                                                                    \
  static weir::Status weir_plugin_body(const weir::Plugin& argument);                            \
  WEIR_LIBRARY_TAG                                                                               \
  extern "C" __attribute__((visibility("default"))) void weir_plugin_add(const weir::Plugin* to, \
                                                                         weir::Status* status) { \
    *status = weir_plugin_body(*to);                                                             \
  }                                                                                              \
  static weir::Status weir_plugin_body(const weir::Plugin& argument)
