// What the models find together, on pictures of the catalogue: objects, faces compared, faces in
// depth, text, bodies, hands. Each is a chain of models, as `weir infer` runs it.
#pragma once

#include <string>
#include <vector>

#include "apps/cli/command.h"
#include "apps/cli/demo/report.h"
#include "weir/assemble/runtime.h"

namespace weir::cli::demo {

// Those whose models are all in `models`; on `picture` instead of their own if it is not empty.
// What goes wrong stands in the scene.
std::vector<Scene> play_scenes(Runtime& runtime, const std::vector<std::string>& models,
                               const std::string& picture, const Context& context);

}  // namespace weir::cli::demo
