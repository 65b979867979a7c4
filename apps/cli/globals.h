// The options that every command has.
#pragma once

#include <string>
#include <vector>

#include "apps/cli/command.h"
#include "weir/base/log.h"
#include "weir/base/result.h"

namespace weir::cli {

struct Globals {
  bool json = false;
  bool quiet = false;
  std::string log_level;  // empty: not given
  std::string log_file;
};

std::vector<Option> global_options(Globals& globals);
// Puts what was asked for, and what the terminal can do, into the context.
void apply(const Globals& globals, Context& context);
// Opens the log as the options say; what they do not say is as `configured` has it.
Status start_log(const Context& context, LogConfig configured = {.level = LogLevel::kWarn});

}  // namespace weir::cli
