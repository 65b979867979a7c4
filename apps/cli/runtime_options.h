// The options that every command has which opens models: where they run and with how many threads.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "apps/cli/command.h"
#include "weir/assemble/runtime.h"
#include "weir/base/result.h"

namespace weir::cli {

// The back ends that "a,b", "all" or "" (the default one of the file) mean. Those for "all" are the
// ones that read the file.
Result<std::vector<Backend*>> choose_backends(const Runtime& runtime, const std::string& names,
                                              const std::string& file);

// "1,2,4" as numbers, each at least 1.
Result<std::vector<int>> parse_numbers(const std::string& text, const std::string& option);

}  // namespace weir::cli
