// The options that every command has.
#pragma once

#include <string>
#include <vector>

#include "apps/cli/command.h"
#include "weir/base/result.h"

namespace weir::cli {

struct Globals {
  bool json = false;
  bool quiet = false;
  std::string log_level = "warn";
  std::string log_file;
};

std::vector<Option> global_options(Globals& globals);
// Puts what was asked for, and what the terminal can do, into the context.
void apply(const Globals& globals, Context& context);
// Opens the log as the options say.
Status start_log(const Globals& globals);

}  // namespace weir::cli
