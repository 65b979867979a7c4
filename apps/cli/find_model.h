// From what a user calls a model to the file that it is.
#pragma once

#include <string>

#include "apps/cli/command.h"
#include "weir/assemble/runtime.h"
#include "weir/base/result.h"
#include "weir/catalogue/pull.h"

namespace weir::cli {

// Says on stderr what is being fetched. The context outlives it.
catalogue::PullOptions pull_options(const Context& context);

// A file or folder as it is; a name of the catalogue is pulled first, with notes on stderr.
Result<std::string> find_model(Runtime& runtime, const std::string& model, const Context& context);

}  // namespace weir::cli
